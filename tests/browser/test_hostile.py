"""Hostile articles and cases in a real Chromium: cleaning alone stops every script, the content
security policy alone stops every script, and nothing leaves the place where it is shown.
"""

from collections.abc import Callable, Iterator

import pytest
from markdown import Markdown
from playwright.sync_api import Browser, Page, Route

from portal.knowledge.rendering import RenderingRefusedError, render
from portal.web.headers import CONTENT_SECURITY_POLICY
from portal.web.plain_text import plain_text
from tests.browser.conftest import PATIENCE_MILLISECONDS
from tests.knowledge.hostile.bodies import (
    ADDRESSES,
    ATTRIBUTE_LISTS,
    ELEMENTS,
    LINKS,
    PLACES,
    filled,
)

ADDRESS = "http://127.0.0.1:9/"
COUNT = """
window.ran = window.ran || [];
for (const name of ['alert', 'confirm', 'prompt', 'print'])
  window[name] = () => { top.ran.push(name); };
"""
TOUCH = """() => {
  for (const element of document.querySelectorAll('body *')) {
    for (const kind of ['mouseover', 'mouseenter', 'focus', 'toggle'])
      try { element.dispatchEvent(new Event(kind)); } catch {}
    const leads = element.getAttribute('href') || element.getAttribute('action') || '';
    if (/^[\\s\\x00-\\x20]*(javascript|vbscript|data):/i.test(leads) || element.onclick)
      try { element.click(); } catch {}
  }
}"""
OUTSIDE = """() => {
  const main = document.querySelector('main');
  const rest = [...document.body.children].filter(each => each !== main);
  const ids = [...main.children].map(each => each.id);
  const loads = [...document.querySelectorAll('[src]')].map(each => each.getAttribute('src'));
  const wide = [...main.querySelectorAll('*')].filter(each =>
    ['fixed', 'absolute', 'sticky'].includes(getComputedStyle(each).position));
  return {rest: rest.map(each => each.outerHTML), ids, wide: wide.length,
          loads: loads.filter(each => !each.startsWith('/files/'))};
}"""

Show = Callable[..., Page]


def corpus() -> list[str]:
    """Every payload in a third of its places, in turns."""
    places, links = list(PLACES.values()), list(LINKS.values())
    found = [
        filled(place, payload)
        for i, payload in enumerate(ELEMENTS)
        for j, place in enumerate(places)
        if (i + j) % 3 == 0
    ]
    found += [
        filled(link, address)
        for i, address in enumerate(ADDRESSES)
        for j, link in enumerate(links)
        if (i + j) % 3 == 0
    ]
    return found + ATTRIBUTE_LISTS


@pytest.fixture
def show(browser: Browser) -> Iterator[Show]:
    """Show one page of HTML under a policy, and nothing else of the world."""
    context = browser.new_context()
    context.add_init_script(COUNT)

    def show_(html: str, *, policy: str = "") -> Page:
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MILLISECONDS)
        headers = {"Content-Type": "text/html; charset=utf-8"}
        if policy:
            headers["Content-Security-Policy"] = policy

        def answer(route: Route) -> None:
            if route.request.url == ADDRESS and route.request.resource_type == "document":
                route.fulfill(status=200, headers=headers, body=html)
            else:
                route.fulfill(status=204)

        page.route("**/*", answer)
        page.goto(ADDRESS)
        page.evaluate(TOUCH)
        page.wait_for_timeout(150)
        return page

    yield show_
    context.close()


def cleaned() -> list[str]:
    """What readers are served."""
    found = []
    for body in corpus():
        try:
            found.append(render(body).html)
        except RenderingRefusedError:
            continue
    return found


def uncleaned() -> list[str]:
    """What they would be served by Markdown as it comes: HTML passes, and nobody cleans."""
    markdown = Markdown(extensions=["extra", "admonition", "toc"])
    return [markdown.reset().convert(body) for body in corpus()]


def in_sections(bodies: list[str]) -> str:
    shown = "".join(f'<section id="c{n}">{body}</section>' for n, body in enumerate(bodies))
    return f"<!DOCTYPE html><title>t</title><body><main>{shown}</main><footer id=end></footer>"


def closed(bodies: list[str]) -> list[str]:
    """Whatever a body leaves open is closed, so that each gets its chance."""
    ends = "--></style></title></textarea></template></noscript></script></iframe></svg></math>"
    return [f"{body}{ends}</select></table></button></form></details>" for body in bodies]


def ran(page: Page) -> list[str]:
    return page.evaluate("window.ran")


def test_cleaned_articles_run_nothing_and_stay_in_their_place_without_a_policy(show: Show) -> None:
    bodies = cleaned()
    assert len(bodies) >= 300
    page = show(in_sections(bodies))
    assert ran(page) == []
    check_place(page, len(bodies))


def test_hostile_cases_run_nothing_and_stay_in_their_place_without_a_policy(show: Show) -> None:
    bodies = [str(plain_text(body)) for body in corpus()]
    assert len(bodies) >= 300
    page = show(in_sections(bodies))
    assert ran(page) == []
    check_place(page, len(bodies))


def check_place(page: Page, count: int) -> None:
    outside = page.evaluate(OUTSIDE)
    assert outside["rest"] == ['<footer id="end"></footer>']
    assert outside["ids"] == [f"c{n}" for n in range(count)]
    assert outside["loads"] == []
    assert outside["wide"] == 0


def test_the_policy_alone_stops_every_script(show: Show) -> None:
    html = in_sections(closed(uncleaned()))
    assert ran(show(html, policy=CONTENT_SECURITY_POLICY)) == []


def test_without_both_the_corpus_is_dangerous(show: Show) -> None:
    page = show(in_sections(closed(uncleaned())))
    page.wait_for_function("window.ran.length >= 100")
