"""What every index must do, whatever engine is behind it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.search.index import Document, Health, Index, IndexUnavailableError, Query
from portal.search.postgres_index import PostgresIndex
from portal.search.tantivy_index import TantivyIndex
from portal.search.whoosh_index import WhooshIndex
from tests.conftest import KINDS
from tests.postgres import Cluster
from tests.search.library import ANYONE_KEYS, document

LIBRARY = [
    document(1, "How do I reset my password?", "Choose Forgotten on the sign-in page."),
    document(2, "How do I change my e-mail address?", "Open your profile. A password is asked."),
    document(3, "What do the priorities mean?", "Priority one is urgent. Policies define them."),
    document(
        4,
        "Which backups are made?",
        "Nightly copies.",
        category="operations",
        search_words="disaster recovery",
    ),
    document(
        5, "Secret staff procedure", "Only staff know the zanzibar word.", audiences=("staff",)
    ),
    document(6, "Special manual for Acme", "Acme only.", audiences=("organisation:7",)),
    document(7, "How do I log in?", "Type your name. Then press the key that says go."),
]


ENGINES = ["whoosh", "tantivy", *(["postgres"] if "postgres" in KINDS else [])]


@pytest.fixture(params=ENGINES)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Index]]:
    """Opens the index anew, as another process would."""
    if request.param == "postgres":
        cluster: Cluster = request.getfixturevalue("cluster")
        name, url = cluster.copy("portal")
        yield lambda: PostgresIndex(url)
        cluster.drop(name)
    else:
        engine = {"whoosh": WhooshIndex, "tantivy": TantivyIndex}[request.param]
        yield lambda: engine(tmp_path / "index")


@pytest.fixture
def empty(opened: Callable[[], Index]) -> Index:
    return opened()


@pytest.fixture
def index(empty: Index) -> Index:
    empty.rebuild(LIBRARY, revision=3)
    return empty


def found(index: Index, text: str, **more: object) -> list[int]:
    query = Query(text, more.pop("audiences", ANYONE_KEYS), **more)  # type: ignore[arg-type]
    return [hit.article_id for hit in index.search(query).hits]


def test_an_index_that_was_never_built_is_missing_and_says_so(empty: Index) -> None:
    assert empty.health() is Health.MISSING
    assert empty.revision() == 0
    with pytest.raises(IndexUnavailableError):
        empty.search(Query("password", ANYONE_KEYS))


def test_a_built_index_is_ready_and_holds_its_revision(index: Index) -> None:
    assert index.health() is Health.READY
    assert index.revision() == 3


def test_the_title_that_covers_the_question_comes_first(index: Index) -> None:
    assert found(index, "reset password")[0] == 1
    assert found(index, "password")[0] == 1


def test_plural_and_singular_are_the_same(index: Index) -> None:
    assert found(index, "passwords")[0] == 1
    assert found(index, "priority")[0] == 3
    assert found(index, "backup") == [4]


@pytest.mark.parametrize("typed", ["pasword", "passwrod", "passwort", "assword", "passsword"])
def test_one_typing_error_is_forgiven_and_told(index: Index, typed: str) -> None:
    outcome = index.search(Query(typed, ANYONE_KEYS))
    assert outcome.hits[0].article_id == 1
    assert outcome.corrections == {typed: "password"}


def test_what_was_typed_is_searched_as_it_stands_when_asked(index: Index) -> None:
    assert index.search(Query("pasword", ANYONE_KEYS, forgives=False)).hits == ()


def test_a_word_that_the_library_knows_is_never_corrected(index: Index) -> None:
    assert index.search(Query("profile", ANYONE_KEYS)).corrections == {}


def test_login_finds_log_in(index: Index) -> None:
    assert found(index, "login")[0] == 7


def test_log_in_finds_login(index: Index) -> None:
    index.update([document(8, "Login trouble")], gone=[7], revision=4)
    assert found(index, "log in")[0] == 8


def test_swapped_letters_are_likelier_than_left_out_ones(index: Index) -> None:
    index.update([document(8, "Open one open one one one")], gone=[], revision=4)
    assert index.search(Query("opne", ANYONE_KEYS)).corrections == {"opne": "open"}


def test_search_words_count_like_the_title(index: Index) -> None:
    assert found(index, "disaster recovery") == [4]


def test_accents_and_case_do_not_matter(index: Index) -> None:
    assert found(index, "PÁSSWORD")[0] == 1


def test_a_category_is_a_filter_not_a_word(index: Index) -> None:
    assert found(index, "copies", category="operations") == [4]
    assert found(index, "copies", category="accounts") == []
    assert found(index, "copies", category="accounts OR operations") == []


def test_forbidden_articles_are_not_even_candidates(index: Index) -> None:
    assert found(index, "zanzibar") == []
    assert found(index, "acme") == []
    assert found(index, "acme", audiences=frozenset({"public", "organisation:7"})) == [6]
    assert found(index, "acme", audiences=frozenset({"public", "organisation:70"})) == []
    assert found(index, "zanzibar", audiences=None) == [5]


def test_no_correction_tells_of_a_word_that_only_hidden_articles_have(index: Index) -> None:
    assert index.search(Query("zanzibra", ANYONE_KEYS)).corrections == {}
    assert index.search(Query("zanzibra", None)).corrections == {"zanzibra": "zanzibar"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("res", 1), ("reset pass", 1), ("passw", 1), ("backu", 4), ("disas", 4), ("prioritie", 3)],
)
def test_suggestions_go_on_from_any_word(index: Index, typed: str, expected: int) -> None:
    assert index.suggest(typed, audiences=ANYONE_KEYS, limit=5)[0] == expected


@pytest.mark.parametrize("typed", ["pasword", "pasw", "resett", "bakcup", "priorty"])
def test_suggestions_forgive_a_typing_error(index: Index, typed: str) -> None:
    assert index.suggest(typed, audiences=ANYONE_KEYS, limit=5)


def test_suggestions_keep_to_the_audience(index: Index) -> None:
    assert index.suggest("secret", audiences=ANYONE_KEYS, limit=5) == ()
    assert index.suggest("secret", audiences=None, limit=5) == (5,)


@pytest.mark.parametrize("typed", ["", " ", "?!", "the"])
def test_nothing_typed_suggests_nothing_and_fails_never(index: Index, typed: str) -> None:
    assert isinstance(index.suggest(typed, audiences=ANYONE_KEYS, limit=5), tuple)
    assert isinstance(index.search(Query(typed, ANYONE_KEYS)).hits, tuple)


def test_similar_articles_share_words_with_a_long_text(index: Index) -> None:
    text = "password " * 50 + "forgotten " * 50 + "reset"
    assert index.similar(text, audiences=ANYONE_KEYS, limit=2)[0].article_id == 1


def test_an_update_replaces_removes_and_moves_the_revision_on(index: Index) -> None:
    index.update([document(1, "How do I renew a certificate?")], gone=[4], revision=9)
    assert found(index, "certificate") == [1]
    assert found(index, "reset") == []
    assert found(index, "backups", forgives=False) == []
    assert (index.revision(), index.health()) == (9, Health.READY)


def test_a_reader_in_another_process_sees_the_commit(
    index: Index, opened: Callable[[], Index]
) -> None:
    other = opened()
    assert found(other, "certificate", forgives=False) == []
    index.update([document(8, "How do I renew a certificate?")], gone=[], revision=9)
    assert found(other, "certificate") == [8]
    index.rebuild([document(9, "Certificates")], revision=10)
    assert found(other, "certificate") == [9]


def test_writers_wait_for_each_other_and_lose_nothing(
    index: Index, opened: Callable[[], Index]
) -> None:
    def write(number: int) -> None:
        mine = opened()
        mine.update([document(number, f"Topic quokka {number}")], gone=[], revision=number)

    writers = [threading.Thread(target=write, args=(100 + n,)) for n in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(found(index, "quokka")) == [100, 101, 102, 103, 104, 105]
    assert index.health() is Health.READY


def test_readers_in_many_threads_agree(index: Index) -> None:
    answers: list[list[int]] = []

    def ask() -> None:
        for _ in range(20):
            answers.append(found(index, "password"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 160
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize("engine", [WhooshIndex, TantivyIndex])
def test_old_generations_are_swept_away(engine: type[WhooshIndex], tmp_path: Path) -> None:
    index = engine(tmp_path / "index")
    for revision in range(5):
        index.rebuild(LIBRARY, revision=revision)
    folders = [path for path in (tmp_path / "index").iterdir() if path.is_dir()]
    assert len(folders) == 2


@pytest.mark.parametrize("typed", ["E-4012", "e4012", "error E-4012"])
def test_error_codes_are_one_word(index: Index, typed: str) -> None:
    documents = [document(8, "The print fails", "Error E-4012 is shown."),
                 document(9, "Plate E", "Plate 12 of 4012 plates is an e.")]  # fmt: skip
    index.update(documents, gone=[], revision=4)
    assert found(index, typed)[0] == 8


def test_a_code_that_no_article_has_is_not_found_by_its_letter(index: Index) -> None:
    index.rebuild([document(9, "How do I set up e-mail?", "Send an e-mail.")], revision=1)
    assert index.search(Query("E-4012", ANYONE_KEYS)).hits == ()


def test_common_english_is_never_read_as_one_of_a_few_words(index: Index) -> None:
    assert index.search(Query("presses", ANYONE_KEYS)).corrections == {}
    assert index.search(Query("worse", ANYONE_KEYS)).corrections == {}


def test_words_that_writers_keep_are_not_corrected(index: Index) -> None:
    kept = frozenset({"pasword"})
    assert index.search(Query("pasword", ANYONE_KEYS, kept=kept)).corrections == {}


def test_synonyms_find_what_is_called_otherwise(index: Index) -> None:
    synonyms = {"passcode": ("password",), "way in": ("log in",)}
    assert found(index, "reset passcode", synonyms=synonyms)[0] == 1
    assert found(index, "way in", synonyms=synonyms)[0] == 7


def test_a_product_and_its_version_are_filters(index: Index) -> None:
    documents = [
        document(8, "Quokka feeding", applies_to=("gateway 4.2", "gateway")),
        document(9, "Quokka care", applies_to=("press", )),
        document(10, "Quokka sleep"),
    ]  # fmt: skip
    index.update(documents, gone=[], revision=4)
    assert sorted(found(index, "quokka")) == [8, 9, 10]
    assert sorted(found(index, "quokka", applies_to="gateway")) == [8, 10]
    assert sorted(found(index, "quokka", applies_to="gateway 4.2")) == [8, 10]
    assert sorted(found(index, "quokka", applies_to="gateway 5")) == [10]


@pytest.mark.parametrize(
    ("typed", "title", "body"),
    [
        ("пароли", "Как сменить пароль?", "Откройте профиль."),
        ("κωδικός", "Αλλαγή κωδικού", "Ο κωδικός αλλάζει εδώ."),
        ("密码", "如何重置密码", "打开设置。"),
        ("パスワード", "パスワードを変更する", "設定を開きます。"),
        ("비밀번호", "비밀번호 변경", "설정을 엽니다."),
    ],
)
def test_other_alphabets_find_things(index: Index, typed: str, title: str, body: str) -> None:
    index.update([document(8, title, body)], gone=[], revision=4)
    assert found(index, typed) == [8]


def test_words_side_by_side_come_before_words_far_apart(index: Index) -> None:
    far = "Quokka " + "one two three four five " * 4 + "burrow. "
    near = "A quokka burrow. " + "One two three four five. " * 4
    index.update([document(8, "Far", far), document(9, "Near", near)], gone=[], revision=4)
    assert found(index, "quokka burrow") == [9, 8]


def test_the_last_paragraph_of_a_long_article_is_found(index: Index) -> None:
    body = "filler words of no interest. " * 4_000 + "At last the quokka."
    index.update([document(8, "Long", body)], gone=[], revision=4)
    assert found(index, "quokka") == [8]


def test_what_helped_others_who_asked_the_same_is_found(index: Index) -> None:
    index.update([document(3, "Policies", queries="quokka burrow")], gone=[], revision=4)
    assert found(index, "quokka burrow") == [3]


def test_among_very_many_titles_the_nearest_are_suggested_and_hidden_ones_crowd_out_none(
    empty: Index,
) -> None:
    crowd = [document(n, f"Connector {n} fails") for n in range(100, 1_000)]
    hidden = [document(n, "Connector", audiences=("staff",)) for n in range(1_000, 1_500)]
    best = [document(1, "Connector"), document(2, "Is the connector safe?")]
    empty.rebuild([*crowd, *hidden, *best], revision=1)
    typed = [empty.suggest(one, audiences=ANYONE_KEYS, limit=3) for one in ("con", "connector")]
    assert [found[0] for found in typed] == [1, 1]
    assert empty.suggest("safe conn", audiences=ANYONE_KEYS, limit=3) == (2,)
    assert not {*typed[0], *typed[1]} & set(range(1_000, 1_500))


def test_the_old_index_answers_until_the_new_one_is_whole(
    index: Index, opened: Callable[[], Index]
) -> None:
    reader = opened()
    seen = []

    def slowly() -> Iterator[Document]:
        seen.append(found(reader, "backups"))
        yield document(20, "Which backups are kept?")

    index.rebuild(slowly(), revision=4)
    assert seen == [[4]]
    assert found(reader, "backups") == [20]


def test_a_rebuild_that_fails_leaves_the_old_index(index: Index) -> None:
    def broken() -> Iterator[Document]:
        yield document(20, "Which backups are kept?")
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        index.rebuild(broken(), revision=4)
    assert index.revision() == 3
    assert found(index, "backups") == [4]


def test_words_that_tell_nothing_are_searched_for_when_nothing_else_is_left(empty: Index) -> None:
    empty.rebuild([document(1, "To be or not to be"), document(2, "Grind coffee")], revision=1)
    assert found(empty, "to be or not to be") == [1]
