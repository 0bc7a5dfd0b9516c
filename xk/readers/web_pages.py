"""Pages posing as workbooks: the tables of HTML and of Excel's XML of 2003, or what the page is instead."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from html.parser import HTMLParser

from xk.readers.page_texts import Text, lines_above, split_notes
from xk.readers.raised import marks_last, number_notes, raised
from xk.readers.sheets import Cell, Sheet, Value, check_size, refused

MARKUP = re.compile(
    r"\s*<(!doctype|html|head|meta|body|table|tr|div|style|script|\?xml|!--|workbook|ss:)", re.IGNORECASE
)
GATE = re.compile(
    r"type\s*=\s*[\"']?password|captcha|cf-challenge|just a moment|enable javascript|access denied|forbidden"
    r"|document\.cookie|location\.(href|replace)|登录|登陆|验证码|安全验证|人机验证|访问过于频繁|无权访问|请求被拦截",
    re.IGNORECASE,
)  # fmt: skip
"""What a page says that lets nobody pass."""
ROWS, CELLS = {"tr", "row"}, {"td", "th", "cell"}
MAX_SPAN, MAX_DEPTH, MANY_TAGS, TAGS_PER_CELL = 1000, 50, 200_000, 20
GROUPS, CAPTION = {"thead", "tbody", "tfoot"}, 7
HEADINGS = {"caption": CAPTION, **{f"h{level}": level for level in range(1, CAPTION)}}
BLOCKS = {
    *"address article aside blockquote body br center dd div dl dt fieldset figcaption figure footer form header hr"
    " html li main nav ol p pre section td th tr table tbody thead tfoot ul".split(), *HEADINGS,
}  # fmt: skip
"""Tags that end a line of text."""
VOID = {*"area base br col embed hr img input link meta param source track wbr".split()}
NEVER_SHOWN = {*"script style template noscript title select textarea xml".split()}
ASIDE = NEVER_SHOWN | {*"button nav footer label option".split()}
"""What holds no text of a table where it stands outside of it: such as links."""
INLINE = {*"a b button del em font i label option p s span strike strong u".split()}
"""What a paragraph that begins ends, closed or not."""
STRUCK, GONE = {"s", "strike", "del"}, re.compile(r"display\s*:\s*none", re.IGNORECASE)
UNSEEN = re.compile(r"visibility\s*:\s*(hidden|collapse)|text-decoration[^;]*line-through", re.IGNORECASE)
RAISED = re.compile(r"vertical-align\s*:\s*(super|sub|text-top|text-bottom)\b", re.IGNORECASE)
CELL_TAGS = re.compile(r"<(?:ss:)?(?:td|th|cell)\b", re.IGNORECASE)


@dataclass
class Until:
    """What lasts until the end of an element: its tag, none where nothing does; whether tables in it are hidden."""

    tag: str = ""
    hides: bool = False
    depth: int = 1

    def __bool__(self) -> bool:
        return bool(self.tag)

    def begin(self, tag: str, within: Collection[str]) -> None:
        """Count an element of its tag; a tag that begins a paragraph ends what lasts `within` one."""
        if tag in BLOCKS and self.tag in within:
            self.tag, self.hides = "", False
        elif self.tag == tag:
            self.depth += 1

    def end(self, tag: str) -> None:
        """Count the end of an element of its tag."""
        self.depth -= self.tag == tag
        if not self.depth:
            self.tag, self.hides, self.depth = "", False, 1


@dataclass
class Table:
    """A table of a page: its name, rows, those that are hidden, whether all of it is; the lines above and under it."""

    name: str = ""
    hidden: bool = False
    rows: list[list[Value]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    spanned: dict[Cell, str] = field(default_factory=dict)
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)


class Tables(HTMLParser):
    """Collects the tables of a page, and the text around them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Table] = []
        self.open: list[Table] = []
        self.cell, self.spans = None, (1, 1, 0)  # type: list[str] | None, tuple[int, int, int]
        self.raised: list[tuple[str, list[str]]] = []
        self.lost = self.is_book = self.group_hidden = False
        self.muted, self.veil = Until(), Until()
        self.texts: list[Text] = []
        self.words: list[str] = []
        self.level, self.headings = 0, {}  # type: int, dict[int, str]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag, given = tag.removeprefix("ss:"), {key.removeprefix("ss:"): value or "" for key, value in attrs}
        style, hidden = given.get("style", ""), given.get("hidden", "0") != "0"
        gone = hidden or bool(GONE.search(style))
        self.is_book |= tag == "workbook"
        if tag in BLOCKS:
            self._end_text()
        self.muted.begin(tag, {"p"})
        self.veil.begin(tag, INLINE)
        if tag in ("table", "worksheet"):
            self._begin_table(tag, given, hidden=gone)
        elif tag in ROWS and self.tables:
            self._begin_row(given, hidden=gone)
        elif tag in CELLS and self.tables:
            self._close()
            self.cell, self.lost = [], gone
            down, across = _span(given, "rowspan", "mergedown"), _span(given, "colspan", "mergeacross")
            self.spans = (down, across, _span(given, "index"))
            self.muted = Until(tag) if UNSEEN.search(style) else Until()
        elif tag in GROUPS:
            self.group_hidden = gone
        elif tag not in VOID:
            self._begin_part(tag, given, hidden=gone)

    def _begin_part(self, tag: str, given: dict[str, str], *, hidden: bool) -> None:
        """Begin what is raised, lowered or not seen, in a cell or around a table."""
        style, is_aside = given.get("style", ""), tag in ASIDE or tag == "a" and "href" in given
        unseen = hidden or tag in STRUCK or bool(UNSEEN.search(style))
        if self.cell is None:
            self.level = HEADINGS.get(tag, self.level)
            if not self.veil and (unseen or is_aside and not self.level):
                self.veil = Until(tag, hides=hidden)
        elif not self.muted and (unseen or tag in NEVER_SHOWN):
            self.muted = Until(tag)
        elif not self.muted and (tag in ("sup", "sub") or RAISED.search(style)):
            self.raised.append((tag, self.cell))
            self.cell = []

    def handle_endtag(self, tag: str) -> None:
        tag = tag.removeprefix("ss:")
        if tag in CELLS | ROWS | {"table", "worksheet"}:
            self._close()
        if tag in BLOCKS:
            self._end_text()
        self.level = 0 if tag in HEADINGS else self.level
        if self.raised and self.raised[-1][0] == tag:
            self._lower()
        self.muted.end(tag)
        self.veil.end(tag)
        if tag in ("table", "worksheet") and self.open:
            self.open.pop()
            self.group_hidden = False

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell += [] if self.muted else [data]
        elif not (self.veil or self.is_book):
            self.words.append(data)

    def finish(self) -> list[Table]:
        """Return the tables that hold more than one cell, when all of the page was fed."""
        self._close()
        self._end_text()
        self._part_texts()
        return [table for table in self.tables if sum(any(row) for row in table.rows) > 1]

    def _begin_table(self, tag: str, given: dict[str, str], *, hidden: bool) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise ValueError("tables within tables")
        hidden |= bool(self.muted) or self.lost
        while self.raised:
            self._lower()
        if self.cell is not None:  # what stands in a cell above a table within it
            text, self.cell = "".join(self.cell), []
            self.texts += [Text(line) for part in text.split("\n") if (line := " ".join(part.split()))]
        self._close()
        if tag == "table" and self.open and self.open[-1].name and not self.open[-1].rows:
            self.open.append(self.open[-1])
            return
        others = self._part_texts()
        hidden |= self.veil.hides or any(table.hidden for table in self.open)
        self.tables.append(Table(given.get("name", ""), hidden, above=lines_above(others, self.headings)))
        self.open.append(self.tables[-1])

    def _part_texts(self) -> list[Text]:
        """Give the last table the notes among the texts since, and return the others."""
        notes, others = split_notes(self.texts) if self.tables else ([], self.texts)
        if self.tables:
            self.tables[-1].below += notes
        self.texts = []
        return others

    def _begin_row(self, given: dict[str, str], *, hidden: bool) -> None:
        self._close()
        table = self._table()
        gap = int(given["index"]) - len(table.rows) - 1 if given.get("index", "").isdigit() else 0
        table.rows.extend([] for _ in range(max(0, min(gap, MAX_SPAN)) + 1))
        if hidden or self.group_hidden:
            table.hidden_rows.add(len(table.rows) - 1)

    def _table(self) -> Table:
        return self.open[-1] if self.open else self.tables[-1]

    def _end_text(self) -> None:
        """End a paragraph, a heading or a caption; within a cell, a line of it."""
        if self.cell is not None:
            self.cell += [] if self.muted else ["\n"]
            return
        text, self.words = " ".join("".join(self.words).split()), []
        if not any(char.isalpha() or char in "%‰" for char in text):
            return
        if self.level == CAPTION and self.open:
            self.open[-1].above = [text, *(line for line in self.open[-1].above if line != text)]
        else:
            self.texts.append(Text(text, self.level))
            if level := self.level:
                self.headings = {one: words for one, words in self.headings.items() if one < level} | {level: text}

    def _lower(self) -> None:
        """End what is raised or lowered in a cell."""
        tag, before = self.raised.pop()
        text = raised("".join(self.cell or []), "".join(before).strip(), low=tag == "sub")
        self.cell = [*before, text]

    def _close(self) -> None:
        """Put the cell that ends here in its place, and its text in the cells that it spans, if it is no figure."""
        while self.raised:
            self._lower()
        cell, lost, self.cell, self.lost, self.muted = self.cell, self.lost, None, False, Until()
        if cell is None or lost:
            return
        text, table = marks_last(" ".join("".join(cell).split())), self._table()
        rows = table.rows
        if not rows:
            rows.append([])
        row, number = rows[-1], len(rows) - 1
        down, across, index = self.spans
        while index > 1 and len(row) < min(index - 1, MAX_SPAN):
            row.append("")
        while (number, len(row)) in table.spanned:
            row.append(table.spanned[number, len(row)])
        start, repeated = len(row), "" if re.fullmatch(r"[\d.,\s%-]*", text) else text
        row.extend([text, *[repeated] * (across - 1)])
        table.spanned |= {(number + n, start + m): repeated for n in range(1, down) for m in range(across)}


def _span(given: dict[str, str], name: str, more: str = "") -> int:
    """Return how many cells are spanned; Excel's XML says how many more."""
    if given.get(more, "").isdigit():
        return min(int(given[more]) + 1, MAX_SPAN)
    return min(max(int(given[name]), 1), MAX_SPAN) if given.get(name, "").isdigit() else 1


def open_page(text: str, name: str) -> list[Sheet]:
    """Return the tables of a page, each a sheet; the first bytes of the text are markup.

    Raises
    ------
    InputError
        It has no table; where it asks for a login or shows a challenge, that is said.
    """
    parser = Tables()
    try:
        if (tags := text.count("<")) > MANY_TAGS and tags > TAGS_PER_CELL * len(CELL_TAGS.findall(text)):
            raise ValueError("much besides tables")
        parser.feed(text)
        parser.close()
        tables = parser.finish()
    except ValueError as error:
        raise refused(name, f"is a web page with {error}", "save the table itself, as .xlsx or CSV") from error
    figures = sum(bool(re.search(r"\d", str(cell))) for one in tables for row in one.rows for cell in row)
    if GATE.search(text) and figures < 4:
        remedy = "open the address in a browser, log in there, and save the data anew"
        raise refused(name, "is a login or challenge page, not data", remedy)
    if not tables:
        raise refused(name, "is a web page without a table", "save the table itself, as .xlsx or CSV")
    titles = [one.name or (f"table {number}" if len(tables) > 1 else "") for number, one in enumerate(tables, 1)]
    return [_as_sheet(table, name, title) for table, title in zip(tables, titles, strict=True)]


def _as_sheet(table: Table, name: str, title: str) -> Sheet:
    """Return a table with the lines above and under it, which have no number: its own rows keep theirs."""
    width, above, below = max(map(len, table.rows)), len(table.above), len(table.below)
    check_size(name, len(table.rows), width)
    around: list[list[list[Value]]] = [[[line] for line in lines] for lines in (table.above, table.below)]
    rows = [*around[0], *table.rows, *around[1]]
    lines = [0] * above + [*range(1, len(table.rows) + 1)] + [0] * below if above or below else []
    hidden = frozenset(above + row for row in table.hidden_rows)
    full = [[*row, *[""] * (width - len(row))] for row in rows]
    number_notes(full)
    return Sheet(name, title, full, lines, hidden=table.hidden, hidden_rows=hidden)
