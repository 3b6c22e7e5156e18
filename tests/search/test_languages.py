"""Each language has its own stems and stop words, and its own shelf."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.search.grammar import ENGLISH, grammar_of
from portal.search.index import Index, Query
from portal.search.postgres_index import PostgresIndex
from portal.search.tantivy_index import TantivyIndex
from portal.search.whoosh_index import WhooshIndex
from portal.search.words import words_of
from tests.conftest import KINDS
from tests.postgres import Cluster
from tests.search.library import document

EVERYBODY = frozenset({"public"})


@pytest.mark.parametrize(
    ("tag", "one", "other"),
    [
        *(("de", "Passwörter", "Passwort"), ("de-AT", "Häuser", "Haus")),
        *(("fr", "installations", "installation"), ("es", "contraseñas", "contraseña")),
        *(("nb", "passordene", "passord"), ("ru", "пароли", "пароль"), ("ar", "الكلمات", "كلمات")),
    ],
)
def test_forms_of_a_word_are_one(tag: str, one: str, other: str) -> None:
    stem = grammar_of(tag).stem
    assert stem(words_of(one)[0]) == stem(words_of(other)[0])


def test_a_language_without_a_stemmer_keeps_its_words() -> None:
    assert grammar_of("he").stem("סיסמה") == "סיסמה"
    assert grammar_of("en-GB") is ENGLISH


ENGINES = ["whoosh", "tantivy", *(["postgres"] if "postgres" in KINDS else [])]


@pytest.fixture(params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    """An empty index of each engine; PostgreSQL's where the tests are run with it."""
    if request.param == "postgres":
        cluster: Cluster = request.getfixturevalue("cluster")
        name, url = cluster.copy("portal")
        yield PostgresIndex(url)
        cluster.drop(name)
    else:
        yield {"whoosh": WhooshIndex, "tantivy": TantivyIndex}[request.param](tmp_path)


def test_languages_keep_apart_and_a_change_of_language_is_followed(index: Index) -> None:
    index.rebuild(
        [
            document(1, "Reset the password", "A gift for you."),
            document(2, "Passwort zurücksetzen", "Gift ist gefährlich.", language="de"),
        ],
        revision=1,
    )

    def found(text: str, language: str = "") -> list[int]:
        query = Query(text, EVERYBODY, language=language)
        return [hit.article_id for hit in index.search(query).hits]

    assert (found("gifts"), found("gift", "de")) == ([1], [2])
    assert found("Passwörter", "de") == [2]
    assert index.search(Query("zurückgesetzt Gifte", EVERYBODY, language="de")).corrections == {}
    assert index.suggest("pass", audiences=EVERYBODY, limit=5, language="de") == (2,)
    assert set(index.languages()) == {"en", "de"}
    index.update([document(2, "Password reset, again", "A gift.")], gone=(), revision=2)
    assert set(found("gift")) == {1, 2}
    assert found("gift", "de") == []
