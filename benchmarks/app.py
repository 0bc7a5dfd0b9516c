"""Seconds of `xk app` in the real page: start to answer, address to first picture, control to picture of several users.

    python benchmarks/app.py [--users 4] [--rounds 3]

Times of controls are taken inside the page: from the change of the method's list to the new picture in the document.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from xk.vocab import text

ROOT = Path(__file__).resolve().parent.parent
CHANGE = """([method, rounds]) => (async () => {
  const lists = [...document.querySelectorAll("select")];
  const list = lists.find((one) => [...one.options].some((option) => option.text === method));
  const shown = document.querySelector(".xk-shown");
  const times = [];
  for (let round = 0; round < rounds; round++)
    for (let index = 0; index < list.options.length; index++) {
      if (index === list.selectedIndex) continue;
      const drawn = new Promise((done) => {
        const watch = new MutationObserver(() => (watch.disconnect(), done()));
        watch.observe(shown, { childList: true, subtree: true, characterData: true });
      });
      const start = performance.now();
      list.selectedIndex = index;
      list.dispatchEvent(new Event("change", { bubbles: true }));
      await drawn;
      times.push([round, performance.now() - start]);
      await new Promise((done) => setTimeout(done, 300));
    }
  return times;
})()"""


def start() -> tuple[subprocess.Popen[str], str, float]:
    """Start the app on the checkout; return it, its address, and the seconds until its page answered."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "xk", "app", "--port", "0", "--no-browser", "--root", str(ROOT)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    address = re.findall(r"http://\S+", process.stdout.readline())[0]
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(address) as answer:
        assert answer.status == 200
    return process, address, time.perf_counter() - began


async def first_picture(browser: Browser, address: str) -> tuple[Page, float]:
    """Open the bench as a new user; return the page and the seconds to its picture."""
    page = await (await browser.new_context()).new_page()
    await page.goto(address)
    began = time.perf_counter()
    await page.goto(address.partition("?")[0] + "explore")
    await page.locator(".xk-shown svg").first.wait_for()
    return page, time.perf_counter() - began


async def measure(address: str, users: int, rounds: int) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"))
        pages = []
        for number in range(users):
            page, seconds = await first_picture(browser, address)
            pages.append(page)
            print(f"user {number + 1}: first picture after {seconds:.2f} s")
        given: list[Any] = [text("method_theta"), rounds]
        alone = await pages[0].evaluate(CHANGE, given)
        say("one user", alone)
        together = await asyncio.gather(*(page.evaluate(CHANGE, given) for page in pages[1:]))
        say(f"{users - 1} more at once", [one for times in together for one in times])
        await browser.close()


def say(who: str, times: list[tuple[int, float]]) -> None:
    """Print the times from control to picture: of what is asked for the first time, and of what is remembered."""
    for what, some in (("new", [one for number, one in times if not number]),
                       ("again", [one for number, one in times if number])):  # fmt: skip
        if len(some) > 1:
            cut = statistics.quantiles(some, n=20)
            print(f"{who}, {what}: median {statistics.median(some):.0f} ms, 95 % {cut[-1]:.0f} ms, n {len(some)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    process, address, seconds = start()
    print(f"answers {seconds:.2f} s after start")
    try:
        asyncio.run(measure(address, asked.users + 1, asked.rounds))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


if __name__ == "__main__":
    main()
