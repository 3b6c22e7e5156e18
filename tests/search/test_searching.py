"""A reader finds what they may read, nothing else, whatever they type and whatever they are."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.database import Database
from portal.knowledge.article import Article, Audience
from portal.knowledge.queries import readable_articles
from portal.knowledge.reader import ANYONE, Reader
from portal.knowledge.withdrawing import retire
from portal.people.organisation import Organisation
from portal.search import indexing, searching, suggesting
from portal.search.deflection import articles_for
from portal.search.similar import similar
from portal.search.whoosh_index import WhooshIndex
from tests.search.hostile import HOSTILE
from tests.search.library import WRITTEN_AT, article, shelf

STAFF = Reader("staff")
RUNAWAY_SECONDS = 20
"""Of processor time: what no question takes on any machine, unless it never ends."""


@pytest.fixture
def index(home: Path) -> WhooshIndex:
    return WhooshIndex(home / "index")


@pytest.fixture
def library(database: Database, index: WhooshIndex) -> None:
    with database.writing() as db:
        operations = shelf(db, "operations", "Operations")
        article(db, "How do I reset my password?", body="Choose *Forgotten password*.")
        article(db, "How do I change my address?", body="Your password is asked.")
        article(db, "Which backups are made?", body="Nightly.", category=operations)
        article(db, "Escalating a case", body="Ask staff.", audience=Audience.CUSTOMERS)
        article(db, "Staff password vault", body="The vault.", audience=Audience.STAFF)
        article(db, "Password draft", body="Not yet.", is_published=False)
    indexing.catch_up(database, index)


def titles(db: Session, index: WhooshIndex, text: str, reader: Reader = ANYONE) -> list[str]:
    return [item.title for item in searching.search(db, index, text=text, reader=reader).items]


@pytest.mark.usefixtures("library")
def test_the_answer_comes_first_with_its_words_marked(db: Session, index: WhooshIndex) -> None:
    results = searching.search(db, index, text="reset passwords", reader=ANYONE)
    assert results.items[0].title == "How do I reset my password?"
    assert results.items[0].is_strong
    assert ("password", True) in results.items[0].excerpt
    assert not results.is_plain


@pytest.mark.usefixtures("library")
def test_drafts_staff_and_customer_articles_are_found_by_whom_they_are_for(
    db: Session, index: WhooshIndex
) -> None:
    assert titles(db, index, "vault") == []
    assert titles(db, index, "vault", STAFF) == ["Staff password vault"]
    assert titles(db, index, "escalating") == []
    assert titles(db, index, "escalating", Reader("contact")) == ["Escalating a case"]
    assert "Password draft" not in titles(db, index, "password draft", STAFF)


@pytest.mark.usefixtures("library")
def test_categories_count_only_what_is_found(db: Session, index: WhooshIndex) -> None:
    results = searching.search(db, index, text="password backups", reader=ANYONE)
    assert {(c.slug, c.count) for c in results.categories} == {("accounts", 2), ("operations", 1)}
    narrowed = searching.search(
        db, index, text="password backups", reader=ANYONE, category="operations"
    )
    assert [item.title for item in narrowed.items] == ["Which backups are made?"]
    assert narrowed.category is not None


@pytest.mark.parametrize("is_indexed", [True, False])
def test_a_product_or_its_version_narrows_the_answers(
    database: Database, index: WhooshIndex, is_indexed: bool
) -> None:
    with database.writing() as db:
        article(db, "Feeding a quokka", applies_to=["Gateway 4.2"])
        article(db, "Caring for a quokka", applies_to=["Press"])
        article(db, "Where a quokka sleeps")
    if is_indexed:
        indexing.catch_up(database, index)
    with database.reading() as db:
        found = {
            product: searching.search(
                db, index, text="quokka", reader=ANYONE, product=product
            ).total
            for product in ("gateway", "Gateway 4.2", "Gateway 5", "press", None)
        }
        offered = searching.search(db, index, text="quokka", reader=ANYONE).products
    assert found == {"gateway": 2, "Gateway 4.2": 2, "Gateway 5": 1, "press": 2, None: 3}
    assert {(one.name, one.count) for one in offered} == {("Gateway 4.2", 1), ("Press", 1)}


@pytest.mark.usefixtures("library")
def test_a_withdrawn_article_is_gone_at_once_before_the_index_knows(
    database: Database, index: WhooshIndex
) -> None:
    with database.writing() as db:
        found = db.query(Article).filter(Article.slug == "how-do-i-reset-my-password").one()
        retire(db, article=found, by=None, now=WRITTEN_AT)
    with database.reading() as db:
        results = searching.search(db, index, text="reset password", reader=ANYONE)
        assert results.total == 1
        suggested = suggesting.suggest(db, index, prefix="reset", reader=ANYONE)
    assert suggested == []


@pytest.mark.usefixtures("library")
def test_what_was_read_for_a_typing_error_is_said(db: Session, index: WhooshIndex) -> None:
    results = searching.search(db, index, text="reset pasword", reader=ANYONE)
    assert results.read_as == "reset password"
    assert results.total
    exact = searching.search(db, index, text="pasword", reader=ANYONE, forgives=False)
    assert (exact.total, exact.read_as) == (0, None)


@pytest.mark.usefixtures("library")
def test_what_is_put_right_leaves_the_rest_as_it_was_typed(db: Session, index: WhooshIndex) -> None:
    results = searching.search(db, index, text="reset my pasword, E-4012!", reader=ANYONE)
    assert results.read_as == "reset my password, E-4012!"


@pytest.mark.usefixtures("library")
def test_suggestions_can_keep_to_a_category(db: Session, index: WhooshIndex) -> None:
    found = suggesting.suggest(
        db, index, prefix="wh", reader=ANYONE, category="operations", limit=1
    )
    assert [one.title for one in found] == ["Which backups are made?"]
    elsewhere = suggesting.suggest(db, index, prefix="wh", reader=ANYONE, category="accounts")
    assert elsewhere == []


@pytest.mark.usefixtures("library")
def test_related_articles_leave_the_article_itself_out(db: Session, index: WhooshIndex) -> None:
    own = db.query(Article).filter(Article.slug == "how-do-i-reset-my-password").one()
    related = similar(db, index, article_id=own.id, reader=ANYONE)
    assert [a.slug for a in related] == ["how-do-i-change-my-address"]


@pytest.mark.usefixtures("library")
def test_D5_a_case_draft_is_offered_answers_that_probably_answer_it(
    db: Session, index: WhooshIndex
) -> None:
    offered = articles_for(
        db,
        index,
        subject="I want to reset my password",
        description="It says that my password is wrong.",
        reader=ANYONE,
    )
    assert offered[0].title == "How do I reset my password?"
    assert "<em>Forgotten password</em>" in offered[0].answer


@pytest.mark.parametrize(
    ("subject", "description"),
    [
        ("The printer burns", "Smoke comes out of it and nobody knows why."),
        ("Help", ""),
        ("", ""),
        ("Vault staff password", "the vault"),
    ],
)
@pytest.mark.usefixtures("library")
def test_below_the_threshold_nothing_is_offered(
    db: Session, index: WhooshIndex, subject: str, description: str
) -> None:
    offered = articles_for(db, index, subject=subject, description=description, reader=ANYONE)
    assert "Staff password vault" not in [one.title for one in offered]
    if "password" not in subject:
        assert offered == []


def test_common_words_of_the_description_alone_offer_nothing(
    database: Database, index: WhooshIndex
) -> None:
    with database.writing() as db:
        article(db, "What is ready?", body="A shop shown. " + "Water. " * 40 + "Morning.")
        for one in range(20):
            article(db, f"Topic {one}", body="Something else that is written about.")
    indexing.catch_up(database, index)
    description = "Nothing is shown on it since the morning."
    with database.reading() as db:
        offered = articles_for(
            db, index, subject="Wallboard empty", description=description, reader=ANYONE
        )
        assert offered == []


def test_what_only_looks_like_the_best_answer_is_left_out(
    database: Database, index: WhooshIndex
) -> None:
    with database.writing() as db:
        article(db, "How do I reset my password?", body="Choose to reset your password.")
        article(
            db, "Shelves", body="A password may lie about. Elsewhere there is a reset of shelves."
        )
        for one in range(20):
            article(db, f"Topic {one}", body="Something else that is written about.")
    indexing.catch_up(database, index)
    with database.reading() as db:
        offered = articles_for(
            db, index, subject="reset my password", description="", reader=ANYONE
        )
    assert [each.title for each in offered] == ["How do I reset my password?"]


@pytest.mark.usefixtures("library")
def test_hostile_questions_are_answered_and_reveal_nothing(db: Session, index: WhooshIndex) -> None:
    assert len(HOSTILE) >= 200
    for text in HOSTILE:
        started = time.process_time()
        results = searching.search(db, index, text=text, reader=ANYONE, category=text[:50])
        results = searching.search(db, index, text=text, reader=ANYONE)
        suggested = suggesting.suggest(db, index, prefix=text, reader=ANYONE)
        assert time.process_time() - started < RUNAWAY_SECONDS, text
        shown = [item.title for item in results.items] + [s.title for s in suggested]
        assert not {"Staff password vault", "Escalating a case", "Password draft"} & set(shown)
        assert not results.is_plain


WORDS = ("alpha", "bravo", "charlie", "delta", "echo")
AUDIENCES = st.sampled_from([*Audience, None])  # None: a draft


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(st.permutations(WORDS).map(lambda p: " ".join(p[:3])), AUDIENCES, st.booleans()),
        min_size=1,
        max_size=6,
    ),
    st.booleans(),
)
def test_D6_no_surface_shows_what_a_reader_may_not_read(
    database: Database,
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, Audience | None, bool]],
    is_indexed: bool,
) -> None:
    """Random articles and readers: search, suggestions, counts, related, deflection."""
    index = WhooshIndex(tmp_path_factory.mktemp("index"))
    with database.open_writing() as db:
        ours = Organisation(slug="ours", name="Ours", created_at=WRITTEN_AT)
        theirs = Organisation(slug="theirs", name="Theirs", created_at=WRITTEN_AT)
        db.add_all([ours, theirs])
        db.flush()
        for number, (title, audience, is_ours) in enumerate(rows):
            article(
                db,
                f"{title} n{number}",
                body=f"All about {title}.",
                audience=audience or Audience.PUBLIC,
                organisations=[ours if is_ours else theirs],
                is_published=audience is not None,
            )
        if is_indexed:
            found = list(indexing.documents(db, range(1, 10_000)))
            index.rebuild(found, revision=1)
        readers = [
            ANYONE,
            STAFF,
            Reader("contact"),
            Reader("contact", ours.id),
            Reader("contact", theirs.id),
        ]
        for reader in readers:
            _check_surfaces(db, index, reader)
        db.rollback()


def _check_surfaces(db: Session, index: WhooshIndex, reader: Reader) -> None:
    allowed = {one.id: one for one in readable_articles(db, reader=reader)}
    names = {one.published.title for one in allowed.values() if one.published}
    for word in WORDS:
        results = searching.search(db, index, text=word, reader=reader)
        holding = {title for title in names if word in title}
        assert {item.title for item in results.items} == holding
        assert results.total == len(holding)
        assert sum(c.count for c in results.categories) == results.total
        suggested = suggesting.suggest(db, index, prefix=word[:3], reader=reader)
        assert {s.title for s in suggested} <= names
        offered = articles_for(
            db, index, subject=f"{word} trouble {WORDS[0]}", description="", reader=reader
        )
        assert {one.title for one in offered} <= names
        assert {a.id for a in similar(db, index, text=word, reader=reader)} <= set(allowed)
