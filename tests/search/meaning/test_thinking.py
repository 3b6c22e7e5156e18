"""Meaning has its say, within what the reader may read, and never makes search fail."""

import logging
from pathlib import Path
from time import sleep

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.database import Database
from portal.knowledge.article import Audience
from portal.knowledge.reader import ANYONE, Reader
from portal.search import indexing, searching
from portal.search.deflection import articles_for
from portal.search.index import Hit, Query
from portal.search.meaning import thinking
from portal.search.meaning.folder import MeaningFolder
from portal.search.meaning.following import follow, written
from portal.search.meaning.fusion import fused, weight_of
from portal.search.meaning.meanings import Near
from portal.search.meaning.thinking import Mind, Thinking
from portal.search.whoosh_index import WhooshIndex
from tests.search.library import ANYONE_KEYS, article, document
from tests.search.meaning.models import Concepts

SAME = ({"password", "passphrase", "secret"}, {"reset", "renew"}, {"forgot", "lost"})


class Broken(Concepts):
    """An encoder that fails."""

    def encode(self, texts: object) -> object:  # type: ignore[override]
        raise RuntimeError("the model fell over")


def mind_in(folder: Path, encoder: Concepts | None = None) -> Mind:
    encoder = encoder or Concepts(*SAME)
    return Mind(encoder, MeaningFolder(folder / "meaning", encoder.name, encoder.dimensions))


@pytest.fixture
def mind(tmp_path: Path) -> Mind:
    return mind_in(tmp_path)


@pytest.fixture
def index(tmp_path: Path, mind: Mind) -> WhooshIndex:
    made = WhooshIndex(tmp_path / "index")
    made.think(Thinking(lambda: mind, waits=True))
    return made


def fill(index: WhooshIndex, mind: Mind, *documents: object) -> None:
    index.rebuild(documents, revision=1)  # type: ignore[arg-type]
    mind.meanings.put([written(mind, one, version=1) for one in documents])  # type: ignore[arg-type]


def found(index: WhooshIndex, text: str, audiences: frozenset[str] = ANYONE_KEYS) -> list[int]:
    return [hit.article_id for hit in index.search(Query(text, audiences)).hits]


def test_an_article_is_found_that_has_none_of_the_words(index: WhooshIndex, mind: Mind) -> None:
    fill(index, mind, document(1, "Renew a passphrase"), document(2, "Backups every night"))
    assert found(index, "reset secret") == [1]


def test_an_article_that_isnt_encoded_yet_is_found_by_its_words(
    index: WhooshIndex, mind: Mind
) -> None:
    fill(index, mind, document(1, "Renew a passphrase"))
    index.update([document(2, "Backups every night")], gone=(), revision=2)
    assert found(index, "backups")[0] == 2


def test_a_forbidden_article_is_not_found_however_near(index: WhooshIndex, mind: Mind) -> None:
    fill(index, mind, document(1, "Renew a passphrase", audiences=("staff",)))
    assert found(index, "renew passphrase") == []
    assert found(index, "reset secret", frozenset({"staff"})) == [1]


def test_nonsense_still_finds_nothing(index: WhooshIndex, mind: Mind) -> None:
    fill(index, mind, document(1, "Renew a passphrase"), document(2, "Backups every night"))
    assert found(index, "qqq zzz xxx") == []


def test_typing_errors_are_mended_before_the_meaning_is_asked(
    index: WhooshIndex, mind: Mind
) -> None:
    fill(index, mind, document(1, "Renew a passphrase"), document(2, "About secrets of trade"))
    assert isinstance(mind.encoder, Concepts)
    found(index, "renew passphrsae")
    assert mind.encoder.encoded[-1] == "renew passphrase"


def test_similar_articles_are_similar_in_meaning(index: WhooshIndex, mind: Mind) -> None:
    fill(index, mind, document(1, "Renew a passphrase"), document(2, "Backups every night"))
    (hit, *_others) = index.similar("reset the secret", audiences=ANYONE_KEYS, limit=5)
    assert hit.article_id == 1


def test_what_a_version_will_mean_is_foreseen_and_nothing_of_it_is_kept(
    index: WhooshIndex, mind: Mind
) -> None:
    fill(index, mind, document(1, "Backups every night"), document(2, "Printers and paper"))
    then = index.foreseen([document(1, "Renew a passphrase")])
    asked = Query("reset secret", ANYONE_KEYS)
    assert [hit.article_id for hit in then.search(asked).hits] == [1]
    assert found(index, "reset secret") == []
    assert index.foreseen([document(1, "Backups every night")]).search(asked).hits == ()
    hidden = index.foreseen([document(1, "Renew a passphrase", audiences=("staff",))])
    assert hidden.search(asked).hits == ()


def test_only_changed_passages_are_encoded_to_foresee(index: WhooshIndex, mind: Mind) -> None:
    kept = document(1, "Backups every night")
    fill(index, mind, kept)
    assert isinstance(mind.encoder, Concepts)
    before = len(mind.encoder.encoded)
    index.foreseen([kept])
    assert len(mind.encoder.encoded) == before


def test_a_model_that_fails_leaves_the_answer_to_words_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    index = WhooshIndex(tmp_path / "index")
    index.think(Thinking(lambda: mind_in(tmp_path, Broken()), waits=True))
    index.rebuild([document(1, "Renew a passphrase")], revision=1)
    with caplog.at_level(logging.ERROR):
        assert found(index, "passphrase") == [1]
        assert found(index, "renew") == [1]
    assert [r.getMessage() for r in caplog.records if "rests" in r.getMessage()] == [
        "Search by meaning rests, words alone answer: RuntimeError: the model fell over. "
        "See `portal search model check`."
    ]


def test_vectors_that_were_destroyed_leave_the_answer_to_words(
    index: WhooshIndex, mind: Mind, tmp_path: Path
) -> None:
    fill(index, mind, document(1, "Renew a passphrase"))
    assert found(index, "passphrase") == [1]
    for numbers in tmp_path.rglob("*.float32"):
        numbers.write_bytes(b"")
    assert found(index, "passphrase") == [1]


def test_a_model_that_cannot_be_opened_keeps_nobody_waiting(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse() -> Mind:
        raise RuntimeError("no model is installed")

    index = WhooshIndex(tmp_path / "index")
    index.think(Thinking(refuse))
    index.rebuild([document(1, "Renew a passphrase")], revision=1)
    assert found(index, "passphrase") == [1]
    for _ in range(3_000):
        if "no model is installed" in caplog.text:
            break
        sleep(0.02)
    assert "no model is installed" in caplog.text


def test_a_slow_model_rests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thinking, "SLOW_SECONDS", -1.0)
    thought = Thinking(lambda: mind_in(tmp_path), waits=True)
    assert thought.vector("one question") is not None
    assert thought.vector("another question") is None


def test_questions_that_mean_the_same_are_grouped(index: WhooshIndex, tmp_path: Path) -> None:
    asked = ["reset password", "backups", "renew secret"]
    assert index.alike(asked) == [[0, 2], [1]]
    plain = WhooshIndex(tmp_path / "plain")
    assert plain.alike([*asked, "password reset"]) == [[0, 3], [1], [2]]


def test_a_page_of_results_shows_the_passage_that_matched(
    database: Database, index: WhooshIndex, mind: Mind
) -> None:
    body = "\n\n".join(
        [
            "## Backups",
            "Copies are made nightly. " * 30,
            "## Sign in",
            "Renew the passphrase on the account page.",
        ]
    )
    with database.writing() as db:
        article(db, "Housekeeping for administrators", body=body)
    indexing.catch_up(database, index)
    follow(database, mind)
    with database.reading() as db:
        (item,) = searching.search(db, index, text="reset secret", reader=ANYONE).items
    assert item.section == "section-sign-in"
    assert "Renew the passphrase" in "".join(text for text, _is_marked in item.excerpt)


def test_an_article_that_means_the_same_is_offered_before_a_case(
    database: Database, index: WhooshIndex, mind: Mind
) -> None:
    with database.writing() as db:
        article(db, "Renew lost passphrase")
    indexing.catch_up(database, index)
    follow(database, mind)
    with database.reading() as db:
        offered = articles_for(
            db, index, subject="forgot secret reset", description="", reader=ANYONE
        )
    assert [each.title for each in offered] == ["Renew lost passphrase"]


def test_the_visibility_rule_decides_again(
    database: Database, index: WhooshIndex, mind: Mind
) -> None:
    with database.writing() as db:
        article(db, "Renew lost passphrase", audience=Audience.STAFF)
    indexing.catch_up(database, index)
    follow(database, mind)
    with database.reading() as db:
        assert searching.search(db, index, text="reset secret", reader=ANYONE).total == 0
        assert searching.search(db, index, text="reset secret", reader=Reader("staff")).total == 1


COSINES = st.dictionaries(st.integers(1, 30), st.floats(-1, 1), max_size=20)
SCORES = st.dictionaries(st.integers(1, 30), st.floats(0.01, 5), max_size=20)


@given(SCORES, COSINES, st.sampled_from([0.5, 0.66]))
def test_whoever_is_best_both_ways_comes_first(
    scores: dict[int, float], cosines: dict[int, float], weight: float
) -> None:
    hits = [Hit(article, score, 1.0) for article, score in {**scores, 99: 6.0}.items()]
    near = {article: Near(cosine, 0) for article, cosine in {**cosines, 99: 1.0}.items()}
    ranked = fused(hits, near, weight=weight, limit=100)
    assert ranked[0].article_id == 99 or ranked[0].score == pytest.approx(ranked[1].score)
    assert {hit.article_id for hit in hits} <= {hit.article_id for hit in ranked}


@given(SCORES)
def test_without_vectors_the_order_is_that_of_the_words(scores: dict[int, float]) -> None:
    hits = sorted(
        (Hit(article, score, 1.0) for article, score in scores.items()),
        key=lambda hit: (-hit.score, hit.article_id),
    )
    ranked = fused(hits, {}, weight=0.66, limit=100)
    assert {hit.article_id for hit in ranked} == scores.keys()
    assert [hit.score for hit in ranked] == sorted((h.score for h in ranked), reverse=True)


def test_a_sentence_leans_on_meaning_more_than_key_words_do() -> None:
    assert weight_of(["how", "do", "i", "reset"]) > weight_of(["reset", "password"])
