"""Help inside a product: a real page of another site shows the portal's answers in a frame."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser.conftest import PATIENCE_MILLISECONDS
from tests.ports import free_port
from tests.running import served

SLUG = "how-do-i-search"


class Product(BaseHTTPRequestHandler):
    """A product's page with a policy of its own, which allows the portal's script and frame."""

    portal = ""

    def do_GET(self) -> None:
        body = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
            <meta name="viewport" content="width=device-width">
            <script src="{self.portal}/widget/v1.js" async></script></head><body><h1>Orders</h1>
            <a href="{self.portal}/help/orders.list?product=Shop" data-help>Help</a>
            <button>Save order</button></body></html>""".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header(
            "Content-Security-Policy",
            f"default-src 'none'; script-src {self.portal}; frame-src {self.portal}",
        )
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Quietly."""


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def address(served_home: Path, port: int) -> Iterator[str]:
    """The portal, which lets the product's page show it."""
    with (served_home / "settings.toml").open("a") as file:
        file.write(f'\nwidget_origins = "http://127.0.0.1:{port}"\n')
    with served(served_home, "--processes", "1") as address:
        yield address


@pytest.fixture
def product(address: str, port: int) -> Iterator[str]:
    """The product's page, at another origin than the portal."""
    handler = type("Here", (Product,), {"portal": address})
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(handler))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def shop(browser: Browser, product: str) -> Iterator[Page]:
    """The product in a browser; whatever is refused or fails is an error."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page, faults = context.new_page(), []
    page.set_default_timeout(PATIENCE_MILLISECONDS)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(product)
    yield page
    context.close()
    assert [one for one in faults if "favicon" not in one and "404" not in one] == []


def frame(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title=Help]")


def test_A19_help_opens_beside_the_page_searches_and_answers_in_place(shop: Page) -> None:
    shop.get_by_role("link", name="Help").press("Enter")
    help_ = frame(shop)
    expect(help_.get_by_text("There is no article for this place")).to_be_visible()
    shop.keyboard.press("Tab")  # the script has put the focus into the frame
    help_.get_by_label("Describe it in a few words").fill("search")
    shop.keyboard.press("Enter")
    help_.get_by_role("link", name="How do I search").first.click()
    expect(help_.get_by_role("heading", level=1)).to_contain_text("search")
    with shop.context.expect_page() as opened:
        help_.get_by_role("link", name="Open a case (opens").click()
    expect(opened.value.locator("input[value=search][type=text]")).to_be_visible()
    shop.bring_to_front()
    help_.get_by_role("link", name="Back to the answers").press("Escape")
    expect(shop.get_by_role("dialog")).to_have_count(0)
    expect(shop.get_by_role("link", name="Help")).to_be_focused()


def test_the_page_goes_on_working_beside_it_and_closes_it_by_a_button(shop: Page) -> None:
    shop.get_by_role("link", name="Help").click()
    expect(frame(shop).get_by_role("heading", level=1)).to_be_visible()
    shop.get_by_role("button", name="Save order").click()
    shop.get_by_role("button", name="Close help").click()
    expect(shop.get_by_role("link", name="Help")).to_be_focused()
    shop.get_by_role("link", name="Help").click()
    expect(frame(shop).get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_it_takes_the_whole_screen_without_scrolling_sideways(
    shop: Page, width: int
) -> None:
    shop.set_viewport_size({"width": width, "height": 700})
    shop.get_by_role("link", name="Help").click()
    expect(frame(shop).get_by_role("heading", level=1)).to_be_visible()
    assert shop.get_by_role("dialog").bounding_box() == {
        "x": 0, "y": 0, "width": width, "height": 700,
    }  # fmt: skip
    inner = shop.frames[1]
    assert inner.evaluate("document.documentElement.scrollWidth") <= width


def test_without_script_the_link_leads_to_the_portal(
    browser: Browser, product: str, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(product)
    page.get_by_role("link", name="Help").click()
    expect(page).to_have_url(f"{address}/help/orders.list?product=Shop")
    expect(page.get_by_role("heading", level=1)).to_have_text("No article for this yet")
    context.close()


def test_a_site_that_nobody_named_is_refused_and_the_link_leads_on(
    browser: Browser, address: str
) -> None:
    handler = type("Elsewhere", (Product,), {"portal": address})
    server = ThreadingHTTPServer(("127.0.0.1", free_port()), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_context().new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    page.get_by_role("link", name="Help").click()
    expect(page).to_have_url(f"{address}/help/orders.list?product=Shop")
    page.context.close()
    server.shutdown()
    server.server_close()
