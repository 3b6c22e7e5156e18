"""What the promise clock asks for, done by the worker: one case a transaction, the mail about it in
the same one. A case on which it fails is put off and holds up no other.
"""

import logging
from datetime import datetime

from portal.cases.falling_due import do_what_is_due, next_due, put_off, something_is_due
from portal.database import Database
from portal.events import take_recorded
from portal.mail.notices import write_notices
from portal.settings import Settings

_log = logging.getLogger(__name__)


def turn(database: Database, *, settings: Settings, now: datetime) -> bool:
    """Do the oldest duty, if there is one; True asks to be called again at once."""
    with database.reading() as db:
        if not something_is_due(db, now=now):
            return False
    case_id: int | None = None
    try:
        with database.writing() as db:
            case = next_due(db, now=now)
            if case is None:
                return False
            case_id = case.id
            do_what_is_due(db, case=case, now=now)
            write_notices(db, take_recorded(db), settings=settings, now=now)
    except Exception:
        if case_id is None:
            raise
        _log.exception("the clock of case id %s failed; it is looked at again in an hour", case_id)
        with database.writing() as db:
            put_off(db, case_id=case_id, now=now)
    return True
