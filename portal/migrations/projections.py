"""Tables that no entity describes, because each database has its own kind of text index."""

from typing import Any

_PROJECTIONS = ("case_words", "search_entry", "search_state")


def is_of_entities(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether Alembic should compare what has this name with the entities."""
    return not (kind == "table" and (name or "").startswith(_PROJECTIONS))
