"""One transaction for each request, committed in one place: after the view, before the answer.

A request that only reads never takes the write lock. Mail about what happened is written in the
same transaction, so a case and its acknowledgement exist together or not at all.
"""

from flask import g, request
from sqlalchemy.orm import Session

from portal.cases.case_words import rename_in_words
from portal.clock import now
from portal.events import take_recorded
from portal.mail.notices import write_notices
from portal.web.access import current_access
from portal.web.parts import parts

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def db() -> Session:
    """This request's session: for reading, or for writing when the request is a POST that acts."""
    if "db" not in g:
        database = parts().database
        g.db = database.open_writing() if _writes() else database.reading()
    session: Session = g.db
    return session


def commit() -> None:
    """Make what the view did permanent, with the mail that tells of it."""
    session: Session | None = g.get("db")
    if session is None or not _writes():
        return
    events = take_recorded(session)
    rename_in_words(session, events)
    write_notices(session, events, settings=parts().settings, now=now())
    session.commit()


def abandon() -> None:
    """Undo what the request did; whatever it still needs is only read."""
    close()
    g.is_abandoned = True


def close(_error: BaseException | None = None) -> None:
    """Give the session back; what wasn't committed is undone."""
    session: Session | None = g.pop("db", None)
    if session is not None:
        session.close()


def _writes() -> bool:
    access = current_access()
    is_reading = request.method in READING_METHODS or (access is not None and access.only_reads)
    return not is_reading and not g.get("is_abandoned")
