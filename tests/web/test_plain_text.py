"""A contact's text appears as it was typed: hostile or not, long or not."""

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web.plain_text import plain_text

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "</p></div><h1>Not ours</h1>",
    "<style>*{display:none}</style>",
    "<iframe src=//evil.example></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    'https://a.example/"onmouseover="alert(1)',
    "https://a.example/'onmouseover='alert(1)",
    "https://a.example/<script>alert(1)</script>",
    "https://a.example/`onmouseover=alert(1)`",
    "https://user:pass@evil.example/",
    "http://a.example/\u202egnp.exe",
    "https://https://https://",
    "https://",
    "http://",
    "httphttphttp://x",
    "xhttps://a.example",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "&amp;lt;script&amp;gt;",
    "{{ 7*7 }}",
    "{% include 'x' %}",
    "${7*7}",
    "<%= 7*7 %>",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/x.png)",
    "<!-- --><script>alert(1)//-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "```\n<script>alert(1)</script>\n```",
    "```html\n</code></pre><script>alert(1)</script>",
    "```",
    "```\n```\n```",
    "\x00<script>\x00alert(1)</script>",
    "\u2028<script>alert(1)</script>\u2029",
    "<scr\u200bipt>alert(1)</script>",
    "\ufeff<b>x</b>",
    "=cmd|' /C calc'!A0",
    '"><script>alert(document.cookie)</script>',
    "' OR 1=1 --",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "\ud83d\ude00 \u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u4e2d\u6587".encode(
        "utf-16", "surrogatepass"
    ).decode("utf-16"),
]
ALLOWED = {"p", "br", "a", "pre", "code"}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def _read(text: str) -> _Tags:
    tags = _Tags()
    tags.feed(str(plain_text(text)))
    return tags


def _is_harmless(tags: _Tags) -> bool:
    for tag, attributes in tags.tags:
        if tag not in ALLOWED or set(attributes) - {"href", "rel", "tabindex"}:
            return False
        if tag == "a" and not str(attributes["href"]).startswith(("http://", "https://")):
            return False
    return True


def test_forty_hostile_texts_are_tried() -> None:
    assert len(set(HOSTILE)) >= 40


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_text(text: str) -> None:
    assert _is_harmless(_read(text))


@given(st.text(max_size=300))
def test_any_text_stays_text(text: str) -> None:
    assert _is_harmless(_read(text))


@given(st.text(alphabet="htps:/.<>\"'`&; \n\t)]}x", max_size=200))
def test_anything_like_an_address_stays_harmless(text: str) -> None:
    assert _is_harmless(_read(text))


@given(st.text(alphabet="abc <>&.", max_size=200))
def test_no_word_is_lost(text: str) -> None:
    assert _read(text).text.split() == text.split()


def test_an_address_becomes_a_link_without_the_full_stop_after_it() -> None:
    assert (
        '<a href="https://a.example/b?c=1&amp;d=2" rel="nofollow ugc noopener noreferrer">'
        "https://a.example/b?c=1&amp;d=2</a>."
    ) in plain_text("See https://a.example/b?c=1&d=2.")


def test_lines_and_paragraphs_stay() -> None:
    assert plain_text("one\ntwo\n\nthree") == "<p>one<br>\ntwo</p>\n<p>three</p>"


def test_code_between_fences_keeps_its_blank_lines_and_has_no_links() -> None:
    shown = plain_text("Look:\n```\na  b\n\nhttps://a.example\n```\nThanks")
    assert '<pre tabindex="0"><code>a  b\n\nhttps://a.example</code></pre>' in shown
    assert "<p>Thanks</p>" in shown


@pytest.mark.parametrize(
    "piece", ["http", "http://", "https://a.", "`", "```\n", "<", "(", "\n", "&", "https://)"]
)
def test_no_text_is_slow(piece: str) -> None:
    started = time.process_time()
    plain_text(piece * (200_000 // len(piece)))
    assert time.process_time() - started < 20
