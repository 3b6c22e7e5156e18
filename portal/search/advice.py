"""Which engine would serve a library better, and why, in figures of our own benchmark."""

MANY = 10_000
"""From here on Whoosh takes longer to publish and to rebuild than people like to wait."""


def advice(*, engine: str, articles: int, is_postgres: bool) -> str:
    """What to think of the engine in use; empty when it is the right one."""
    if engine == "whoosh" and articles >= MANY:
        return (
            f"{articles:,} articles: each publication has Whoosh write and every reader read its "
            "index anew, which takes a quarter of a second at 10,000 and grows with them; "
            "tantivy takes about half: pip install answerfirst[fast], PORTAL_SEARCH_ENGINE=tantivy"
        )
    if engine == "postgres" and articles >= MANY:
        return (
            f"{articles:,} articles: PostgreSQL spends 12 ms of processor time on an answer at "
            "10,000 where tantivy spends 4; on a single machine PORTAL_SEARCH_ENGINE=tantivy "
            "serves better"
        )
    if engine != "postgres" and is_postgres:
        return (
            "the index lies on this machine; several machines share one with "
            "PORTAL_SEARCH_ENGINE=postgres"
        )
    return ""
