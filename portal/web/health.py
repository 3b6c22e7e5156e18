"""For load balancers: whether this process can serve, in one small answer without secrets."""

from flask import Blueprint, Response, jsonify

from portal.knowledge.revisions import RevisionsUnknownError
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
    except RevisionsUnknownError:
        return "unreachable"
    return "ok"


def _index() -> str:
    try:
        return parts().index.health().value
    except Exception:
        return "failing"
