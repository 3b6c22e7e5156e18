"""The access rule against a plain reading of it, for random people, organisations and cases."""

from dataclasses import dataclass
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.cases.access import find_case
from portal.cases.case import Case, CaseStatus, PolicyVersion
from portal.cases.follower import Follower
from portal.cases.numbers import new_references
from portal.cases.queries import CaseFilter, case_list, last_case_of, open_cases_of
from portal.people.organisation import Organisation
from portal.people.person import Person, Role
from tests import cast

AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Somebody:
    role: Role
    organisation: int | None
    sees_all: bool
    is_out: bool


@dataclass(frozen=True)
class World:
    """Partners by index (or None), who ended, people, cases as (contact, organisation), and who
    follows which case.
    """

    partners: list[int | None]
    ended: list[bool]
    people: list[Somebody]
    cases: list[tuple[int | None, int | None]]
    follows: set[tuple[int, int]]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    count = draw(st.integers(1, 4))
    some = st.none() | st.integers(0, count - 1)
    people = draw(
        st.lists(
            st.builds(
                Somebody, st.sampled_from(Role), some, st.booleans(), st.integers(0, 4).map(bool)
            ).map(lambda s: Somebody(s.role, s.organisation, s.sees_all, not s.is_out)),
            min_size=1,
            max_size=5,
        )
    )
    who = st.none() | st.integers(0, len(people) - 1)
    cases = draw(st.lists(st.tuples(who, some), max_size=8))
    pairs = [(each, case) for each in range(len(people)) for case in range(len(cases))]
    return World(
        [None if p == n else p for n, p in enumerate(draw(_exactly(some, count)))],
        draw(_exactly(st.integers(0, 4).map(lambda n: n == 0), count)),
        people,
        cases,
        draw(st.sets(st.sampled_from(pairs))) if pairs else set(),
    )


def _exactly(each: st.SearchStrategy[object], count: int) -> st.SearchStrategy[list[object]]:
    return st.lists(each, min_size=count, max_size=count)


def may_see(world: World, who: int, number: int) -> bool:
    """The rule in plain words."""
    person, (contact, owner) = world.people[who], world.cases[number]
    if person.is_out or (person.organisation is not None and world.ended[person.organisation]):
        return False
    if person.role is not Role.CONTACT:
        return person.role is not Role.WRITER
    if contact == who:
        return True
    if person.organisation is None or owner is None:
        return False
    is_within = person.organisation in {owner, world.partners[owner]}
    return is_within and (person.sees_all or (who, number) in world.follows)


@settings(max_examples=60)
@given(world=worlds())
def test_A23_D1_the_rule_is_the_same_for_every_list_and_every_case(
    db: Session, world: World
) -> None:
    with db.begin_nested() as trial:
        people, cases = _settle(db, world)
        for who, person in enumerate(people):
            mine = {c for n, c in enumerate(cases) if may_see(world, who, n)}
            assert {
                c
                for c in cases
                for key in (c.number or "", c.receipt)
                if find_case(db, key, person=person) is c
            } == mine
            assert set(case_list(db, person=person, size=50).cases) == mine
            own = set(case_list(db, person=person, filters=CaseFilter("own"), size=50).cases)
            others = CaseFilter("organisation")
            rest = set(case_list(db, person=person, filters=others, size=50).cases)
            assert own | rest == mine
            assert not own & rest
            assert all(case.contact_id == person.id for case in own)
            assert all(c.contact_id == person.id for c in open_cases_of(db, person=person))
            last = last_case_of(db, person=person)
            assert last is None or last.contact_id == person.id
        trial.rollback()


def _settle(db: Session, world: World) -> tuple[list[Person], list[Case]]:
    organisations: list[Organisation] = [
        cast.organisation(db, f"O{n}", ended_at=AT if is_over else None)
        for n, is_over in enumerate(world.ended)
    ]
    for organisation, partner in zip(organisations, world.partners, strict=True):
        organisation.partner_id = None if partner is None else organisations[partner].id
    people = [
        cast.person(
            db,
            f"P{n}",
            each.role,
            email=f"p{n}@x.example",
            organisation=None if each.organisation is None else organisations[each.organisation],
            sees_organisation_cases=each.sees_all,
            disabled_at=AT if each.is_out else None,
        )
        for n, each in enumerate(world.people)
    ]
    version = PolicyVersion(
        policy_id="x",
        version=1,
        effective_from=AT,
        source="",
        content_hash="x",
        created_at=AT,
    )
    cases = [
        _case(
            db,
            n,
            version,
            None if contact is None else people[contact],
            None if owner is None else organisations[owner],
        )
        for n, (contact, owner) in enumerate(world.cases)
    ]
    db.add_all([version, *cases])
    db.flush()
    for who, number in world.follows:
        follower = {"person_id": people[who].id, "case_id": cases[number].id}
        db.add(Follower(**follower, added_at=AT, added_by=""))
    db.flush()
    return people, cases


def _case(
    db: Session, n: int, version: PolicyVersion, contact: Person | None, owner: Organisation | None
) -> Case:
    receipt, number = new_references(db)
    return Case(
        receipt=receipt,
        number=number,
        status=CaseStatus.RECEIVED,
        subject=f"Case {n}",
        description="",
        requested_priority="3",
        priority="3",
        policy_version=version,
        contact=contact,
        contact_name="",
        contact_email="",
        organisation=owner,
        opened_at=AT,
        updated_at=AT,
    )
