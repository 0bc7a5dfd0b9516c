"""A page on paper: a Chromium of the machine prints the same HTML to PDF, without network."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from xk.errors import ReportError, UsageError
from xk.readers import write_bytes

BROWSER_VARIABLE = "XK_CHROMIUM"
"""Environment variable with the path of the browser, where it is in no usual place."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# A page takes seconds; only a browser that hangs takes so long, however busy the machine.
_SECONDS = 600
_SETTINGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--no-first-run",
    "--no-default-browser-check",
    # No name resolves and no address answers: whatever a page asks for, it gets nothing.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",
    "--no-pdf-header-footer",
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
    # The page's font is unpacked after the page is there; a busy machine would print blank pages before it is.
    "--virtual-time-budget=10000",
)
# Same length as what stands there, so that the places of the objects in the file stay right.
_DATE = re.compile(rb"(/(?:Creation|Mod)Date \(D:)\d{14}(\+00'00'\))")
_NO_DATE = rb"\g<1>20000101000000\g<2>"
# Names of the elements: numbers that the browser gave them, on a busy machine in another order of its work.
_ELEMENT = re.compile(rb"\(node(\d{8})\)")
_FONT = b"/FontFile"
# On paper a link to a file beside the page leads nowhere, and would tell where the page lay.
_LINK_TO_FILE = re.compile(r'(<a\b[^>]*?)\shref="(?!#)[^"]*"')


class NoBrowserError(ReportError):
    """There is no browser to print with; everything but the PDF can be made."""


def print_pdf(page: Path, pdf: Path) -> None:
    """Print the page in the file `page` to the file `pdf`: fonts embedded, tagged, bookmarks from headings.

    The same page and browser give the same bytes: dates in the file are set to 2000-01-01, elements are numbered
    from 0, links to other files are left out.

    Raises
    ------
    UsageError
        There is no file `page`.
    NoBrowserError
        No Chromium was found.
    ReportError
        The browser did not make the PDF.
    """
    if not page.is_file():
        raise UsageError(f"there is no page {page} to print")
    browser = find_browser()
    # Beside the target: a browser in a sandbox of its own may see another temporary folder than we do.
    with tempfile.TemporaryDirectory(prefix="pdf-", dir=pdf.parent) as folder:
        copy, made = Path(folder) / "page.html", Path(folder) / "page.pdf"
        copy.write_text(_LINK_TO_FILE.sub(r"\1", page.read_text(encoding="utf-8")), encoding="utf-8")
        said = _run(browser, copy, made)
        content = made.read_bytes() if made.is_file() else b""
        if not content.startswith(b"%PDF"):
            raise ReportError(f"{browser} made no PDF of {page.name}: {said or 'it said nothing'}")
        if _FONT not in content:
            raise ReportError(f"{browser} printed {page.name} without its font: the text would be missing")
    write_bytes(settled_pdf(content), pdf)


def settled_pdf(content: bytes) -> bytes:
    """Return a PDF without what changes from one time to the next: its dates, and how elements are numbered."""
    places = {number: b"(node%08d)" % place for place, number in enumerate(sorted(set(_ELEMENT.findall(content))))}
    content = _ELEMENT.sub(lambda found: places[found[1]], content)
    return _DATE.sub(_NO_DATE, content)


def print_pages(folder: Path) -> None:
    """Print every page in `folder`, but for its index, to a PDF of the same name beside it."""
    for page in sorted(folder.glob("*.html")):
        if page.name != "index.html":
            print_pdf(page, page.with_suffix(".pdf"))


def find_browser() -> str:
    """Return the path of a Chromium, Chrome or Edge: the one in ``XK_CHROMIUM``, else of this machine.

    Raises
    ------
    NoBrowserError
        There is none.
    """
    if named := os.environ.get(BROWSER_VARIABLE):
        if found := shutil.which(named):
            return found
        raise NoBrowserError(f"{BROWSER_VARIABLE} is {named!r}, and there is no such program")
    for name in (*_NAMES, *_PLACES):
        if found := shutil.which(name):
            return found
    raise NoBrowserError(
        "no PDF without a browser: install Chromium or Chrome, or let the environment variable "
        f"{BROWSER_VARIABLE} name one (looked for {', '.join(_NAMES)})"
    )


def _run(browser: str, page: Path, pdf: Path) -> str:
    """Let the browser print; return the last of what it said."""
    command = [browser, *_SETTINGS, f"--user-data-dir={page.parent / 'browser'}", f"--print-to-pdf={pdf}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--no-sandbox")  # Chromium has no sandbox for the administrator; the page has no script
    try:
        done = subprocess.run(
            [*command, page.as_uri()], capture_output=True, text=True, errors="replace", timeout=_SECONDS,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"not done after {_SECONDS} s"
    except OSError as error:
        return str(error.strerror)
    return " / ".join(done.stderr.splitlines()[-3:])
