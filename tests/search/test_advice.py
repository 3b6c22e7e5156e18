"""`portal check` says when another engine would serve better, and is silent otherwise."""

from portal.search.advice import advice


def test_a_small_library_is_well_served() -> None:
    assert advice(engine="whoosh", articles=500, is_postgres=False) == ""
    assert advice(engine="tantivy", articles=50_000, is_postgres=False) == ""


def test_a_large_one_is_told_of_tantivy_in_figures() -> None:
    said = advice(engine="whoosh", articles=12_000, is_postgres=False)
    assert "12,000 articles" in said
    assert "PORTAL_SEARCH_ENGINE=tantivy" in said
    assert "tantivy" in advice(engine="postgres", articles=12_000, is_postgres=True)


def test_on_postgresql_several_machines_may_share_one_index() -> None:
    assert "several machines" in advice(engine="whoosh", articles=10, is_postgres=True)
