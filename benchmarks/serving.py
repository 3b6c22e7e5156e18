"""What pages cost: python -m benchmarks.serving CORPUS [--articles 500 4873] [--seconds 3].

For each page: requests a second, latency, the server's processor time, and that time as a ratio to
a bare Flask view with the same bytes on the same server, measured right before it. Anonymous pages
are measured again while another process publishes an article every quarter of a second. One web
process, one client on one connection; loopback only.
"""

import argparse
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.browsing import Browser
from benchmarks.load import Act, Figures, getting, measure
from benchmarks.processes import Server, free_port, gunicorn, serving
from benchmarks.shelves import PORTAL, stocked_home

EMAIL, PASSWORD = "theo@harbour.example", "answer-first-demo"
HEAD = f"{'':34}{'req/s':>8}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'x bare':>8}"
GZIP = {"Accept-Encoding": "gzip"}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    asked.add_argument("--articles", type=int, nargs="+", default=[500, 4873])
    asked.add_argument("--seconds", type=float, default=3.0)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for count in given.articles:
            home = stocked_home(Path(folder), given.corpus, count)
            print(f"\n{count} articles\n{HEAD}")
            _measure_portal(home, Path(folder), given.seconds)


def _measure_portal(home: Path, folder: Path, seconds: float) -> None:
    port = free_port()
    command = [PORTAL, "serve", "--port", str(port)]
    with serving(command, port=port, environment={"PORTAL_HOME": str(home)}, serves="serve") as it:
        article = _some_article(port)
        for name, path in {"home": "/", "category": _category(port), "article": article}.items():
            _print_with_bare(name, it, path, folder, seconds)
        with _publishing(home):
            _print_with_bare("article while publishing", it, article, folder, seconds)
            _print_with_bare("home while publishing", it, "/", folder, seconds)
        _print("article, 304", measure(it, _unchanged(port, article), seconds=seconds))
        _print(
            "search", measure(it, getting("/search?q=error+with+template", GZIP), seconds=seconds)
        )
        suggest = getting("/search/suggestions?q=temp", GZIP)
        _print("suggestions", measure(it, suggest, seconds=seconds))
        _measure_cases(it, seconds)
        print(f"{'peak memory of a web process':34}{it.peak_memory_mb():8.0f} MB")


def _measure_cases(server: Server, seconds: float) -> None:
    browser = Browser(server.port)
    browser.open("/sign-in")
    browser.send("password", email=EMAIL, password=PASSWORD)
    signed_in = {**browser.cookie_header, **GZIP}
    _print("case list, signed in", measure(server, getting("/cases", signed_in), seconds=seconds))
    browser.open("/cases")
    found = re.search(r'href="(/cases/[A-Z0-9]{3}-[A-Z0-9]{4})"', browser.page)
    if found is None:
        raise SystemExit("the list names no case")
    page = getting(found[1], signed_in)
    _print("case page, signed in", measure(server, page, seconds=seconds))
    _measure_submission(server, browser)


def _measure_submission(server: Server, browser: Browser, times: int = 20) -> None:
    """The whole guided case, and its last act alone: from Send to the confirmation."""
    whole, sends, took = [], [], []
    for _ in range(times):
        before = server.cpu_ms()
        _fill_in_case(browser)
        middle, started = server.cpu_ms(), time.perf_counter()
        browser.send("csrf_token")
        took.append((time.perf_counter() - started) * 1000)
        sends.append(server.cpu_ms() - middle)
        whole.append(server.cpu_ms() - before)
    cuts = statistics.quantiles(took, n=100)
    rate = 1000 / statistics.mean(took)
    _print("Send case", Figures(rate, cuts[49], cuts[94], cuts[98], statistics.mean(sends)))
    print(f"{'all pages of a case, CPU ms':34}{statistics.mean(whole):8.1f}")


def _fill_in_case(browser: Browser) -> None:
    browser.open("/cases/new")
    browser.send(
        "description", kind="problem", subject="Nightly report", description="It stops at page two."
    )
    if browser.path.endswith("/answers"):
        browser.send("outcome", outcome="continue")
    browser.send("holds", holds="part_down")
    browser.send("outcome", outcome="accept")
    typed = {"detail-steps_taken": "Restarted it", "detail-location": "Oakland"}
    browser.send("detail-steps_taken", **typed, **_rest_of_details(browser))
    browser.send("name")


def _rest_of_details(browser: Browser) -> dict[str, str]:
    kept = browser.known("detail-steps_taken")
    asked = {"company_name", "install_type", "database_type", "vxtracker_server"}
    asked |= {"pbx_manufacturer", "pbx_model"}
    rest = {f"detail-{name}": kept.get(f"detail-{name}") or "as before" for name in asked}
    return {**rest, "detail-other_product_involved": "no", "remote_access": "y"}


def _print_with_bare(name: str, server: Server, path: str, folder: Path, seconds: float) -> None:
    """Portal and bare view in turns, so that a busy machine slows both."""
    body = folder / "body"
    body.write_bytes(_fetched(server.port, path))
    port = free_port()
    environment = {"BENCHMARK_BYTES": str(body)}
    with serving(
        gunicorn("benchmarks.bare:app", port=port), port=port, environment=environment, serves=""
    ) as bare:
        rounds = [
            (
                measure(server, getting(path, GZIP), seconds=seconds / 3),
                measure(bare, getting("/"), seconds=seconds / 3),
            )
            for _ in range(3)
        ]
    ratio = statistics.median(ours.cpu_ms / theirs.cpu_ms for ours, theirs in rounds)
    _print(name, rounds[1][0], ratio)


def _print(name: str, figures: Figures, ratio: float | None = None) -> None:
    bare = f"{ratio:8.2f}" if ratio is not None else ""
    print(
        f"{name:34}{figures.requests_per_second:8.0f}{figures.p50:9.2f}{figures.p95:9.2f}"
        f"{figures.p99:9.2f}{figures.cpu_ms:9.3f}{bare}",
        flush=True,
    )


def _unchanged(port: int, path: str) -> Act:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers=GZIP)
    response = connection.getresponse()
    response.read()
    return getting(path, {**GZIP, "If-None-Match": response.headers["ETag"]}, expect=304)


def _fetched(port: int, path: str) -> bytes:
    """The body as it goes over the wire."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers=GZIP)
    return connection.getresponse().read()


def _category(port: int) -> str:
    browser = Browser(port)
    browser.open("/")
    return "/categories/" + browser.page.split('href="/categories/', 1)[1].split('"', 1)[0]


def _some_article(port: int) -> str:
    browser = Browser(port)
    browser.open(_category(port))
    return "/articles/" + browser.page.split('href="/articles/', 1)[1].split('"', 1)[0]


@contextmanager
def _publishing(home: Path) -> Iterator[None]:
    """Another process publishes and withdraws an article, four times a second."""
    command = [sys.executable, "-m", "benchmarks.publisher"]
    publisher = subprocess.Popen(command, env={**os.environ, "PORTAL_HOME": str(home)})
    time.sleep(1.5)
    try:
        yield
    finally:
        publisher.terminate()
        publisher.wait(timeout=30)


if __name__ == "__main__":
    main()
