"""Excerpts show the passage that speaks of the question; marking never breaks a page."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from portal.search.excerpts import EXCERPT_CHARACTERS, Marker, excerpt
from portal.search.stemming import stem
from portal.search.words import numbered


def marker(*words: str) -> Marker:
    return Marker(numbered(map(stem, words)), stem)


def test_every_form_of_a_word_is_marked_and_nothing_else() -> None:
    marked = marker("password", "reset").mark("Resetting passwords: the passport stays.")
    assert [text for text, is_marked in marked if is_marked] == ["Resetting", "passwords"]
    assert "".join(text for text, _ in marked) == "Resetting passwords: the passport stays."


def test_the_richest_passage_is_shown() -> None:
    text = "Nothing here. " * 60 + "Then the certificate is renewed by the operator." + " End." * 60
    shown = "".join(text for text, _ in excerpt(text, "A summary.", marker("renew", "certificate")))
    assert "certificate is renewed" in shown
    assert len(shown) <= EXCERPT_CHARACTERS + 6
    assert shown.startswith("… ")


def test_the_summary_is_shown_when_it_says_as_much() -> None:
    shown = excerpt("Body about a password.", "How a password is chosen.", marker("password"))
    assert "".join(text for text, _ in shown) == "How a password is chosen."


def test_marks_stay_out_of_tags_and_entities() -> None:
    html = '<p title="a password > b">amp &amp; password <code>password</code></p>'
    marked = marker("password", "amp").mark_html(html)
    assert marked.count("<mark>") == 3
    assert 'title="a password > b"' in marked
    assert "&amp;" in marked


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text, self.tags = "", [""]

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "mark":
            self.tags.append(f"{tag}{sorted(attrs)}")


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", '<a href="/x?q=reset&amp;b=1">', "</a>", "reset ", "Passwords", " &lt;",
             "<b>", "</b>", "&#39;", " word", '<img alt="reset > it" src="/f">', "é", "\n"]
        ),
        max_size=30,
    )
)  # fmt: skip
def test_marking_changes_neither_text_nor_tags(pieces: list[str]) -> None:
    html = "".join(pieces)
    before, after = _Text(), _Text()
    before.feed(html)
    after.feed(str(marker("reset", "password").mark_html(html)))
    assert (after.text, after.tags) == (before.text, before.tags)


def test_two_ways_to_write_a_word_are_one_word_of_the_question() -> None:
    either = Marker({"login": 0, "log": 0, "fail": 1}, stem)
    text = "Login and log: both. " + "Nothing. " * 60 + "The login fails here."
    assert "login fails here" in "".join(piece for piece, _ in excerpt(text, "", either))
