"""Nobody finds in any query what they may not read, and everybody finds what they may."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session, object_session

from portal.database import Base, Database
from portal.knowledge import queries
from portal.knowledge.article import (
    Article,
    ArticleDay,
    ArticleImage,
    ArticleType,
    Audience,
    Category,
    Feedback,
    OldSlug,
    Status,
    Version,
)
from portal.knowledge.help_key import HelpKey
from portal.knowledge.helping import Asked, Place, find_place
from portal.knowledge.queries import Gone, Moved, Shelf
from portal.knowledge.reader import ANYONE, NOBODY, STAFF, Reader
from portal.people.organisation import Organisation
from portal.search.audiences import keys_of_article, keys_of_categories, keys_of_reader
from tests.conftest import KINDS
from tests.postgres import Cluster

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)

facts = st.fixed_dictionaries(
    {
        "status": st.sampled_from(Status),
        "audience": st.sampled_from(Audience),
        "organisations": st.sets(st.integers(0, 1)),
        "category": st.integers(0, 3),
        "heir": st.none() | st.integers(0, 7),
        "views": st.integers(0, 3),
        "helped": st.booleans(),
        "pinned": st.booleans(),
        "was_published": st.booleans(),
    }
)


shelf_facts = st.fixed_dictionaries(
    {
        "audience": st.sampled_from([Audience.PUBLIC, *Audience]),
        "organisations": st.sets(st.integers(0, 1)),
        "parent": st.none() | st.integers(0, 3),
    }
)


@pytest.fixture(scope="module", params=KINDS)
def library_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty library on each kind of database; nothing of an example is ever committed."""
    if request.param == "postgres":
        cluster: Cluster = request.getfixturevalue("cluster")
        name, url = cluster.copy("portal")
        database = Database(url)
        yield database
        database.close()
        cluster.drop(name)
        return
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


def build(
    db: Session, described: list[dict], shelved: list[dict]
) -> tuple[list[Article], list[Reader]]:
    """Articles as described, in categories as described, which may lie in one another."""
    organisations = [Organisation(slug=s, name=s, created_at=NOW) for s in ("acme", "globex")]
    shelves = [Category(slug=f"c{n}", title=f"C{n}") for n in range(4)]
    db.add_all([*organisations, *shelves])
    db.flush()
    for place, (shelf, said) in enumerate(zip(shelves, shelved, strict=True)):
        shelf.audience = said["audience"]
        shelf.organisations = [organisations[i] for i in sorted(said["organisations"])]
        if said["parent"] is not None and said["parent"] < place:
            shelf.parent_id = shelves[said["parent"]].id
    db.flush()
    articles = [_article(db, n, said, shelves, organisations) for n, said in enumerate(described)]
    for article, said in zip(articles, described, strict=True):
        if said["heir"] is not None and said["heir"] < len(articles):
            article.heir_id = articles[said["heir"]].id
    db.flush()
    readers = [NOBODY, ANYONE, STAFF, Reader("contact")]
    return articles, readers + [Reader("contact", o.id) for o in organisations]


def _article(
    db: Session, n: int, said: dict, shelves: list[Category], organisations: list[Organisation]
) -> Article:
    article = Article(
        slug=f"a{n}", category=shelves[said["category"]], status=said["status"],
        audience=said["audience"], type=ArticleType.FAQ, is_pinned=said["pinned"],
        created_at=NOW, updated_at=NOW - timedelta(hours=n),
        organisations=[organisations[i] for i in sorted(said["organisations"])],
    )  # fmt: skip
    db.add(article)
    db.flush()
    version = Version(
        article_id=article.id, number=1, title=f"secret{n}", body="", html="", text="",
        cleaner="", content_hash="", created_at=NOW,
    )  # fmt: skip
    db.add(version)
    db.flush()
    if said["status"] is Status.PUBLISHED or said["was_published"]:
        article.published = version
    db.add(ArticleDay(article_id=article.id, day=NOW.date(), views=said["views"]))
    db.add(OldSlug(slug=f"old{n}", article_id=article.id))
    db.add(HelpKey(key=f"key.a{n}", article_id=article.id, anchor="there", made_at=NOW))
    db.add(
        ArticleImage(
            article_id=article.id,
            path="x.png",
            content_hash=f"hash{n}",
            name="x.png",
            media_type="image/png",
            size_bytes=1,
            width=1,
            height=1,
        )
    )
    if said["helped"]:
        db.add(Feedback(version_id=version.id, visitor_hash="v", helped=True, at=NOW))
    return article


def lets_in(said: Article | Category, reader: Reader) -> bool:
    """What one article or one category says of a reader."""
    if said.audience is Audience.ORGANISATIONS:
        named = {organisation.id for organisation in said.organisations}
        return reader.kind == "contact" and reader.organisation_id in named
    open_to = {"anyone": {Audience.PUBLIC}, "contact": {Audience.PUBLIC, Audience.CUSTOMERS}}
    return said.audience in open_to[reader.kind]


def is_meant_for(article: Article, reader: Reader) -> bool:
    """The rule again: the article and every category around it let the reader in."""
    if reader.kind == "staff":
        return True
    if reader.kind == "nobody" or not lets_in(article, reader):
        return False
    session = object_session(article)
    seen: list[Category] = []
    shelf: Category | None = article.category
    while shelf is not None and shelf not in seen:
        if not lets_in(shelf, reader):
            return False
        seen.append(shelf)
        shelf = session.get(Category, shelf.parent_id) if shelf.parent_id else None
    return True


def may_read(article: Article, reader: Reader) -> bool:
    return article.status is Status.PUBLISHED and is_meant_for(article, reader)


def flattened(shelves: list[Shelf]) -> list[Shelf]:
    return [one for shelf in shelves for one in (shelf, *flattened(shelf.children))]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(facts, max_size=8), st.lists(shelf_facts, min_size=4, max_size=4))
def test_every_query_gives_exactly_what_the_reader_may_read(
    library_database: Database, described: list[dict], shelved: list[dict]
) -> None:
    with library_database.open_writing() as db:
        articles, readers = build(db, described, shelved)
        for reader in readers:
            mine = {article.id for article in articles if may_read(article, reader)}
            _check_lists(db, reader, articles, mine)
            _check_addresses(db, reader, articles, mine)
            _check_shelves(db, reader, articles, mine)
            _check_keys(db, reader, articles, mine)


def _check_keys(db: Session, reader: Reader, articles: list[Article], mine: set[int]) -> None:
    """The index's own filter lets exactly the same through, and so do help keys."""
    wanted, shelves = keys_of_reader(reader), keys_of_categories(db)
    for article in articles:
        keys = set(keys_of_article(article, shelves[article.category_id]))
        if article.status is Status.PUBLISHED and reader.kind != "nobody":
            assert (wanted is None or not keys.isdisjoint(wanted)) == (article.id in mine)
        place = find_place(db, Asked(f"key.{article.slug}"), reader=reader)
        if article.id in mine:
            assert place == Place(article.slug, "there")
        else:
            assert place is None or any(a.slug == place.slug for a in articles if a.id in mine)


def _check_lists(db: Session, reader: Reader, articles: list[Article], mine: set[int]) -> None:
    everything = [article.id for article in articles]
    assert {a.id for a in queries.readable_articles(db, reader=reader)} == mine
    again = queries.readable_articles(db, reader=reader, ids=everything[::-1])
    assert [a.id for a in again] == [id_ for id_ in everything[::-1] if id_ in mine]
    recent = queries.recently_changed(db, reader=reader, limit=99)
    assert [a.id for a in recent] == [id_ for id_ in everything if id_ in mine]
    assert {a.id for a in queries.popular(db, reader=reader, now=NOW, limit=99)} <= mine


def _check_addresses(db: Session, reader: Reader, articles: list[Article], mine: set[int]) -> None:
    for n, article in enumerate(articles):
        found = queries.find_article(db, f"a{n}", reader=reader)
        moved = queries.find_article(db, f"old{n}", reader=reader)
        image = queries.find_image(db, f"hash{n}", reader=reader)
        assert (image is not None) == (article.id in mine)
        if article.id in mine:
            assert found is article
            assert moved == Moved(f"a{n}")
        elif not is_meant_for(article, reader) or article.status is Status.DRAFT:
            assert found is None
            assert moved is None
        for answer in (found, moved):
            if isinstance(answer, Moved):
                assert any(a.slug == answer.slug and a.id in mine for a in articles)
            if isinstance(answer, Gone):
                assert article.status is Status.RETIRED
                assert answer.title == f"secret{n}"


def _check_shelves(db: Session, reader: Reader, articles: list[Article], mine: set[int]) -> None:
    shelves = flattened(queries.shelves(db, reader=reader, now=NOW))
    for shelf in shelves:
        here = queries.articles_in(db, shelf.category, reader=reader, now=NOW)
        assert {a.id for a in shelf.top} <= mine
        assert {a.id for a in here} == {
            a.id for a in articles if a.id in mine and a.category_id == shelf.category.id
        }
        assert queries.count_articles_in(db, shelf.category, reader=reader) == len(here)
        assert shelf.count == len(here) + sum(child.count for child in shelf.children)
        assert shelf.count > 0
        assert queries.find_category(db, shelf.category.slug, reader=reader) is shelf.category
    shown = {shelf.category.id for shelf in shelves}
    for category in db.query(Category):
        if category.id not in shown:
            assert queries.find_category(db, category.slug, reader=reader) is None
