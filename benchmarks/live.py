"""What 1,000 open case pages cost: python -m benchmarks.live [--pages 1000] [--seconds 20].

A portal with the demonstration's people is served by one web process. A signed-in contact's page is
opened, and looks for news are sent over kept connections at the pace at which so many open pages
ask. Printed: the server's processor time for one look, and for all pages in one second of wall
time; beside it what a look costs when there is news (the whole timeline), and what the cheapest
page of the portal costs.
"""

import argparse
import http.client
import os
import re
import subprocess
import tempfile
import time
from html import unescape

from benchmarks.browsing import Browser
from benchmarks.load import Headers, getting, measure
from benchmarks.processes import Server, free_port, serving
from benchmarks.shelves import PORTAL

EMAIL, PASSWORD = "theo@harbour.example", "answer-first-demo"
PAUSE_SECONDS = 30
GOAL_LOOK_MS, GOAL_SECOND_MS = 1.0, 50.0


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pages", type=int, default=1000)
    asked.add_argument("--seconds", type=float, default=20.0)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = {"PORTAL_HOME": folder}
        subprocess.run(
            [PORTAL, "demo"], env={**os.environ, **home}, check=True, capture_output=True
        )
        port = free_port()
        command = [PORTAL, "serve", "--port", str(port)]
        with serving(command, port=port, environment=home, serves="serve") as server:
            _measure(server, given.pages, given.seconds)


def _measure(server: Server, pages: int, seconds: float) -> None:
    path, looks = _open_page(server)
    quiet = _paced(server, path, looks, rate=pages / PAUSE_SECONDS, seconds=seconds)
    news = measure(server, getting(path, {"Cookie": looks["Cookie"]}), seconds=seconds / 10)
    print(f"{'':46}{'CPU ms':>8}{'goal':>8}")
    a_look = quiet / (pages / PAUSE_SECONDS)
    print(f"{'a look that finds nothing new':46}{a_look:8.2f}{GOAL_LOOK_MS:8.1f}")
    of_all = f"{pages:,} open pages, in one second of wall time"
    print(f"{of_all:46}{quiet:8.1f}{GOAL_SECOND_MS:8.0f}")
    print(f"{'a look that finds something':46}{news.cpu_ms:8.2f}")
    kept = measure(server, getting("/"), seconds=seconds / 10)
    print(f"{'the home page, kept, beside it':46}{kept.cpu_ms:8.2f}")


def _open_page(server: Server) -> tuple[str, Headers]:
    """The address of one page's looks, and the headers that its script sends."""
    browser = Browser(server.port)
    browser.open("/sign-in")
    browser.send("password", email=EMAIL, password=PASSWORD)
    browser.open("/cases")
    found = re.search(r'href="(/cases/[A-Z0-9]{3}-[A-Z0-9]{4})"', browser.page)
    if found is None:
        raise SystemExit("the list names no case")
    browser.open(found[1])
    mark = re.search(r'data-fresh-mark="([^"]+)"', browser.page)
    if mark is None:
        raise SystemExit("the page has no mark")
    return f"{found[1]}/entries", {**browser.cookie_header, "If-None-Match": unescape(mark[1])}


def _paced(server: Server, path: str, looks: Headers, *, rate: float, seconds: float) -> float:
    """Send looks at this rate; the server's processor milliseconds in one second."""
    act = getting(path, looks, expect=304)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    act(connection)
    before, started, sent = server.cpu_ms(), time.perf_counter(), 0
    while (elapsed := time.perf_counter() - started) < seconds:
        if sent > elapsed * rate:
            time.sleep(sent / rate - elapsed)
        act(connection)
        sent += 1
    return (server.cpu_ms() - before) / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
