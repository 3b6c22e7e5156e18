"""Cases that belong together: each side shows the other to whoever may see both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from portal.cases.access import sight_of, viewer, visible
from portal.cases.case import Case
from portal.cases.happenings import Happening
from portal.cases.link import CaseLink, LinkKind
from portal.cases.merged import together_ids
from portal.cases.revision import count_change
from portal.events import record
from portal.locale import N_
from portal.locale import gettext as _
from portal.people.person import Person

WORDS = {
    LinkKind.RELATED: (N_("Related to"), N_("Related to")),
    LinkKind.CAUSED_BY: (N_("Caused by"), N_("Causes")),
    LinkKind.CONTINUES: (N_("Continues"), N_("Continued by")),
    LinkKind.DUPLICATE: (N_("Duplicate of"), N_("Has the duplicate")),
    LinkKind.PART_OF: (N_("Split off from"), N_("Split into")),
}
"""How a link reads on its own side, and on the other."""

BY_HAND = (LinkKind.RELATED, LinkKind.CAUSED_BY, LinkKind.CONTINUES, LinkKind.DUPLICATE)


class NotLinkableError(ValueError):
    """These two can't be linked; the message says why."""


@dataclass(frozen=True)
class Related:
    """A case that belongs to the one that is read; `link_id` is None where no link says so."""

    words: str
    case: Case
    link_id: int | None = None


def link(
    db: Session, *, case: Case, other: Case, kind: LinkKind, by: Person, now: datetime
) -> CaseLink:
    """Say that `case` is `kind` to `other`. Raises NotLinkableError."""
    if case is other:
        raise NotLinkableError(N_("Enter the number of the other case: this is the same one."))
    if db.scalar(_between(case, other)) is not None:
        raise NotLinkableError(_("%(case)s is linked to this case already.", case=other.reference))
    made = connect(db, case=case, other=other, kind=kind, now=now)
    for one, two, words in ((case, other, WORDS[kind][0]), (other, case, WORDS[kind][1])):
        _tell(db, Happening.LINKED, one, two, by=by, now=now, words=words, link=kind.value)
    return made


def connect(db: Session, *, case: Case, other: Case, kind: LinkKind, now: datetime) -> CaseLink:
    """The bare link, for acts that tell of it themselves."""
    made = CaseLink(case=case, other=other, kind=kind, made_at=now)
    db.add(made)
    case.is_linked = other.is_linked = True
    db.flush()
    return made


def unlink(db: Session, *, case: Case, link_id: int, by: Person, now: datetime) -> bool:
    """Take a link of this case away; False when it has no such link."""
    found = db.get(CaseLink, link_id)
    ids = together_ids(db, case)
    if found is None or not {found.case_id, found.other_id} & set(ids):
        return False
    one, two = found.case, found.other
    db.delete(found)
    _tell(db, Happening.UNLINKED, one, two, by=by, now=now, link=found.kind.value)
    _tell(db, Happening.UNLINKED, two, one, by=by, now=now, link=found.kind.value)
    db.flush()
    return True


def related_to(db: Session, case: Case, *, person: Person | None) -> list[Related]:
    """What belongs to this case, as far as the reader may see it; costs nothing for most cases.

    Whoever came by a secret link sees further cases of the same contact and no others.
    """
    if not case.is_linked:
        return []
    ids = together_ids(db, case)
    may_see = visible(sight_of(person)) if person else _same_contact(case)
    found = [
        Related(_(WORDS[made.kind][side]), other, made.id)
        for side in (0, 1)
        for made, other in db.execute(_linked(ids, side, may_see), viewer(person))
    ]
    forward, backward = WORDS[LinkKind.CONTINUES]
    followed = db.scalars(_followed(case, ids, may_see), viewer(person))
    found += [
        Related(_(forward if other.id == case.follows_id else backward), other)
        for other in followed
    ]
    return found


def _linked(ids: Sequence[int], side: int, may_see: ColumnElement[bool]) -> Select[CaseLink, Case]:
    """The links in which one of these cases is the first (side 0) or the other one (side 1); what
    was merged with its own part is one case now, and not linked to itself.
    """
    pair = (CaseLink.case_id, CaseLink.other_id)
    ours, theirs = pair if side == 0 else pair[::-1]
    query = select(CaseLink, Case).join(Case, Case.id == theirs)
    return query.where(ours.in_(ids), theirs.not_in(ids), may_see).order_by(CaseLink.id)


def _followed(case: Case, ids: Sequence[int], may_see: ColumnElement[bool]) -> Select[Case]:
    """What was filed as going on from an earlier case."""
    either = or_(Case.id == (case.follows_id or 0), Case.follows_id.in_(ids))
    return select(Case).where(either, may_see).order_by(Case.id)


def _same_contact(case: Case) -> ColumnElement[bool]:
    if case.contact_id is not None:
        return Case.contact_id == case.contact_id
    return and_(Case.contact_id.is_(None), Case.contact_email == case.contact_email)


def _between(one: Case, two: Case) -> Select[CaseLink]:
    either = or_(
        and_(CaseLink.case_id == one.id, CaseLink.other_id == two.id),
        and_(CaseLink.case_id == two.id, CaseLink.other_id == one.id),
    )
    return select(CaseLink).where(either)


def _tell(
    db: Session,
    happening: Happening,
    case: Case,
    other: Case,
    *,
    by: Person,
    now: datetime,
    **more: Any,
) -> None:
    count_change(case, now=now)
    record(
        db,
        happening,
        now=now,
        actor_id=by.id,
        actor_name=by.name,
        case_id=case.id,
        is_internal=True,
        other=other.reference,
        **more,
    )
