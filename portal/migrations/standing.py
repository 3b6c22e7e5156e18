"""Whether a database is at this version's schema: asked at every start and by every web process,
so it does without Alembic, which would make both slower and larger.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import inspect, text

from portal.database import Database

_VERSIONS = Path(__file__).parent / "versions"
_NAMED = re.compile(r'^(revision|down_revision)\b[^=\n]*= "(\w+)"$', re.MULTILINE)


def at_head(database: Database) -> bool:
    """Has the database seen every migration of this version, and none of a later one?"""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        seen = connection.execute(text("SELECT version_num FROM alembic_version"))
        return set(seen.scalars()) == heads()


def heads() -> set[str]:
    """The migrations that no other one follows: one, as long as nobody made two at a time."""
    named = [dict(_NAMED.findall(file.read_text())) for file in _migrations()]
    return {one["revision"] for one in named} - {one.get("down_revision") for one in named}


def _migrations() -> Iterable[Path]:
    return (file for file in _VERSIONS.glob("*.py") if file.name != "__init__.py")
