"""Faults keep a version from readers, advice does not; both say what to do."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from portal.knowledge.article import Article, ArticleType, Audience, Category, Version
from portal.knowledge.checks import (
    Finding,
    NotReadyError,
    check,
    draft_of,
    is_question_or_task,
)
from portal.knowledge.publishing import publish
from portal.knowledge.readability import lix, longest_sentence, reading_ease, syllables
from portal.knowledge.releasing import release
from portal.knowledge.versioning import add_article, latest_version
from portal.knowledge.words import Facts, Words
from portal.people.person import Person
from tests import cast

GOOD = "Hold both keys for five seconds. The light turns green, and the handset starts again.\n"


@pytest.fixture
def wren(db: Session) -> Person:
    return cast.writer(db)


def written(
    db: Session, now: datetime, body: str = GOOD, *, title: str = "How do I reset a handset?",
    summary: str = "Hold both keys.", slug: str = "reset",
) -> tuple[Article, Version]:  # fmt: skip
    shelf = Category(slug=f"c-{slug}", title="C")
    db.add(shelf)
    db.flush()
    facts = Facts(shelf, audience=Audience.PUBLIC)
    words = Words(title, body, summary)
    article = add_article(db, slug=slug, words=words, facts=facts, by=None, now=now)
    version = latest_version(db, article)
    assert version is not None
    return article, version


def findings(db: Session, now: datetime, body: str = GOOD, **more: str) -> list[Finding]:
    _, version = written(db, now, body, **more)
    return check(db, draft_of(version, ArticleType.HOW_TO))


def test_U1008_a_good_article_has_nothing_to_put_right(db: Session, now: datetime) -> None:
    assert findings(db, now) == []


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"summary": ""}, "summary", "Write a summary"),
        ({"body": GOOD + "\n![](a.png)\n"}, "body", "isn’t there"),
        ({"body": GOOD + "\nSee [that](nowhere.md).\n"}, "body", "“nowhere” leads nowhere"),
    ],
)
def test_U1008_readers_would_stumble_over_it(
    changes: dict[str, str], field: str, said: str, db: Session, now: datetime
) -> None:
    [found] = findings(db, now, **changes)
    assert (found.is_fault, found.field) == (True, field)
    assert said in found.message


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": "Handset information"}, "reader’s question or task"),
        ({"title": f"How do I {'very ' * 20}long?"}, "Shorten the title"),
        ({"summary": "Long. " * 60}, "Shorten the summary"),
        ({"body": f"{GOOD}\n## One\n\nText\n\n#### Three\n\nText\n"}, "leave no level out"),
        ({"body": "Yes."}, "very short"),
        ({"body": f"Then {'and then ' * 25}stop.\n"}, "A sentence has 52 words"),
        ({"body": "word and more. " * 600}, "1,800 words"),
    ],
)
def test_U1008_advice_is_given_and_blocks_nothing(
    changes: dict[str, str], said: str, db: Session, wren: Person, now: datetime
) -> None:
    found = findings(db, now, **changes)
    assert any(said in one.message for one in found)
    assert not any(one.is_fault for one in found)


def test_U1008_faults_block_a_person_but_not_the_operators_own_files(
    db: Session, wren: Person, now: datetime
) -> None:
    article, _ = written(db, now, summary="")
    with pytest.raises(NotReadyError, match="Write a summary"):
        release(db, article=article, by=wren, now=now)
    assert not article.is_published
    publish(db, article=article, by=None, now=now)
    assert article.is_published


def test_a_link_to_a_retired_article_leads_on_and_one_to_a_draft_does_not(
    db: Session, now: datetime
) -> None:
    target, _ = written(db, now, slug="target")
    body = GOOD + "\n[It](target)\n"
    assert [one.is_fault for one in findings(db, now, body, slug="one")] == [True]
    publish(db, article=target, by=None, now=now)
    assert findings(db, now, body, slug="two") == []


@pytest.mark.parametrize(
    "title",
    ["How do I reset it?", "Reset your password", "Resetting a password", "Why is it slow"],
)
def test_a_question_or_a_task_is_known(title: str) -> None:
    assert is_question_or_task(title)


@pytest.mark.parametrize("title", ["Passwords", "Information on passwords", "String", ""])
def test_a_mere_subject_is_known_too(title: str) -> None:
    assert not is_question_or_task(title)


def test_plain_words_read_easier_than_learned_ones() -> None:
    plain = "Open the box. Take the cable out. Put it into the wall. " * 6
    learned = (
        "Notwithstanding considerable administrative complications, organisational "
        "responsibilities necessitate comprehensive documentation of infrastructural "
        "modifications implemented by authorised representatives. "
    ) * 5
    easy, hard = reading_ease(plain), reading_ease(learned)
    assert easy is not None
    assert hard is not None
    assert (easy > 80, hard < 20) == (True, True)
    assert reading_ease("Too short.") is None
    assert longest_sentence("One two three. One two three four.\nCode") == "One two three four."
    assert [syllables(word) for word in ("box", "cable", "administration", "asked")] == [1, 2, 5, 1]


def test_other_languages_are_measured_by_lix_as_its_author_counts() -> None:
    text = "Drücken Sie den Knopf. " * 15 + "Die Anlage startet danach. " * 5
    assert lix(text) == pytest.approx(80 / 20 + 100 * (15 + 5) / 80)
    assert lix("Zu kurz für ein Maß.") is None


SIMPLE_GERMAN = (
    "Halten Sie die Taste fünf Sekunden. Die Lampe wird grün. Das Gerät beginnt neu. " * 8
)
LEARNED_GERMAN = (
    "Die Zurücksetzung sämtlicher Gerätekonfigurationen einschließlich benutzerdefinierter "
    "Einstellungen erfolgt ausschließlich durch gleichzeitiges, mindestens fünfsekündiges "
    "Betätigen beider Funktionstasten während des Einschaltvorgangs. "
) * 4


def test_a_german_text_is_measured_as_german(db: Session, now: datetime) -> None:
    def said(body: str, language: str, slug: str) -> list[str]:
        _, version = written(db, now, body + "\n", title="Mobilteil zurücksetzen", slug=slug)
        draft = draft_of(version, ArticleType.HOW_TO, language)
        return [one.message for one in check(db, draft)]

    assert said(SIMPLE_GERMAN, "de", "a") == []
    assert any("LIX" in one for one in said(LEARNED_GERMAN, "de-AT", "b"))
    assert any("reading ease" in one for one in said(LEARNED_GERMAN, "en", "c"))
    assert said(LEARNED_GERMAN, "fi", "d") == []


@pytest.mark.parametrize(
    ("title", "language", "is_good"),
    [
        ("Wie setze ich ein Mobilteil zurück?", "de", True),
        ("Welche Formate gehen", "de", True),
        ("Kontakte hinzufügen und entfernen", "de-CH", True),
        ("Mobilteile und Zubehör", "de", False),
        ("Einstellungen", "de", False),
        ("Les combinés", "fr", True),
    ],
)
def test_a_title_is_judged_in_its_own_language(title: str, language: str, is_good: bool) -> None:
    assert is_question_or_task(title, language) is is_good
