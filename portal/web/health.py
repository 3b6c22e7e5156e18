"""For load balancers: whether this process can serve, in one small answer without secrets."""

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from portal.knowledge.revisions import RevisionsUnknownError
from portal.migrations.standing import at_head
from portal.web.access import Who, allow
from portal.web.kept_pages import KeptPages
from portal.web.pages import kept_pages
from portal.web.parts import parts

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@allow(Who.ANYONE)
def healthz() -> tuple[Response, int]:
    """200 when the database answers, else 503; a broken index is told but no reason to stop."""
    database = _database_state(kept_pages())
    healthy = database == "ok"
    state = {"status": "ok" if healthy else "failing", "database": database, "index": _index()}
    return jsonify(state), 200 if healthy else 503


def _database_state(pages: KeptPages) -> str:
    try:
        pages.revision()
        return "ok" if _has_schema() else "not migrated"
    except (RevisionsUnknownError, SQLAlchemyError):
        return "unreachable"


def _has_schema() -> bool:
    """Whether the schema is this version's; once it is, it isn't looked at again."""
    known = current_app.extensions
    if not known.get("has_schema"):
        known["has_schema"] = at_head(parts().database)
    return bool(known["has_schema"])


def _index() -> str:
    try:
        return parts().index.health().value
    except Exception:
        return "failing"
