"""Who follows a case only because another one goes on in it: no longer, once that is undone."""

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.cases.follower import Follower
from portal.cases.following import hearers_of
from portal.cases.merge import Merge
from portal.cases.merged import standing_merge
from portal.people.queries import find_by_email


def take_followers_back(db: Session, undone: Merge) -> None:
    """Whoever came with this merge goes: from its survivor, and from where that went on in turn.

    Who hears of another case that is still merged there stays, and goes with that one.
    """
    _take_back(db, undone, undone.new_followers)


def came_from(db: Session, case: Case, address: str) -> Case | None:
    """The merged case by which the reader of `address` hears of this one; None for who hears of it
    anyway.
    """
    if not case.is_linked:
        return None
    person = find_by_email(db, address)
    if person is None:
        return None
    merges = _standing_into(db, case.id)
    return next((each.duplicate for each in merges if person.id in each.new_followers), None)


def _take_back(db: Session, made: Merge, person_ids: Collection[int]) -> None:
    going = set(person_ids) & set(made.new_followers)
    for other in _standing_into(db, made.survivor_id):
        staying = going & {person.id for person in hearers_of(db, other.duplicate)}
        other.new_followers = [*other.new_followers, *sorted(staying)]
        going -= staying
    made.new_followers = [each for each in made.new_followers if each not in set(person_ids)]
    those = Follower.case_id == made.survivor_id, Follower.person_id.in_(going)
    db.execute(delete(Follower).where(*those))
    onward = standing_merge(db, made.survivor)
    if onward is not None and going:
        _take_back(db, onward, going)


def _standing_into(db: Session, case_id: int) -> list[Merge]:
    query = select(Merge).where(Merge.survivor_id == case_id, Merge.undone_at.is_(None))
    return list(db.scalars(query.order_by(Merge.id)))
