"""Pages posing as workbooks: the tables of HTML and of Excel's XML of 2003, or what the page is instead."""

import re
from html.parser import HTMLParser

from xk.readers.sheets import Sheet, Value, check_size, refused

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
CELL_TAGS = re.compile(r"<(?:ss:)?(?:td|th|cell)\b", re.IGNORECASE)


class Tables(HTMLParser):
    """Collects the tables of a page: name and rows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[tuple[str, list[list[Value]]]] = []
        self.cell, self.spans = None, (1, 1, 0)  # type: list[str] | None, tuple[int, int, int]
        self.above: dict[tuple[int, int], str] = {}
        self.silent = self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag, given = tag.removeprefix("ss:"), {key.removeprefix("ss:"): value or "" for key, value in attrs}
        if tag in ("script", "style"):
            self.silent += 1
        elif tag in ("table", "worksheet"):
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise ValueError("tables within tables")
            self._close()
            if tag == "worksheet" or not (self.tables and self.tables[-1][0] and not self.tables[-1][1]):
                self.tables.append((given.get("name", ""), []))
                self.above = {}
        elif tag in ROWS and self.tables:
            self._close()
            gap = int(given["index"]) - len(self.tables[-1][1]) - 1 if given.get("index", "").isdigit() else 0
            self.tables[-1][1].extend([] for _ in range(max(0, min(gap, MAX_SPAN)) + 1))
        elif tag in CELLS and self.tables:
            self._close()
            self.cell = []
            down, across = _span(given, "rowspan", "mergedown"), _span(given, "colspan", "mergeacross")
            self.spans = (down, across, _span(given, "index"))
        elif tag == "br" and self.cell is not None:
            self.cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        tag = tag.removeprefix("ss:")
        if tag in ("script", "style"):
            self.silent = max(0, self.silent - 1)
        if tag in ("table", "worksheet"):
            self.depth -= 1
        if tag in CELLS | ROWS | {"table", "worksheet"}:
            self._close()

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.silent:
            self.cell.append(data)

    def _close(self) -> None:
        """Put the cell that ends here in its place, and its text in the cells that it spans, if it is no figure."""
        if self.cell is None:
            return
        text, self.cell = " ".join("".join(self.cell).split()), None
        rows = self.tables[-1][1]
        if not rows:
            rows.append([])
        row, number = rows[-1], len(rows) - 1
        down, across, index = self.spans
        while index > 1 and len(row) < min(index - 1, MAX_SPAN):
            row.append("")
        while (number, len(row)) in self.above:
            row.append(self.above[number, len(row)])
        start, repeated = len(row), "" if re.fullmatch(r"[\d.,\s%-]*", text) else text
        row.extend([text, *[repeated] * (across - 1)])
        self.above |= {(number + n, start + m): repeated for n in range(1, down) for m in range(across)}


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
    except ValueError as error:
        raise refused(name, f"is a web page with {error}", "save the table itself, as .xlsx or CSV") from error
    parser._close()
    tables = [(title, rows) for title, rows in parser.tables if sum(any(row) for row in rows) > 1]
    figures = sum(bool(re.search(r"\d", str(cell))) for _, rows in tables for row in rows for cell in row)
    if GATE.search(text) and figures < 4:
        remedy = "open the address in a browser, log in there, and save the data anew"
        raise refused(name, "is a login or challenge page, not data", remedy)
    if not tables:
        raise refused(name, "is a web page without a table", "save the table itself, as .xlsx or CSV")
    sheets = []
    for number, (title, rows) in enumerate(tables, 1):
        width = max(map(len, rows))
        check_size(name, len(rows), width)
        full = [row + [""] * (width - len(row)) for row in rows]
        sheets.append(Sheet(name, title or (f"table {number}" if len(tables) > 1 else ""), full))
    return sheets
