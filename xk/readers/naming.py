"""Names: a text that means a region, indicator, domain, office or unit of measure -> its slug.

One resolver for commands, files, scenarios and notebooks. A slug, the programme's number, a name in any language and a
known alias are taken; what comes near one is proposed, never taken.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache
from typing import NamedTuple, TypeVar

import pandas as pd

from xk.contracts.records import records, text_of
from xk.errors import InputError, UsageError, check_known, nearest
from xk.readers.store import Store
from xk.vocab import NAMED, columns_of

MOST_PROPOSED, NEAR, NEAR_LATIN = 3, 0.5, 0.75
APART = re.compile(
    "城镇(?!化)|城乡|农村|乡村|城市|市区|县域|全[国省市县区]|男|女|老年|儿童|增长|增速|增幅|增量|增加(?!值)|新增|指数|=1?00"
    "|比重|人均|每|(?<!每)[百千万亿]人|单位|户籍|名义|进口|出口|出生|死亡|第[一二三]|农业|工业|累计|(?<!水)平均|最[高低]"
    "|urban(?!i[sz])|rural|fe?male|growth|index|per(?!cent)|share|imports?|exports?"
)
"""Words that tell one thing from another that is called nearly the same: what differs in them is no near miss."""
NO_SLIP = re.compile(
    r"(?![\d]{1,2}\)?$)\d[\d,]*|[上去]年|本期|[增减同环]比?(?=[减长幅加比])|季度|半年|月[末底份]|完成|计划|目标|预期(?!寿命)|预计|预测|[不未]?含|不包括|扣除|除外"
    r"|excluding|except|without|current|constant|us\$|ppp"
)
"""Numbers but those of footnotes, and words of other figures or of a part: they are not left out by mistake."""
GENERIC = re.compile("(全[国省市县区])?(合计|总计|总数|小计|共计|平均(值|数)?|其他|其中|total|average|sum|others?)")
"""What is said of any thing, and names none."""
GOES_ON = re.compile("[\u4e00-\u9fff]{2,}")
"""What follows one name within that of another thing; a single sign, as in 覆盖率, may have been forgotten."""
AMBIGUOUS = "ambiguous"
HOWS = ("slug", "number", "name", "alias")
"""How a text may name something, what goes first being taken first."""

QUOTES = r"[\s\"'`“”‘’「」『』《》〈〉]"
DASHES = r"[‐‑‒–—―−]"
APART_BY = rf"(?!(?<=[a-z])'(?=[a-z])){QUOTES}"
"""Quotes that make no difference in names of regions: Yun'an is not Yunan."""
MARKS = re.compile(r"([①-⑳❶-❿*†‡¹²³⁴-⁹]|[\[〔【(（](注|见注)\s*\d*[\]〕】)）])+$")
"""Marks of footnotes at the end of a name."""
ENUMERATED = re.compile(r"^\s*([(（]?[\d一二三四五六七八九十]+(\.\d+)*[)）]?\s*[.、．:：)）]|\d+(\.\d+)*\s)\s*(?!\d)")
"""A number before a name."""
BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】|〔([^〔〕]*)〕")
UNITS = "%‰元人吨米里亩个件张台辆户岁年月日千瓦时万亿百十标准煤立方平公顷升克口次项所家篇册天/·"
ASIDE = re.compile(
    rf"(?!\d+$)[{UNITS}\d][{UNITS}\d.,]*|[12]\d{{3}}"
    r"|(按|以)?([12]\d{3}年?)?(当年|现行|不变|可比|固定)价?格?(计算)?|(at)?(current|constant|[12]\d{3})prices"
    r"|年末|年底|初步(核算)?数?|快报数?|修订数?"
)
"""What may stand in brackets and not be part of a name: a unit, prices, a year, a state of the figure."""

Value = TypeVar("Value")


class Match(NamedTuple):
    """What a text was taken for: its slug (None: for nothing), how, and what it may have meant if nothing."""

    slug: str | None
    how: str = ""
    proposals: tuple[str, ...] = ()


class Form(NamedTuple):
    """One way of naming something: the name as it is written, what it means, how, and the scheme that names it so."""

    name: str
    slug: str
    how: str
    scheme: str = ""


@dataclass(frozen=True)
class Names:
    """All known names, by kind (`NAMED`) and folded form.

    `scheme`: the one whose names and numbers go before those of others, if any.
    """

    forms: Mapping[str, Mapping[str, tuple[Form, ...]]] = field(repr=False)
    scheme: str = ""

    def under(self, scheme: str) -> "Names":
        """Return the names as one scheme means them: its numbers, and its own names first."""
        return replace(self, scheme=scheme)

    def find(self, kind: str, text: str) -> Match:
        """Return what a text means.

        Blanks, full width, case, quotes and marks of footnotes make no difference. What stands in brackets is tried
        with and without; left out only where it cannot be part of the name (a unit, prices, a year).

        Parameters
        ----------
        kind : str
            region, indicator, domain, office or unit.
        text : str
            As somebody wrote it.
        """
        check_known(kind, NAMED, "kind of name")
        found = self._known(kind, text)
        return found if found.how else found._replace(proposals=self._near(kind, text))

    def _known(self, kind: str, text: str) -> Match:
        for form, said in _readings(text, kind, self):
            meant = self._first(self.forms[kind].get(form, ()))
            if len({one.slug for one in meant}) == 1:
                return Match(meant[0].slug, meant[0].how + said)
            if meant:
                return Match(None, AMBIGUOUS, tuple(dict.fromkeys(one.slug for one in meant)))
        return Match(None)

    def slug(self, kind: str, text: str) -> str:
        """Return the slug of what a text means; raise UsageError with the nearest known name."""
        found = self.find(kind, text)
        if found.slug is None:
            raise UsageError(f"unknown {kind} {text!r}; {self.hint(kind, found)}")
        return found.slug

    def hint(self, kind: str, found: Match) -> str:
        """Return what may have been meant where nothing was found."""
        if found.how == AMBIGUOUS:
            return f"that may be {' or '.join(map(repr, found.proposals))}: name one of them"
        if found.proposals:
            return f"did you mean {' or '.join(map(repr, found.proposals[:1]))}?"
        return nearest("", {one.slug for forms in self.forms[kind].values() for one in self._first(forms)})

    def known(self, kind: str, given: object) -> object:
        """Return the slug of what a text means; what means nothing, or is no text, as it is."""
        return (isinstance(given, str) and self.sure(kind, given)) or given

    def column(self, kind: str, cells: pd.Series) -> pd.Series:
        """Return cells with slugs in place of the names in them; what is unknown stays as it is."""
        return cells.map({cell: self.known(kind, cell) for cell in cells.dropna().unique()})

    def sure(self, kind: str, text: str) -> str:
        """Return the slug of what a text means, nothing where it means nothing; without a search for what is near."""
        return self._known(kind, text).slug or ""

    def written(self, kind: str, slug: str) -> list[str]:
        """Return all names of something, as they are written."""
        return [one.name for forms in self.forms[kind].values() for one in forms if one.slug == slug]

    def keys(self, kind: str, given: Mapping[str, Value]) -> dict[str, Value]:
        """Return a mapping by slug; unknown names stay. Raise InputError where two names mean the same."""
        found: dict[str, Value] = {}
        for name, value in given.items():
            if (slug := self.sure(kind, str(name)) or str(name)) in found:
                raise InputError(f"{kind} {slug!r} is named twice, once as {name!r}; keep one of the two")
            found[slug] = value
        return found

    def _first(self, forms: Iterable[Form]) -> tuple[Form, ...]:
        """Return the forms that go before the others: of the scheme, by slug, number, name, alias."""
        own = [one for one in forms if self.scheme and one.scheme == self.scheme]
        able = own or [one for one in forms if one.how != "number" or not (self.scheme and one.scheme)]
        best = min((HOWS.index(one.how) for one in able), default=0)
        return tuple(one for one in able if HOWS.index(one.how) == best)

    def _near(self, kind: str, text: str) -> tuple[str, ...]:
        """Return the names nearest to a text, one of each thing, the nearest first."""
        plain = unicodedata.normalize("NFKC", ENUMERATED.sub("", text))
        plain = BRACKETS.sub(lambda found: "" if _is_aside(found, self) else found[0], plain)
        known, folded = self.forms[kind], fold(plain, kind)
        bare = fold(BRACKETS.sub("", unicodedata.normalize("NFKC", text)), kind)
        close = [bare] if bare in known else []
        cutoff = NEAR_LATIN if folded.isascii() else NEAR
        close += get_close_matches(folded, known, n=8 * MOST_PROPOSED, cutoff=cutoff)
        told = _apart(folded), _no_slips(folded)
        alike = [form for form in close if (_apart(form), _no_slips(form)) == told and not _goes_on(folded, form)]
        alike = [form for form in alike if "'" not in folded or re.sub(r"\W|_", "", form) != folded.replace("'", "")]
        close = [] if GENERIC.fullmatch(folded) else alike
        found: dict[str, str] = {}
        for one in (one for form in close for one in self._first(known.get(form, ()))):
            found.setdefault(one.slug, one.name)
        return tuple(found.values())[:MOST_PROPOSED]


def fold(text: str, kind: str = "") -> str:
    """Return a name without what makes no difference: blanks, width, case, quotes, unseen characters, footnotes."""
    bare = text.strip() if kind == "unit" else MARKS.sub("", text.strip())
    plain = unicodedata.normalize("NFKC", bare).casefold()
    seen = "".join(char for char in plain if unicodedata.category(char) not in ("Cf", "Cc"))
    quotes = APART_BY if kind == "region" else QUOTES
    return re.sub(DASHES, "-", re.sub(quotes, "", re.sub("[`‘’]", "'", seen)))


def _apart(form: str) -> list[str]:
    """Return the words of a folded name that tell it from others."""
    return sorted(APART.findall(re.sub("比例|占比", "比重", form)))


def _no_slips(form: str) -> list[str]:
    """Return the numbers and words of a folded name that nobody leaves out or changes by mistake."""
    return sorted(one.replace(",", "") for one in NO_SLIP.findall(form))


def _goes_on(text: str, form: str) -> bool:
    """Return whether a name that a text ends in goes on, and is of another thing: 生产总值, 万元生产总值能耗."""
    word, name = (re.sub(r"\W", "", BRACKETS.sub("", one)) for one in (text, form))
    same = SequenceMatcher(None, word, name, autojunk=False).find_longest_match()
    is_tail = same.a + same.size == len(word) and same.size > 1 and same.a + same.b > 0
    return is_tail and bool(GOES_ON.fullmatch(name[same.b + same.size :]))


def tells_apart(group: str, names: Names) -> bool:
    """Return whether the head of a group tells what stands under it from others: it is a name itself, or says how."""
    return bool(_apart(fold(group)) or names.sure("indicator", group) or GENERIC.fullmatch(fold(group)))


def _readings(text: str, kind: str, names: Names) -> Iterator[tuple[str, str]]:
    """Yield the folded forms in which a text may be known, and what was left out of it."""
    for said, words in ("", text), (" without its number", ENUMERATED.sub("", text)):
        whole = fold(words, kind)
        yield whole, said
        yield re.sub(r"[()\[\]]", "", whole), said
        left = BRACKETS.sub(lambda found: "" if _is_aside(found, names) else found[0], whole)
        if left != whole:
            yield left, f"{said} without brackets"


def _is_aside(found: re.Match[str], names: Names) -> bool:
    """Return whether what stands in brackets cannot be part of a name."""
    inside = next((part for part in found.groups() if part is not None), "")
    return not inside or bool(ASIDE.fullmatch(inside)) or inside in names.forms["unit"]


@lru_cache(maxsize=4)
def read_names(store: Store) -> Names:
    """Return all names of a store: of its regions, its schemes and its aliases."""
    forms: dict[str, dict[str, dict[Form, None]]] = {kind: {} for kind in NAMED}
    for kind, form in _named(store):
        if form.name and form.slug:
            folded = fold(form.name, kind)
            for key in dict.fromkeys((folded, re.sub(r"[()\[\]]", "", folded), folded.replace("'", ""))):
                forms[kind].setdefault(key, {})[form] = None
    return Names({kind: {key: tuple(found) for key, found in known.items()} for kind, known in forms.items()})


def _named(store: Store) -> Iterator[tuple[str, Form]]:
    for slug in dict.fromkeys(store.series["indicator"].dropna()):
        yield "indicator", Form(slug, slug, "slug")
    yield from _forms("region", store.regions, "region", "code")
    yield from _forms("unit", store.measure_labels, "unit", "")
    for scheme in store.schemes.values():
        for kind, frame in ("domain", scheme.domains), ("indicator", scheme.indicators), ("office", scheme.offices):
            yield from _forms(kind, frame, kind, "no" if "no" in frame else "", scheme.id)
    for row in records(store.aliases):
        yield row["kind"], Form(text_of(row["alias"]), text_of(row["slug"]), "alias")


def _forms(kind: str, frame: pd.DataFrame, column: str, number: str, scheme: str = "") -> Iterator[tuple[str, Form]]:
    for row in records(frame):
        slug = text_of(row[column])
        yield kind, Form(slug, slug, "slug", scheme)
        if number:
            yield kind, Form(text_of(row[number]), slug, "number", scheme)
        for name in columns_of("name"):
            yield kind, Form(text_of(row[name]), slug, "name", scheme)
