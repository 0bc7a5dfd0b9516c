"""What cells of an xlsx show besides their values: words of number formats, raised digits, comments."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape
from posixpath import basename, dirname, join, normpath

from xlsxwriter.utility import xl_cell_to_rowcol

from xk.readers.cells import MARK, convert
from xk.readers.raised import marks_last, raised
from xk.readers.sheets import Cell

TOKEN = re.compile(r'"([^"]*)"|[\\!](.)|_.|\*.|(\[[^\]]*\])|General|(.)', re.DOTALL | re.IGNORECASE)
WORDS = re.compile(rf"[^\W\d_]|‰|{MARK}")
LARGEST_PART, LARGEST_STRING = 2**24, 2**22
"""Bytes of comments that are read, and of one string with its formats."""


@dataclass(frozen=True)
class Section:
    """What a format writes before and behind a number: its words; nothing where it writes no number."""

    before: str = ""
    behind: str = ""
    has_number: bool = False
    is_share: bool = False

    def show(self, value: float) -> str:
        """Return a number with its words, with all digits that it has."""
        number = convert(value, Decimal(100)) if self.is_share else value
        return f"{self.before}{number:.15g}{self.behind}" if self.has_number else self.before


@dataclass(frozen=True)
class Format:
    """A number format: its sections for what is more, less and nothing; None where one is a date or none of words."""

    sections: tuple[Section | None, ...]

    def show(self, value: float) -> str:
        """Return what is shown of a number, empty where that is no more than the number."""
        count = len(self.sections)
        place = 1 if value < 0 and count > 1 else 2 if value == 0 and count > 2 else 0
        section = self.sections[place]
        return section.show(abs(value) if place == 1 else value) if section else ""


@dataclass
class Styles:
    """Numbers of the cell styles that show a number as per cent, with words, or struck out."""

    percents: set[bytes] = field(default_factory=set)
    formats: dict[bytes, Format] = field(default_factory=dict)
    struck: set[bytes] = field(default_factory=set)

    def any(self) -> set[bytes]:
        """Return the numbers of all of them."""
        return self.percents | {*self.formats} | self.struck


def read_styles(styles: bytes) -> Styles:
    """Return what the styles of a workbook show besides values."""
    pairs = (_given(tag) for tag in re.findall(rb"<(?:\w+:)?numFmt\b([^>]*)>", styles))
    codes = {given.get(b"numFmtId", b""): unescape(given.get(b"formatCode", b"").decode("utf-8", "replace"))
             for given in pairs}  # fmt: skip
    shares = {b"9", b"10"} | {number for number, code in codes.items() if "%" in re.sub(r'"[^"]*"|\\.', "", code)}
    worded = {number: form for number, code in codes.items() if (form := read_format(code))}
    fonts = re.search(rb"(?s)<(?:\w+:)?fonts\b.*?</(?:\w+:)?fonts>", styles)
    drawn = re.split(rb"</(?:\w+:)?font>|<(?:\w+:)?font\s*/>", fonts[0]) if fonts else []
    through = {str(place).encode() for place, font in enumerate(drawn) if STRUCK.search(font)}
    found, formats = Styles(), re.search(rb"(?s)<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles)
    for place, tag in enumerate(re.findall(rb"<(?:\w+:)?xf\b([^>]*)>", formats[0]) if formats else ()):
        given, style = _given(tag), str(place).encode()
        number = given.get(b"numFmtId", b"0")
        found.percents |= {style} if number in shares else set()
        found.formats |= {style: worded[number]} if number in worded else {}
        found.struck |= {style} if given.get(b"fontId") in through else set()
    return found


STRUCK = re.compile(rb'<(?:\w+:)?strike\s*(?:val="(?:1|true)"\s*)?/>')


def _given(tag: bytes) -> dict[bytes, bytes]:
    return dict(re.findall(rb'(\w+)="([^"]*)"', tag))


def read_format(code: str) -> Format | None:
    """Return a format that writes words beside numbers; None for any other, such as one of dates."""
    parts: list[list[re.Match[str]]] = [[]]
    for token in TOKEN.finditer(code):
        if token[0] == ";":
            parts.append([])
        else:
            parts[-1].append(token)
    if any((token[3] or "")[1:2] in ("<", ">", "=") for part in parts for token in part if token[3]):
        return None
    sections = tuple(map(_section, parts[:3]))
    return Format(sections) if any(sections) else None


def _section(tokens: list[re.Match[str]]) -> Section | None:
    """Return a section of a format, None where it has no words, a date, words within a number, or scales it."""
    sides, number = ["", ""], ""
    for token in tokens:
        sign = token[4] or ""
        if token[0].casefold() == "general" or sign in ("0", "#", "?"):
            if sides[1]:
                return None
            number += "0"
        elif sign in (".", ",") and number:
            number += "" if sides[1] else sign
        elif sign == "@" or sign.isascii() and sign.isalpha():
            return None
        else:
            sides[bool(number)] += token[1] or token[2] or sign
    literal = "".join(token[1] or token[2] or "" for token in tokens)
    if not (WORDS.search("".join(sides)) or "%" in literal) or number.endswith(","):
        return None
    return Section(sides[0], sides[1].rstrip(), bool(number), "%" in (token[4] for token in tokens))


def rich_strings(archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo]) -> dict[bytes, str]:
    """Return the shared strings of which a part is raised, lowered or struck out, by their numbers, as marks."""
    if "xl/sharedStrings.xml" not in members:
        return {}
    found: dict[bytes, str] = {}
    place, rest = 0, b""
    with archive.open("xl/sharedStrings.xml") as opened:
        while block := opened.read(2**22):
            *strings, rest = re.split(rb"</(?:\w+:)?si>|<(?:\w+:)?si\s*/>", rest + block)
            for number, string in enumerate(strings, place):
                if (text := rich_text(string)) is not None:
                    found[str(number).encode()] = text
            place += len(strings)
            if len(rest) > LARGEST_STRING:
                raise ValueError("a string is too long")
    return found


def rich_text(string: bytes) -> str | None:
    """Return a string with marks for what is raised in it, without what is struck out; None where nothing is."""
    if b"vertAlign" not in string and b"strike" not in string:
        return None
    text = plain = ""
    for run in re.split(rb"</(?:\w+:)?r>", string)[:-1]:
        found = re.search(rb"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)</", run)
        piece = unescape(found[1].decode("utf-8", "replace")) if found else ""
        align = re.search(rb'<(?:\w+:)?vertAlign val="(super|sub)script"', run)
        plain += piece
        if align:
            text += raised(piece, text.strip(), low=align[1] == b"sub")
        else:
            text += "" if STRUCK.search(run) else piece
    return marks_last(text) if text != plain else None


INLINE = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3}\d{1,7})"[^>]* t="inlineStr"[^>]*>(.*)', re.DOTALL)
SHARED = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3}\d{1,7})"[^>]* t="s"[^>]*>\s*<(?:\w+:)?v>(\d+)</')


def rich_cells(text: bytes, strings: Mapping[bytes, str]) -> Iterator[tuple[Cell, str]]:
    """Yield the cells of a part of a sheet that show a string with marks, and that string."""
    for cell, number in SHARED.findall(text) if strings else ():
        if number in strings:
            yield xl_cell_to_rowcol(cell.decode()), strings[number]
    if b"inlineStr" in text and (b"vertAlign" in text or b"strike" in text):
        for found in map(INLINE.search, re.split(rb"</(?:\w+:)?c>", text)):
            if found and (shown := rich_text(found[2])) is not None:
                yield xl_cell_to_rowcol(found[1].decode()), shown


def comments_of(archive: zipfile.ZipFile, part: str, members: Mapping[str, zipfile.ZipInfo]) -> dict[Cell, str]:
    """Return the comments on cells of a sheet."""
    links = join(dirname(part), "_rels", f"{basename(part)}.rels")
    found: dict[Cell, str] = {}
    if links not in members or members[links].file_size > LARGEST_PART:
        return found
    for tag in re.findall(rb"<(?:\w+:)?Relationship\b([^>]*)>", archive.read(links)):
        given = _given(tag)
        target = given.get(b"Target", b"").decode("utf-8", "replace")
        place = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))
        if not given.get(b"Type", b"").endswith(b"/comments") or place not in members:
            continue
        if members[place].file_size <= LARGEST_PART:
            found |= dict(_comments(re.split(rb"</(?:\w+:)?comment>", archive.read(place))))
    return found


OPENING = re.compile(r"\A(\[[^\]\n]{2,40}\].*?(Comment|注释|批注)\s*[:：]|[^:：\n]{1,40}[:：]\s*\n)", re.DOTALL)
"""What Excel writes before the words of a comment: its author, or that it is one of a thread."""


def _comments(parts: Iterable[bytes]) -> Iterator[tuple[Cell, str]]:
    for part in parts:
        cell = re.search(rb'<(?:\w+:)?comment\b[^>]* ref="([A-Z]{1,3}\d{1,7})"', part)
        pieces = re.findall(rb"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)</", part)
        text = unescape(b"".join(pieces).decode("utf-8", "replace"))
        text = OPENING.sub("", text)
        if cell and text.strip():
            yield xl_cell_to_rowcol(cell[1].decode()), " ".join(text.split())
