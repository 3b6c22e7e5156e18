"""A real Chromium in front of a real `portal serve` with the demonstration in it.

Each test module gets a portal of its own. Every page is watched: an error in the console, a
request to anywhere else or an answer of 500 fails the test.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from tests.running import portal, served

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
PASSWORD = "answer-first-demo"
PATIENCE_MILLISECONDS = 60_000
"""How long what has to come may take: a busy machine is no fault."""
expect.set_options(timeout=PATIENCE_MILLISECONDS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@dataclass
class Watched:
    """What went wrong on a page besides what the test looks at."""

    faults: list[str] = field(default_factory=list)

    def watch(self, page: Page, address: str) -> None:
        page.on("console", lambda said: self._note(_is_error(said), said.text))
        page.on("pageerror", lambda error: self._note(True, str(error)))
        page.on("request", lambda request: self._note(_leaves(request, address), request.url))
        page.on("response", lambda response: self._note(_is_broken(response), _told(response)))

    def _note(self, is_fault: bool, words: str) -> None:
        if is_fault:
            self.faults.append(words)


def _leaves(request: Request, address: str) -> bool:
    return not request.url.startswith((address, "data:", "blob:", "about:"))


def _is_error(said: ConsoleMessage) -> bool:
    """Refused forms and pages that are gone are part of the portal; answers are judged apart."""
    return said.type == "error" and not said.text.startswith("Failed to load resource")


def _is_broken(response: Response) -> bool:
    is_part = response.request.resource_type in {"stylesheet", "script", "image", "font"}
    return response.status >= (400 if is_part else 500)


def _told(response: Response) -> str:
    return f"{response.status} {response.url}"


@pytest.fixture(scope="module")
def served_home(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This module's own copy of the demonstration."""
    home = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(demonstration, home)
    return home


@pytest.fixture(scope="module")
def address(served_home: Path) -> Iterator[str]:
    """Where the demonstration of this module is served."""
    with served(served_home, "--processes", "1") as address:
        yield address


@pytest.fixture(scope="module")
def served_under(
    request: pytest.FixtureRequest,
    empty_database_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Where a demonstration under the policy that the test names is served."""
    home = tmp_path_factory.mktemp("policy")
    shutil.copy(empty_database_file, home / "portal.db")
    assert portal(home, "demo", "--policy", request.param).returncode == 0
    with served(home, "--processes", "1") as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.fail("Chromium is not installed (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[OpenPage]:
    """A page of a new visitor: open_page(script=False, width=390, dark=True)."""
    watched, contexts = Watched(), []

    def open_(
        *, script: bool = True, width: int = 1280, dark: bool = False, at: str = address
    ) -> Page:
        context = browser.new_context(
            base_url=at,
            java_script_enabled=script,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            timezone_id="Europe/Berlin",
            locale="en-GB",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MILLISECONDS)
        watched.watch(page, at)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert watched.faults == []


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def page(request: pytest.FixtureRequest, open_page: OpenPage) -> Page:
    """A visitor's page, once with and once without JavaScript."""
    return open_page(script=request.param)


def sign_in(page: Page, email: str) -> None:
    """Sign in as one of the demonstration's people."""
    page.goto("/sign-in")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("main").get_by_label("Password", exact=True)).to_have_count(0)
