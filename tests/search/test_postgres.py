"""What holds for an index in PostgreSQL alone: it lies in one schema."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.search.index import Health, Query
from portal.search.postgres_index import PostgresIndex
from portal.search.trials import fill, trial_index
from tests.postgres import Cluster
from tests.search.library import ANYONE_KEYS, document

pytestmark = pytest.mark.postgres
OLD = [document(1, "Paint the old shed"), document(2, "Sharpen a saw")]


@pytest.fixture
def url(cluster: Cluster) -> Iterator[str]:
    name, url = cluster.copy("portal")
    yield url
    cluster.drop(name)


def found(index: PostgresIndex, text: str) -> list[int]:
    return [hit.article_id for hit in index.search(Query(text, ANYONE_KEYS)).hits]


def test_a_trial_leaves_the_index_of_the_installation_as_it_is(url: str, tmp_path: Path) -> None:
    index = PostgresIndex(url)
    index.rebuild(OLD, revision=7)
    docs = tmp_path / "docs.jsonl"
    docs.write_text('{"id": "a", "title": "Grind coffee", "text": ""}\n', encoding="utf-8")
    with trial_index("postgres", url) as trial:
        assert trial.health() is Health.MISSING
        fill(trial, docs)
        assert not trial.search(Query("shed", ANYONE_KEYS)).hits
    assert found(PostgresIndex(url), "shed") == [1]
    assert index.revision() == 7


def test_the_best_are_found_among_more_articles_than_are_looked_at_closely(url: str) -> None:
    crowd = [document(n, f"Note {n}", "A lamp may flicker, once.") for n in range(10, 500)]
    best = document(1, "Note", "The lamp flickers: a lamp that flickers, flickers. Lamp!")
    index = PostgresIndex(url)
    index.rebuild([*crowd, best], revision=1)
    assert found(index, "lamp flickers")[0] == 1
    assert found(index, "flickers")[0] == 1
