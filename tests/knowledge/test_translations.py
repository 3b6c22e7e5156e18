"""An article in several languages: one of each group is shown, and an old translation says so."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.database import Database
from portal.knowledge import queries, translating
from portal.knowledge.article import Article, Audience, Status
from portal.knowledge.publishing import publish
from portal.knowledge.reader import ANYONE, STAFF
from portal.knowledge.translating import TranslationRefusedError
from portal.knowledge.translations import best_of_groups, outdated, readable_versions
from portal.knowledge.versioning import save_version
from portal.knowledge.withdrawing import retire, unpublish
from portal.knowledge.words import Words
from portal.languages import Languages, best_match, direction_of, name_of, read_tag
from tests.knowledge.shelves import AT
from tests.search.library import article

GERMAN = replace(ANYONE, languages=Languages("de", "en"))
ENGLISH = replace(ANYONE, languages=Languages("en", "en"))
ARABIC = replace(ANYONE, languages=Languages("ar", "en"))


def translated(db: Session, original: Article, language: str, title: str) -> Article:
    """A translation that readers see."""
    made = translating.add_translation(
        db, original=original, language=language, first="en", by=None, now=AT
    )
    save_version(db, article=made, words=Words(title, "Text."), by=None, now=AT)
    publish(db, article=made, by=None, now=AT)
    return made


def titles(db: Session, reader: object) -> list[str]:
    found = queries.recently_changed(db, reader=reader, limit=20)  # type: ignore[arg-type]
    return sorted(one.published.title for one in found if one.published)


def test_a_list_shows_each_article_once_in_the_readers_language(database: Database) -> None:
    with database.writing() as db:
        reset = article(db, "Reset a password")
        article(db, "Only in English")
        translated(db, reset, "de", "Passwort zurücksetzen")
        assert titles(db, GERMAN) == ["Only in English", "Passwort zurücksetzen"]
        assert titles(db, ENGLISH) == ["Only in English", "Reset a password"]
        assert titles(db, ARABIC) == ["Only in English", "Reset a password"]
        shelf = reset.category
        assert queries.count_articles_in(db, shelf, reader=GERMAN) == 2
        found = queries.articles_in(db, shelf, reader=GERMAN, now=AT)
        assert len(found) == 2
        (only,) = queries.shelves(db, reader=GERMAN, now=AT)
        assert only.count == 2
        assert {one.language for one in only.top} == {"", "de"}


def test_a_draft_or_forbidden_translation_hides_nothing(database: Database) -> None:
    with database.writing() as db:
        reset = article(db, "Reset a password")
        german = translated(db, reset, "de", "Passwort zurücksetzen")
        german.audience = Audience.STAFF
        db.flush()
        assert titles(db, GERMAN) == ["Reset a password"]
        assert titles(db, replace(STAFF, languages=GERMAN.languages)) == ["Passwort zurücksetzen"]
        unpublish(db, article=german, by=None, now=AT)
        assert titles(db, replace(STAFF, languages=GERMAN.languages)) == ["Reset a password"]
        assert [one.id for one in readable_versions(db, reset, reader=GERMAN)] == [reset.id]


def test_a_translation_goes_on_when_its_original_is_retired(database: Database) -> None:
    with database.writing() as db:
        reset = article(db, "Reset a password")
        german = translated(db, reset, "de", "Passwort zurücksetzen")
        retire(db, article=reset, by=None, now=AT)
        assert titles(db, ENGLISH) == ["Passwort zurücksetzen"]
        assert best_of_groups(db, [reset.id], reader=ENGLISH) == {reset.id: german.id}
        assert not german.is_outdated


def test_a_newer_version_of_the_original_makes_the_translation_out_of_date(
    database: Database,
) -> None:
    with database.writing() as db:
        reset = article(db, "Reset a password")
        german = translated(db, reset, "de", "Passwort zurücksetzen")
        assert not german.is_outdated
        save_version(db, article=reset, words=Words("Reset it", "Other."), by=None, now=AT)
        assert not german.is_outdated, "nobody reads the new version yet"
        publish(db, article=reset, by=None, now=AT)
        assert german.is_outdated
        assert list(db.scalars(queries.select(Article).where(outdated()))) == [german]
        translating.bring_up_to_date(db, article=german, by=None, now=AT)
        assert not german.is_outdated
        assert german.translated_version_id == reset.published_version_id


def test_a_draft_begins_with_the_words_of_the_original_and_an_address_of_its_own(
    database: Database,
) -> None:
    with database.writing() as db:
        reset = article(db, "Reset a password", body="Ask for a link.", slug="reset")
        article(db, "In the way", slug="reset-de")
        made = translating.add_translation(
            db, original=reset, language="de", first="en", by=None, now=AT
        )
        assert (made.slug, made.status) == ("reset-de-2", Status.DRAFT)
        assert made.versions[0].body == "Ask for a link."


def test_there_is_one_article_for_each_language(database: Database) -> None:
    with database.writing() as db:
        reset = article(db, "Reset a password")
        german = translated(db, reset, "de", "Passwort zurücksetzen")
        for original, language in ((reset, "de"), (german, "de"), (german, ""), (reset, "en")):
            with pytest.raises(TranslationRefusedError):
                translating.add_translation(
                    db, original=original, language=language, first="en", by=None, now=AT
                )
        other = article(db, "Another")
        with pytest.raises(TranslationRefusedError, match="is a translation itself"):
            translating.link(
                db, article=other, original=german, first="en", is_outdated=False, now=AT
            )


@given(
    stored=st.lists(st.sampled_from(["", "de", "ar", "fr"]), min_size=1, max_size=4, unique=True),
    hidden=st.sets(st.integers(0, 3)),
    wanted=st.sampled_from(["en", "de", "ar", "fr"]),
)
def test_whatever_is_there_a_reader_is_shown_exactly_one_that_they_may_read(
    blank_groups: Database, stored: list[str], hidden: set[int], wanted: str
) -> None:
    with blank_groups.writing() as db:
        first = article(db, "Original")
        first.language = stored[0]
        group = [first]
        for number, language in enumerate(stored[1:], start=1):
            made = article(db, f"Version {number}")
            made.language, made.translation_of_id = language, first.id
            group.append(made)
        for number in hidden:
            if number < len(group):
                group[number].audience = Audience.CUSTOMERS
        db.flush()
        reader = replace(ANYONE, languages=Languages(wanted, "en"))
        readable = [one for one in group if one.audience is Audience.PUBLIC]
        shown = queries.recently_changed(db, reader=reader, limit=20)
        assert len(shown) == min(1, len(readable))
        best = best_of_groups(db, [one.id for one in group], reader=reader)
        assert set(best.values()) == {one.id for one in shown}
        tags = {one.language or "en" for one in readable}
        if readable:
            found = shown[0].language or "en"
            assert found == (wanted if wanted in tags else "en" if "en" in tags else found)
        db.rollback()


@pytest.fixture
def blank_groups(database: Database) -> Database:
    return database


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr,en;q=0.5", "en"),
        ("pt", "pt-BR"),
        ("en;q=0.1, ar;q=0.9", "ar"),
        ("de;q=0, ar", "ar"),
        ("*", None),
        ("", None),
        ("de;q=high, ;;;, ar", "ar"),
    ],
)
def test_a_browsers_wish_is_served_by_the_nearest_language(
    header: str, expected: str | None
) -> None:
    assert best_match(header, ("en", "de", "ar", "pt-BR")) == expected


@given(st.text(max_size=60))
def test_no_header_and_no_tag_fails(text: str) -> None:
    best_match(text, ("en", "de"))
    tag = read_tag(text)
    assert tag is None or read_tag(tag) == tag


def test_tags_have_one_form_a_name_and_a_direction() -> None:
    assert [read_tag(one) for one in ("DE", "pt_br", "zh-hant-tw", "xx", "german", "")] == [
        *("de", "pt-BR", "zh-Hant-TW", None, None, None)
    ]
    assert name_of("pt-BR") == "Português (BR)"
    assert [direction_of(one) for one in ("ar", "he", "de")] == ["rtl", "rtl", "ltr"]
