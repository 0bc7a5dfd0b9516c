"""Notes above and under a table: what the marks in it mean, in which prices its figures are."""

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import chain, takewhile
from typing import NamedTuple

import pandas as pd

from xk.readers.cells import MARK, MARKS, fold, is_unit, price_in, read_period, split_name
from xk.readers.kind_words import NO_OBSERVATION, SAID, kind_said
from xk.readers.layouts.left_plans import OF_DEEDS
from xk.readers.layouts.told_years import part_of_year
from xk.readers.sheets import Block
from xk.vocab import PLANNED_KINDS

OWN_UNIT = re.compile(r"单位\s*[:为是]\s*(\S+)$")
"""The unit of a row, in its remark."""
REMARK_HEADS = {*"备注 说明 注 note notes remark".split()}
OF_SOURCE = re.compile(
    r"来源|公报|年鉴|年报|快报|[局厅委会办队院站](提供|填报|报送|数据?)?$|https?:|source|yearbook|bulletin",
    re.IGNORECASE,
)
MOST_SAID = 5
UNREAD_REMARKS = "remarks were not read: {}: do they change what the figures are?"
QUOTES = "\"'“”‘’"
LEGEND = re.compile(
    rf"(?:^|[\s:：。；;，,、注带标有{QUOTES}])({MARK})[{QUOTES}]?号?[的者]?[\s:：、.．]*(.+?)"
    rf"(?=[\s。；;，,、{QUOTES}]*(?:[带标有]?[{QUOTES}]?(?:{MARK})|$))"
)
LETTER = re.compile(
    r"[(（\[]\s*(?P<in>[A-Za-z]{1,2})\s*[)）\]]\s*[:：=–—-]*"
    r"|(?:^|[.;,:。；，：、注])\s*(?:(?P<told>[A-Za-z]{1,2})(?:\s*[:：=]|\s[–—-]\s|(?=\s*(?:表示|代表|[为指是系])))"
    r"|(?P<bare>[b-fnprsu]|b?d?e?p?u?)\s+(?=[A-Za-z]))"
)
"""What begins the words for a letter: ``(p) provisional``, ``p: preliminary``, ``p为初步数``, ``p provisional``."""
STATEMENT = re.compile(r"\n|(?:^|(?<=[\s。；;:：]))[(（]?\d{1,2}[.、)）．](?!\d(?!\d\d\d年))\s*")
"""What begins one of several statements in a note: a line, a number."""
PRELIMINARY = re.compile(
    r"初步(核算|统计|数|结果)|初步$|快报|未经.{0,10}(审定|核定|审核|核实)|preliminary|provisional", re.IGNORECASE
)
PLANNED = re.compile(
    r"计划(?!生育|单列|执行|[局委])|规划(?![局厅部和与区建面口])|预期(?!寿命)|预计|预测|预估|目标|指令|力争|按.*测算|暂定|拟达|预算[数值]|任务[数值]"
    r"|\bplan(?:s|ned)?\b|forecast|projected|projection|expected|targets?\b|goals?\b|budgeted",
    re.IGNORECASE,
)
"""What says in any wording that figures are planned or expected."""
OF_FIGURES = re.compile(r"[为系是(]|(?<![注明]):|均|按|来自|\b(is|are|were)\b|[数值]$", re.IGNORECASE)
OF_SOME_TIME = re.compile(rf"{OF_FIGURES.pattern}|截[至止]|\b(refer|cover|relate)s?\b", re.IGNORECASE)
OF_ANOTHER = re.compile(
    r"(?:19|20)\d\d年?[^,]{0,12}?[为是系按](?!.*(不含|不包括|除))[^,]{0,4}(城镇|农村|乡村|调查|户籍|市区|城区|市辖区|全[国省]|规模以上|[上去]年|(?:19|20)\d\d年[^,]{0,3}数)"
)
"""What says that figures of one year are of other people, places or times than the rest."""
SOURCE = re.compile(r"来源\s*:|\bsource", re.IGNORECASE)
GOES_ON = re.compile(r"\s*((均|都|皆|全)?[为是系属]|[尚还]?未经)")
"""How a clause begins that is of what the one before it is of."""
BESIDE = re.compile(r"年度|全年|考核|安排|下达|达到|确定|市?政府|表示|[号者的]|\b(the|of|a)\b|[“”\"]")
"""What may stand beside the word for a kind, and changes nothing."""
KINDS_SAID = {
    kind: re.compile(f"(.*?)({SAID[kind]})", re.IGNORECASE)
    for kind in ("preliminary", "estimated", "forecast", "target")
}
YEARS = re.compile(
    r"(?P<from>(?:19|20)\d\d)年?度?(?:[-—–~至到](?P<to>(?:19|20)\d\d)年?|(?P<on>[及和]?[以之]后|起))?(?:度|份|数(?=[为是系均都皆]))?"
)
LAST = 2200
"""The last year of those from one on, as in 2018年及以后."""
OF_OTHERS = re.compile("其余|其他|部分|除|未|非|不|other|except|not ", re.IGNORECASE)
OPENING = re.compile(r"^((本|该|此)?(数据|数字|数|年|年度|指标))?(均|都|皆)?[为系是]")
"""What stands before the word itself, as in ``该数为计划数``."""
PRICES = re.compile(
    r"(?P<year>(?:19|20)\d\d)年?(为基期)?的?(不变|可比|固定)价|[按以](?P<of>(?:19|20)\d\d)年?价"
    r"|(当年|现行|当期)价|现价|(?P<no>不变价|可比价)"
    r"|(constant )?(?P<en>(?:19|20)\d\d)( constant)? prices|current prices",
    re.IGNORECASE,
)
GROWTH = re.compile("增长|增速|增幅|指数|发展速度|growth|index", re.IGNORECASE)
OUTPUT = re.compile("地区生产总值|国内生产总值|生产总值|gdp", re.IGNORECASE)
FILLING = re.compile(
    r"^(注|备注|说明|notes?)[:\d.]*|[本上]表|表[中内]|除.*外|全部|所有|各项|其余|价值量|绝对[数值]|数据|数值|指标|产值|金额|经济|均|都|系|为|是|的|采用|[按以()\s:、]"
    r"|\b(at|in|for|are|is|all|data|figures|values?|the)\b",
    re.IGNORECASE,
)
"""What may stand before the prices of a note that is about all figures."""
REMEDY = "say them in the head, as 人均GDP（元，2010年价）, in a note or in a column price_base"
MARK_THEM = "mark their cells, as 2.6*, or name their year, as {}"
BREAK = re.compile(
    r"\bbreaks?\b|series break|(not|non-?) ?(strictly |fully |directly )?comparable|\bincomparable"
    r"|\b(change|changes|revision) (in|of|to) (the )?(\w+ )?(definition|method|coverage|scope|basis|source)"
    r"|\b(definition|method\w*|coverage|scope|basis|classification)s? ((was|were|has|have|been) )*(changed|revised)"
    r"|\bnew (basis|definition|method\w*|series|classification)"
    r"|断点|断裂|(口径|统计范围|调查范围|统计方法|计算方法|核算方法|调查方法|统计制度|分类标准)[^,，。；;]{0,8}"
    r"(调整|变化|变更|改变|变动|修订|不同|不一致|不可比|有变)"
    r"|(调整|改变|变更|修订|采用|启用|实行|执行)了?[^,，。；;]{0,8}(口径|统计范围|统计方法|核算方法|调查方法)|新口径"
    r"|(不|不具|没有|无)(完全|直接)?可比",
    re.IGNORECASE,
)
"""What says that figures before and after do not compare."""
JOINED = re.compile(
    r"可比口径|同口径|口径(一致|相同|未变)|[无没]有?断|未(做|作)?调整|追溯|已(均|都|全部)?[按依]|旧口径|原口径|历史(数据|年份)"
    r"|\bno breaks?\b|without|back-?cast|adjusted for|corrected for|\bold\b|former|previous (definition|basis)",
    re.IGNORECASE,
)
"""What says that they were made to compare, or are those before it."""
MARK_BREAK = "mark the first figure after it, as 25,700 (b), or give that a b in a column flag"
UNCLEAR = "the note {!r} does not say clearly which figures are {}: {}"

OTHER_THAN = "the note {!r} says that figures of a year are of something else: are they comparable with the others?"
OF_A_PART = "the note {!r} names a part of a year: leave out figures that are not of the whole year"


class Told(NamedTuple):
    """What a note says of prices: of which figures (of all, if of none), the price base, empty if that varies."""

    about: tuple[str, ...]
    base: str
    words: str


def legend_of(notes: Iterable[str]) -> dict[str, str]:
    """Return mark -> its words, of notes such as ``注：①2018年起口径调整。②初步数。`` and ``(p) provisional``."""
    found: dict[str, str] = {}
    for statement in _statements(notes):
        for mark, words in [*LEGEND.findall(statement), *_lettered(statement)]:
            found.setdefault(mark, fold(words).strip(" 。；;，,、.:"))
    return {mark: words for mark, words in found.items() if words}


def _lettered(statement: str) -> list[tuple[str, str]]:
    """Return the letters that a statement explains, each with its words, up to the next one or the end of a clause."""
    found = [one for one in LETTER.finditer(statement) if one["in"] or one["told"] or one["bare"]]
    ends = [*(one.start() for one in found[1:]), len(statement)]
    words = (re.split("[.。；;]", statement[one.end() : end])[0] for one, end in zip(found, ends, strict=False))
    return [(one["in"] or one["told"] or one["bare"], said) for one, said in zip(found, words, strict=True)]


def _statements(notes: Iterable[str]) -> list[str]:
    return [part for note in notes for part in STATEMENT.split(note) if part.strip()]


def _clauses(notes: Iterable[str]) -> list[str]:
    """Return clauses; what goes on with 为 has the years of the clause before it, or all of that."""
    found = []
    for sentence in (part for one in _statements(notes) for part in re.split("[。；;]", one)):
        before = ""
        for clause in filter(str.strip, re.split("[，,]", sentence)):
            if before and GOES_ON.match(clause):
                clause = ("、".join(one[0] for one in YEARS.finditer(before)) or before) + clause
            found.append(clause)
            before = clause
    return found


def unclear(words: str) -> str:
    """Return the doubt about a note of which it is not clear what figures are planned or preliminary; else nothing."""
    if PLANNED.search(words) and OF_FIGURES.search(words) and not (OF_DEEDS.search(words) or SOURCE.search(words)):
        return _unclear(words, "planned or expected", "计划", "planned")
    return _unclear(words, "preliminary", "初步", "preliminary") if PRELIMINARY.search(words) else ""


def _unclear(words: str, kind: str, native: str, word: str) -> str:
    """Return the doubt about a note, with an example in the language of that."""
    is_native = re.search("[\u4e00-\u9fff]", words)
    example = f"2016年为{native}数" if is_native else f"'2016 figures are {word}'"
    return UNCLEAR.format(words, kind, MARK_THEM.format(example))


def kind_meant(words: str) -> str:
    """Return the kind of figure that a mark means by its words; empty where they say none."""
    first = YEARS.sub("", BESIDE.sub("", re.split("[，,；;。]", words)[0]))
    return kind_said(OPENING.sub("", first)) or ("preliminary" if PRELIMINARY.search(words) else "")


def break_meant(words: str) -> bool | None:
    """Return whether a mark means by its words that the series breaks; None where they leave that open."""
    if not BREAK.search(words):
        return False
    return None if JOINED.search(words) else True


def unclear_break(words: str) -> str:
    """Return the doubt about a note which tells of a break, and not of which figure."""
    return f"the note {words!r} tells of a break in series, and was not taken as one: {MARK_BREAK}"


def unmarked_breaks(notes: Iterable[str]) -> list[str]:
    """Return the clauses of notes that tell of a break, and are not the words of a mark, which go on to the stop."""
    sentences = (part for one in _statements(notes) for part in re.split("[。；;]", one))
    bare = (takewhile(lambda one: not (re.search(MARK, one) or _lettered(one)), _clauses([each])) for each in sentences)
    clauses = dict.fromkeys(chain.from_iterable(bare))
    return [text for clause in clauses if break_meant(text := fold(clause).strip(" ."))]


def told_prices(notes: Iterable[str]) -> list[Told]:
    """Return what notes say of prices, clause by clause; of growth and indices they say nothing of amounts."""
    found = []
    for given in _clauses(notes):
        clause = fold(MARKS.sub("", given))
        match = PRICES.search(clause)
        if not match or match["no"] or GROWTH.search(clause):
            continue
        subject = OUTPUT.sub("gdp", clause[: match.start()])
        about = tuple(word for one in re.split("[、和及与]", subject) if (word := FILLING.sub("", one)))
        of_marked = not about and MARKS.search(given)  # of the figures with that mark alone
        varies = bool(re.search(r"\d", subject) or of_marked)
        base = match["year"] or match["of"] or match["en"] or "current"
        found.append(Told(() if varies else about, "" if varies else base, clause.strip()))
    return found


def price_of(name: str, told: Sequence[Told]) -> Told | None:
    """Return what notes say of the prices of one figure; nothing where none is about it, base empty where two differ.

    What is said of GDP is said of GDP per head, not of energy per GDP. What is said of the figure goes before what is
    said of all.
    """
    word = FILLING.sub("", OUTPUT.sub("gdp", name).casefold().split(" ")[0].split("(")[0])
    own = [one for one in told if any(word.endswith(about.casefold()) for about in one.about)]
    able = own or [one for one in told if not one.about]
    bases = {one.base for one in able}
    words = "; ".join(dict.fromkeys(one.words for one in able))
    return Told((), bases.pop() if len(bases) == 1 else "", words) if able else None


class ToldKind(NamedTuple):
    """What a note says of figures: of which names (of all, if none), of which years, their kind; empty if unclear."""

    about: tuple[str, ...]
    years: frozenset[int]
    kind: str
    words: str


def told_kinds(notes: Iterable[str], marks: Collection[str]) -> list[ToldKind]:
    """Return what notes say of the kind of figures, such as ``2020年为初步数``, but by `marks` that cells have."""
    found = []
    for clause in dict.fromkeys(_clauses(notes)):
        own, text = set(re.findall(MARK, clause)), fold(MARKS.sub("", clause)).strip(" .")
        spans = [
            (int(one["from"]), LAST if one["on"] else int(one["to"] or one["from"])) for one in YEARS.finditer(text)
        ]
        years = frozenset(year for first, last in spans for year in range(first, last + 1))
        rest = FILLING.sub("", BESIDE.sub("", YEARS.sub("", text))).strip("、和及与年")
        kind, said = next(
            ((kind, one) for kind, form in KINDS_SAID.items() if (one := form.fullmatch(rest))), ("", None)
        )
        about = tuple(filter(None, re.split("[、和及与]", said[1]))) if said else ()
        is_said = kind not in NO_OBSERVATION or re.search(r"[为是系:(]|\b(is|are)\b", text)
        is_clear = (
            kind
            and is_said
            and not OF_OTHERS.search(text.replace(said[2], "") if said else text)
            and (years or not own)
        )
        if not (own & {*marks} or _lettered(clause)) and (unclear(text) or is_clear):
            found.append(ToldKind(about, years, kind if is_clear else "", text))
    return found


def take_kinds(block: Block, rows: pd.DataFrame, marks: Collection[str]) -> pd.DataFrame:
    """Return figures with the kind that notes give those of a year, a name or all, and say it; plans are left.

    What a head, a label or a mark says goes before. Said as well is a note that is not clear.
    """
    for told in told_kinds([*block.notes, block.sheet.name], marks):
        names = [name for name in rows["name"].cat.categories if FILLING.sub("", fold(str(name))) in told.about]
        here = (rows["kind"] == "") & (rows["year"].isin(told.years) if told.years else True)
        here &= rows["name"].isin(names) if told.about else True
        if told.kind and here.any():
            left = NO_OBSERVATION.get(told.kind, "")
            said = f"{here.sum()} figures are {told.kind} by the note {told.words!r}"
            block.doubts.append(f"{said}, and were not read: {left}" if left else said)
            rows["kind"] = pd.Categorical(rows["kind"].astype(object).mask(here, told.kind))
            rows = rows[~here].reset_index(drop=True) if left else rows
        elif (rows["kind"] == "").any() and (not told.kind or told.about and not names):
            block.doubts += filter(None, [unclear(told.words)])
    clauses = [*dict.fromkeys(fold(clause).strip(" .") for clause in _clauses(block.notes))]
    block.doubts += [OF_A_PART.format(one) for one in clauses if part_of_year(one) and OF_SOME_TIME.search(one)]
    block.doubts += [OTHER_THAN.format(one) for one in clauses if OF_ANOTHER.search(one)]
    return _take_row_notes(block, rows)


def _of_kind(text: str) -> bool:
    return bool(PLANNED.search(text) or PRELIMINARY.search(text) or kind_meant(text))


def _take_row_notes(block: Block, rows: pd.DataFrame) -> pd.DataFrame:
    """Return figures with the kind that a note in their row gives them, as 计划数 or 2017年为计划数; plans are left."""
    if "note" not in block.by_row or {"cell", "note"} <= block.words:
        return rows
    left = pd.Series(data=False, index=rows.index)
    unread: list[str] = []
    for place, cell in zip(block.rows, block.by_row["note"], strict=True):
        text, line = fold(cell) if isinstance(cell, str) else "", block.sheet.line(place)
        if (unit := OWN_UNIT.search(text)) and is_unit(unit[1]):  # beside another it is none that converts
            own = (rows["line"] == line) & (rows["unit"] != unit[1])
            given = rows["unit"].astype(object)
            rows["unit"] = pd.Categorical(given.mask(own, given.where(given == "", given + " / ") + unit[1]))
        elif not _of_kind(text) and re.search("\\w", text) and not (read_period(text) or OF_SOURCE.search(text)):
            unread += [f"line {line} {text!r}"] if (rows["line"] == line).any() else []
        if not _of_kind(text):
            continue
        years = {int(one["from"]) for one in YEARS.finditer(text)}
        kind = next((one.kind for one in told_kinds([text], ()) if not one.about), "") if years else kind_meant(text)
        here = (rows["line"] == block.sheet.line(place)) & rows["kind"].isin(["", "observed"])
        here &= rows["year"].isin(years) if years else True
        if kind in ("", "observed") or not here.any():
            block.doubts += filter(None, [unclear(text)] if here.any() and not kind else [])
            continue
        why = f", and were not read: {NO_OBSERVATION[kind]}" if kind in NO_OBSERVATION else ""
        block.doubts.append(f"{here.sum()} figures of line {block.sheet.line(place)} are {kind} by {text!r}{why}")
        rows["kind"] = pd.Categorical(rows["kind"].astype(object).mask(here, kind))
        left |= here & (kind in NO_OBSERVATION)
    if unread and block.words & REMARK_HEADS:
        more = f" and {len(unread) - MOST_SAID} more" if len(unread) > MOST_SAID else ""
        block.doubts.append(UNREAD_REMARKS.format(", ".join(unread[:MOST_SAID]) + more))
    return rows[~left].reset_index(drop=True) if left.any() else rows


def _titled_prices(texts: Sequence[str]) -> list[Told]:
    """Return the prices that stand in brackets behind a title, or behind 价格: on a line of their own."""
    found = []
    for text in map(fold, texts):
        line = re.fullmatch(r"\(?(?:价格(?:基准)?|prices?(?: base)?)\s*:\s*(.+?)\)?", text, re.IGNORECASE)
        base = price_in(line[1]) if line else split_name(text)[2]
        found += [Told((), base, text)] if base not in ("", "not_stated") else []
    return found


def take_prices(block: Block, rows: pd.DataFrame, measures: pd.DataFrame) -> None:
    """Give figures whose names state no prices those that a note above or under the table states, and say so."""
    told = [*told_prices(block.notes), *_titled_prices([str(block.whole.get("title") or ""), *block.notes])]
    priced = set(measures.dropna(subset="price_base")["indicator"])
    names = rows.loc[rows["indicator"].isin(priced) & (rows["price_base"] == ""), "name"] if told else rows["name"][:0]
    for name in names.astype(str).unique():
        if not (found := price_of(name, told)):
            continue
        how = f"prices {found.base} were taken from" if found.base else "no prices were taken, they vary in"
        block.doubts.append(f"{name}: {how} the note {found.words!r}")
        here = (rows["name"] == name) & (rows["price_base"] == "")
        rows["price_base"] = pd.Categorical(rows["price_base"].astype(object).mask(here, found.base))


def said_prices(rows: pd.DataFrame, measures: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the price base of every indicator that has prices in it, and what is missed where a needed one is not."""
    wanted = measures.set_index("indicator")["price_base"].dropna()
    priced = rows[rows["indicator"].isin(wanted.index) & ~rows["kind"].isin(PLANNED_KINDS)]
    found = priced[["indicator", "price_base"]].astype(str).drop_duplicates().to_numpy()
    said = ", ".join(f"{one} {base or 'not stated'} (target: {wanted[one]})" for one, base in found)
    unsaid = [one for one, base in found if base in ("", "not_stated") and wanted[one] != "not_stated"]
    told = f"{', '.join(unsaid)}: prices not stated, so compared with no target; {REMEDY}"
    return [f"prices: {said}"] if said else [], [told] if unsaid else []
