"""A file says one thing in one way; what doesn't is refused with its line, and never widens."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.knowledge.article import ArticleType, Audience, Status
from portal.knowledge.front_matter import ArticleFile, FrontMatterError, dump, parse
from portal.knowledge.plain_words import body_of, one_line
from tests.knowledge.hostile.heads import GOOD, HEADS

BARE = "---\n" + "\n".join(GOOD) + "\n---\nText\n"

_text = st.text(
    st.characters(
        blacklist_categories=("Cs", "Cc"), blacklist_characters="\u061c\u200e\u200f"
    ).filter(lambda c: c not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),
    max_size=80,
).map(one_line)
lines = _text | st.sampled_from(
    [
        "no",
        "null",
        "~",
        "2026-11-23",
        "1.0",
        "- a",
        "a: b",
        "# c",
        "'q'",
        '"',
        "=",
        "<<",
        "!x",
        "&a",
    ]
)
slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)
bodies = st.text(st.characters(blacklist_categories=("Cs",)), max_size=200).map(body_of)


def _unique(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(strategy, max_size=5, unique=True).map(tuple)


@st.composite
def article_files(draw: st.DrawFn) -> ArticleFile:
    status = draw(st.sampled_from(Status))
    audience = draw(st.sampled_from(Audience))
    is_restricted = audience is Audience.ORGANISATIONS
    return ArticleFile(
        title=draw(lines.filter(bool)),
        audience=audience,
        status=status,
        body=draw(bodies),
        summary=draw(lines),
        category=draw(st.none() | slugs),
        type=draw(st.sampled_from(ArticleType)),
        applies_to=draw(_unique(lines.filter(bool))),
        organisations=draw(_unique(slugs).filter(bool)) if is_restricted else (),
        search_words=draw(_unique(lines.filter(bool))),
        owner=draw(lines),
        verified_on=draw(st.none() | st.dates(min_value=date(1000, 1, 1))),
        review_every=draw(st.none() | st.integers(1, 3_650)),
        aliases=draw(_unique(slugs)),
        pinned=draw(st.booleans()),
        heir=draw(st.none() | slugs) if status is Status.RETIRED else None,
    )


@given(article_files())
def test_what_is_written_is_read_as_the_same_article(article: ArticleFile) -> None:
    assert parse(dump(article)) == article
    assert parse(dump(article).encode()) == article
    assert dump(parse(dump(article))) == dump(article)


def problems(source: str | bytes) -> list[tuple[int, str]]:
    with pytest.raises(FrontMatterError) as told:
        parse(source)
    return [(problem.line, problem.message) for problem in told.value.problems]


def test_there_are_a_hundred_hostile_heads() -> None:
    assert len(set(HEADS)) >= 100


@pytest.mark.parametrize("number", range(len(HEADS)))
def test_a_hostile_head_is_refused_in_time_with_a_line_or_stays_for_staff(number: int) -> None:
    source = f"---\n{HEADS[number]}\n---\nText\n"
    started = time.process_time()
    try:
        article = parse(source)
    except FrontMatterError as error:
        found = error.problems
    else:
        found = []
        assert article.audience is Audience.STAFF
    assert time.process_time() - started < 20
    assert all(problem.line >= 1 and problem.message for problem in found)


def test_what_is_wrong_is_told_all_at_once_with_line_and_remedy() -> None:
    source = "---\ntitle: A?\naudiance: staff\nstatus: live\nreview_every: often\n---\n"
    assert problems(source) == [
        (1, "there is no `audience`. Add `audience: public` (or another of public, customers, "
            "organisations, staff)."),
        (3, "`audiance` is no known key. Did you mean `audience`?"),
        (4, "`status` can't be “live”. Choose one of draft, published, retired."),
        (5, "`review_every` must be a number of days from 1 to 3650, like 180."),
    ]  # fmt: skip


def test_a_doubled_key_names_both_lines() -> None:
    assert problems("---\ntitle: A\ntitle: B\n---\n") == [
        (3, "`title` stands twice (first in line 2). Keep one.")
    ]


def test_a_missing_head_and_a_missing_end_are_told() -> None:
    assert "must begin with" in problems("# Title\n")[0][1]
    assert "no end" in problems("---\ntitle: A\n")[0][1]


def test_a_file_that_is_not_utf8_names_the_line() -> None:
    assert problems(b"---\ntitle: A\nowner: \xff\n---\n")[0][0] == 3


def test_words_that_yaml_would_bend_stay_words() -> None:
    article = parse(BARE.replace("A question?", "no").replace("\n---\nText", "\nowner: 007\n---\n"))
    assert (article.title, article.owner) == ("no", "007")


def test_windows_files_and_marks_at_the_start_are_read() -> None:
    source = b"\xef\xbb\xbf" + BARE.replace("\n", "\r\n").encode()
    assert parse(source) == parse(BARE)


def test_the_line_of_the_body_is_known() -> None:
    article = parse("---\n" + "\n".join(GOOD) + "\n---\n\n\nText\n")
    assert article.body_line == 8
