"""How Alembic reaches the database and the entities: it is handed an open connection.

SQLite can't alter most of a table in place, so there a table is copied ("batch").
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

import portal.entities  # noqa: F401  (the whole schema)
from portal.database import Base, UtcDateTime
from portal.migrations.projections import is_of_entities


def spell(kind: str, thing: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """How our own column type is written down in a new migration."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        autogenerate.imports.add("from portal.database import UtcDateTime")
        return "UtcDateTime()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_type=True,
    render_item=spell,
    include_name=is_of_entities,
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()
