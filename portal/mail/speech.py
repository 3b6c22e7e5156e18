"""In which language a mail is written: its reader's, not that of whoever caused it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.locale import speaking
from portal.people.queries import find_by_email, normal_email
from portal.settings import Settings


@contextmanager
def speaking_to(
    db: Session,
    address: str,
    *,
    settings: Settings,
    case: Case | None = None,
    otherwise: str = "",
) -> Iterator[None]:
    """Speak to the reader of this address, about this case; `otherwise` where nothing is known."""
    with speaking(language_of(db, address, settings=settings, case=case, otherwise=otherwise)):
        yield


def language_of(
    db: Session,
    address: str,
    *,
    settings: Settings,
    case: Case | None = None,
    otherwise: str = "",
) -> str:
    """What they chose, else what they wrote the case in, else the library's first language."""
    offered = settings.library_languages
    if len(offered) < 2:
        return offered[0]
    person = find_by_email(db, address)
    is_theirs = case is not None and normal_email(case.contact_email) == normal_email(address)
    known = (
        person.language if person else None,
        case.contact_language if case and is_theirs else None,
        otherwise,
    )
    return next((tag for tag in known if tag in offered), offered[0])
