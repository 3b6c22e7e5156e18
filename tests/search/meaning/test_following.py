"""The vectors follow the library: once a version, only what changed, from where it stood."""

from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from sqlalchemy import select

from portal.database import Database
from portal.knowledge.article import Article
from portal.knowledge.publishing import publish
from portal.knowledge.versioning import save_version
from portal.knowledge.withdrawing import retire
from portal.knowledge.words import Words
from portal.search.meaning import following
from portal.search.meaning.folder import MeaningFolder
from portal.search.meaning.table import open_table
from portal.search.meaning.thinking import Mind
from tests.postgres import Cluster
from tests.search.library import WRITTEN_AT, article
from tests.search.meaning.models import Concepts

TITLE = "How do I reset my password?"


def body(*, changed: str = "") -> str:
    paragraphs = [f"Paragraph {number}. " + f"word{number} " * 70 for number in range(9)]
    paragraphs[4] = changed or paragraphs[4]
    return "\n\n".join(f"## Part {number}\n\n{one}" for number, one in enumerate(paragraphs))


@pytest.fixture
def mind(tmp_path: Path) -> Mind:
    encoder = Concepts()
    return Mind(encoder, MeaningFolder(tmp_path, encoder.name, encoder.dimensions))


def follow(database: Database, mind: Mind) -> list[str]:
    """Follow to the end; what was encoded."""
    assert isinstance(mind.encoder, Concepts)
    before = len(mind.encoder.encoded)
    while following.follow(database, mind):
        pass
    return mind.encoder.encoded[before:]


def save(database: Database, text: str) -> None:
    with database.writing() as db:
        changed = db.scalars(select(Article)).first()
        assert changed is not None
        version = save_version(
            db, article=changed, words=Words(title=TITLE, body=text), by=None, now=WRITTEN_AT
        )
        publish(db, article=changed, version=version, by=None, now=WRITTEN_AT)


def test_each_article_is_encoded_once(database: Database, mind: Mind) -> None:
    with database.writing() as db:
        article(db, TITLE)
        article(db, "Which backups are made?")
    assert {text.splitlines()[0] for text in follow(database, mind)} == {
        TITLE,
        "Which backups are made?",
    }
    assert follow(database, mind) == []
    assert following.counts(database, mind.meanings) == (2, 2)


def test_a_changed_paragraph_is_all_that_is_encoded_again(database: Database, mind: Mind) -> None:
    with database.writing() as db:
        article(db, TITLE, body=body())
    assert len(follow(database, mind)) >= 9
    save(database, body(changed="Quite another text."))
    again = follow(database, mind)
    assert len(again) == 1
    assert "Quite another text." in again[0]


def test_drafts_wait_and_what_was_retired_goes(database: Database, mind: Mind) -> None:
    with database.writing() as db:
        gone = article(db, TITLE)
        article(db, "A draft", is_published=False)
    follow(database, mind)
    assert len(mind.meanings.kept()) == 1
    with database.writing() as db:
        retire(db, article=db.merge(gone), by=None, now=WRITTEN_AT)
    follow(database, mind)
    assert mind.meanings.kept() == {}


def test_whoever_was_stopped_goes_on_where_he_was(database: Database, mind: Mind) -> None:
    with database.writing() as db:
        for number in range(20):
            article(db, f"Question number {number}?")
    assert following.follow(database, mind) == 12
    assert len(mind.meanings.kept()) == 8
    fresh = Mind(Concepts(), mind.meanings)
    follow(database, fresh)
    assert isinstance(fresh.encoder, Concepts)
    titles = {text for text in fresh.encoder.encoded if "\n" not in text}
    assert len(titles) == 12
    assert len(mind.meanings.kept()) == 20


@pytest.mark.postgres
def test_of_two_machines_one_encodes_until_it_goes_away(cluster: Cluster) -> None:
    url = cluster.make(f"machines_{uuid4().hex}")
    one, other = (open_table(url, "concepts", 512) for _machine in range(2))
    with one.turn() as is_first:
        assert is_first
        with other.turn() as is_second:
            assert not is_second
    with other.turn() as is_second:
        assert is_second


@pytest.mark.postgres
def test_the_machine_whose_turn_it_isnt_says_so(database: Database, cluster: Cluster) -> None:
    url = cluster.make(f"machines_{uuid4().hex}")
    encoder = Concepts()
    mind = Mind(encoder, open_table(url, encoder.name, encoder.dimensions))
    with open_table(url, encoder.name, encoder.dimensions).turn():
        assert following.follow(database, mind) is None
    assert following.follow(database, mind) == 0


def test_the_kept_vectors_are_those_of_the_passages(database: Database, mind: Mind) -> None:
    with database.writing() as db:
        made = article(db, TITLE, body=body()).id
    texts = follow(database, mind)
    assert np.allclose(mind.meanings.vectors_of(made), Concepts().encode(texts))
