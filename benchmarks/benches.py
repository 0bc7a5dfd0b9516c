"""How long a bench takes from a choice to its picture, in the page itself: JupyterLab or Voila, Chromium.

python benchmarks/benches.py [voila|lab] [scenarios]      medians and 95th percentiles, growth of memory; needs Chromium
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 300.0
SHOWN = ".xk-shown :is(figure, table, p)"
# Set before a choice, so that the page itself tells when the new picture stands in it.
WATCH = """() => {
  window.xkDone = null; window.xkFrom = performance.now();
  const watch = new MutationObserver(() => {
    watch.disconnect();
    requestAnimationFrame(() => { window.xkDone = performance.now(); });
  });  // a refusal, or the same picture, is an answer, too
  for (const part of document.querySelectorAll('.xk-shown,.xk-wrong,.xk-said'))
    watch.observe(part, {childList: true, subtree: true});
}"""


BEGUN = "[...document.querySelectorAll('.jp-InputPrompt')].some(one => /[*0-9]/.test(one.innerText))"
"""Whether JupyterLab runs any cell, or has run it."""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(where: str, notebook: str = "explore.ipynb", root: Path = ROOT) -> Iterator[str]:
    """Serve the notebooks by ``voila`` or ``lab`` on this machine alone; yield the address of a notebook."""
    port, home = free_port(), Path(tempfile.mkdtemp(prefix="xk-bench-"))
    common = ["--no-browser", f"--port={port}"]
    if where == "voila":
        command = ["-m", "voila", notebook, *common, "--Voila.ip=127.0.0.1"]
        address, ready = f"http://127.0.0.1:{port}/", f"http://127.0.0.1:{port}/voila/static/favicon.ico"
    else:
        command = ["-m", "jupyterlab", *common, "--ip=127.0.0.1", "--allow-root", "--IdentityProvider.token=",
                   "--LabApp.news_url=", f"--ServerApp.root_dir={root / 'notebooks'}"]  # fmt: skip
        address, ready = f"http://127.0.0.1:{port}/lab/tree/{notebook}", f"http://127.0.0.1:{port}/api"
        kept = home / "LAB_SETTINGS" / "@jupyterlab" / "docmanager-extension" / "plugin.jupyterlab-settings"
        kept.parent.mkdir(parents=True)
        kept.write_text('{"autosave": false}', encoding="utf-8")  # outputs are not for the repository
    own = {f"JUPYTER{part}_DIR": str(home / part) for part in ("_CONFIG", "_RUNTIME", "LAB_SETTINGS", "LAB_WORKSPACES")}
    server = subprocess.Popen(
        [sys.executable, *command], cwd=root / "notebooks", env={**os.environ, **own}, stdin=subprocess.DEVNULL,
        stdout=(home / "log").open("w"), stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        _wait_for(ready, server)
        yield address
    finally:
        server.terminate()
        server.wait(60)
        shutil.rmtree(home, ignore_errors=True)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until somebody answers at an address, whatever the answer."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}")
        try:
            urllib.request.urlopen(address, timeout=5)  # noqa: S310  # this machine
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the server does not answer")


def open_bench(page: Any, where: str, address: str, query: str = "") -> float:
    """Open a bench and wait for its first picture; in JupyterLab run all cells. Return the seconds that took."""
    page.set_default_timeout(1000 * PATIENCE)
    start = time.monotonic()
    page.goto(address + (f"?{query}" if query else ""), wait_until="commit")
    if where == "lab":
        page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', state="attached")
        page.locator(".jp-Notebook .jp-MarkdownCell").first.click()  # commands of the menu go to what has the focus
        start = time.monotonic()
        _run_all(page)
    page.wait_for_selector(SHOWN)
    return time.monotonic() - start


def _run_all(page: Any) -> None:
    """Have JupyterLab run all cells, answering what it asks before; wait each time as long as a kernel may take.

    Asked again while one starts, JupyterLab begins another in its place, and none is ever ready.
    """
    from playwright.sync_api import TimeoutError as TooLate

    give_up, dialogs = time.monotonic() + PATIENCE, page.locator(".jp-Dialog")
    while not page.evaluate(BEGUN):
        if time.monotonic() > give_up:
            raise RuntimeError("JupyterLab begins no cell")
        with suppress(TooLate):
            if dialogs.count():
                _accept(dialogs.first)
            else:
                page.click('.lm-MenuBar-itemLabel:text-is("Run")', timeout=5000)
                page.click('.lm-Menu-itemLabel:text-is("Run All Cells")', timeout=5000)
        page.wait_for_timeout(1000)
        with suppress(TooLate):
            page.wait_for_function(f"{BEGUN} || document.querySelector('.jp-Dialog')", timeout=60_000)
    page.add_locator_handler(dialogs, _accept, no_wait_after=True)


def _accept(dialog: Any) -> None:
    """Take the answer that JupyterLab proposes where it asks something, as on a busy machine; say what it was."""
    print(f"JupyterLab asked: {dialog.inner_text(timeout=5000)!r}", file=sys.stderr)
    dialog.locator(".jp-mod-accept").click(timeout=5000)


def ask(page: Any, words: str) -> float:
    """Type a whole question and return the milliseconds from the key to the picture, as the page counts them."""
    page.wait_for_function("document.querySelector('.xk-asked input').value === ''")
    page.wait_for_timeout(300)  # as nobody types faster: the field is emptied once the picture stands
    page.fill(".xk-asked input", words)
    return _timed(page, lambda: page.press(".xk-asked input", "Enter"))


def choose(page: Any, name: str, value: str) -> float:
    """Choose from the list of a control by its label and return the milliseconds to the picture."""
    return _timed(page, lambda: page.get_by_label(name, exact=True).select_option(label=value))


def _timed(page: Any, act: Any) -> float:
    page.evaluate(WATCH)
    act()
    page.wait_for_function("window.xkDone !== null")
    return float(page.evaluate("window.xkDone - window.xkFrom"))


def kernel_memory() -> float:
    """Return the resident memory of the largest kernel of this machine that runs from here, in MB."""
    found = [0.0]
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (folder / "cwd").resolve() == ROOT / "notebooks" and "ipykernel" in (folder / "cmdline").read_text():
                found.append(float((folder / "status").read_text().split("VmRSS:")[1].split()[0]) / 1024)
    return max(found)


YEARS = [str(year) for year in range(2010, 2016)]
LINES = ("人均GDP", "城镇人口比重", "R&D", "平均预期寿命", "单位GDP能耗", "8 2015", "2 2015", "4 2015")
REGIONS = ("全国", "广东 深圳", "广东 广州", "珠海", "佛山")
DOMAINS = ("全国 2 2011", "深圳 2 2012", "广州 2 2013", "珠海 2 2011", "佛山 2 2012", "全国 2 2009")


def main(where: str = "voila") -> None:
    """Print the times of changes that are new, of changes that are remembered, and the growth over 200 of these."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    with sync_playwright() as playwright, served(where) as address:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        print(f"{where}: first picture after {open_bench(page, where, address):.1f} s")
        print(f"in one line, theta: {ask(page, '广东 服务业 theta 2014'):.0f} ms")
        page.click('button:text-is("复原")')
        page.wait_for_timeout(1000)
        times = [choose(page, "截至年份", year) for year in YEARS]
        times += [ask(page, words) for words in (*LINES, *REGIONS)]
        times += [choose(page, "推算方法", method) for method in ("线性回归", "首末连线", "固定增速")]
        times += [choose(page, "图表", picture) for picture in ("回测", "六种规则的判定", "数值与来源", "走势与推算")]
        report("new, one indicator", times)
        report("new, all of a region computed", [ask(page, words) for words in DOMAINS])
        searched = [f"广东 {year} {method}" for year in YEARS[:3] for method in ("theta", "damped")]
        report("new, by search of parameters", [ask(page, words) for words in searched])
        print(f"all methods: {ask(page, '广东 服务业 2016 各种方法'):.0f} ms")
        ask(page, "广东 服务业 2016 走势与推算 auto")
        for year in YEARS[:2]:
            choose(page, "截至年份", year)
        before = kernel_memory()
        again = [choose(page, "截至年份", YEARS[turn % 2]) for turn in range(200)]
        report("remembered", again[4:])
        print(f"memory after 200 changes: {kernel_memory() - before:+.1f} MB of {before:.0f}")
        browser.close()


def turn(page: Any, key: str = "ArrowRight") -> float:
    """Turn the first knob by a key and return the milliseconds to the picture."""
    knob = page.locator(".xk-knob [role=slider]").first
    return _timed(page, lambda: knob.press(key))


def scenarios(where: str = "voila") -> None:
    """Print the times of turning a line and a domain in the bench of scenarios, and the growth over 200 changes."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright, served(where, "scenarios.ipynb") as address:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        print(f"{where}: first picture after {open_bench(page, where, address):.1f} s")
        turn(page)
        report("a line", [turn(page) for _ in range(20)])
        report("a line, remembered", [turn(page, key) for _ in range(5) for key in ("ArrowLeft", "ArrowRight")])
        before = kernel_memory()
        for step in range(200):
            turn(page, "ArrowLeft" if step % 80 < 40 else "ArrowRight")
        print(f"memory after 200 changes: {kernel_memory() - before:+.1f} MB")
        ask(page, "economy")
        choose(page, "怎样改动", "趋势的倍数")
        report("a domain", [turn(page) for _ in range(12)])
        browser.close()


def report(name: str, times: list[float]) -> None:
    """Print median and 95th percentile."""
    print(f"{name}: {len(times)} changes, median {statistics.median(times):.0f} ms, "
          f"95th percentile {statistics.quantiles(times, n=20)[-1]:.0f} ms")  # fmt: skip


if __name__ == "__main__":
    (scenarios if "scenarios" in sys.argv else main)(*(one for one in sys.argv[1:] if one != "scenarios"))
