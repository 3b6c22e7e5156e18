"""Several issues in one case become several linked cases, each with its own number and promise."""

import io
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import clocks
from portal.cases.attachments import KeptFile
from portal.cases.case import Case
from portal.cases.case_words import speaks_of
from portal.cases.linking import related_to
from portal.cases.merging import merge
from portal.cases.noting import note
from portal.cases.policies import adopt
from portal.cases.replying import reply
from portal.cases.splitting import NotSplittableError, Part, split
from portal.cases.timeline import timeline_for_customer, timeline_for_staff
from portal.events import take_recorded
from portal.files import FileStore
from portal.mail.notices import write_notices
from portal.policy.profiles import profile_source
from portal.settings import Settings
from tests import casework
from tests.cast import Cast, everybody

HOUR = timedelta(hours=1)


@pytest.fixture
def cast(db: Session, now: datetime) -> Cast:
    adopt(db, source=profile_source("communicado"), now=now - timedelta(days=30))
    return everybody(db)


@pytest.fixture
def case(db: Session, cast: Cast, now: datetime) -> Case:
    return casework.opened(db, person=cast.ines, now=now, priority="3")


def test_D19_each_part_has_its_number_its_priority_and_its_promise_from_the_split(
    db: Session, cast: Cast, case: Case, now: datetime
) -> None:
    at = now + 5 * HOUR
    due = case.first_response_due_at
    parts = [
        Part("The fax is silent", "No fax rings either.", priority="2"),
        Part("Invoices are missing", "None since May."),
    ]
    fax, invoices = split(db, case=case, parts=parts, by=cast.agent, now=at)
    assert len({case.number, fax.number, invoices.number}) == 3
    assert (fax.priority, invoices.priority) == ("2", "3")
    for part in (fax, invoices):
        assert clocks.evaluation_of(db, part).first_response.received_at == at
        assert part.first_response_due_at is not None
        assert part.first_response_due_at > at
        assert part.contact is cast.ines
        assert part.organisation is cast.harbour_lines
    assert case.first_response_due_at == due


def test_D19_the_parts_lead_to_each_other_and_the_customer_sees_it(
    db: Session, cast: Cast, case: Case, now: datetime
) -> None:
    parts = [Part("One more", "Words"), Part("Another", "Words")]
    one, two = split(db, case=case, parts=parts, by=cast.agent, now=now)

    def seen(of: Case) -> set[tuple[str, str]]:
        return {(r.words, r.case.reference) for r in related_to(db, of, person=cast.ines)}

    assert seen(case) == {("Split into", one.reference), ("Split into", two.reference)}
    assert ("Split off from", case.reference) in seen(one)
    assert ("Related to", two.reference) in seen(one)
    assert related_to(db, one, person=cast.bea) == []
    titles = [entry.title for entry in timeline_for_customer(db, case)]
    assert any(one.reference in title and two.reference in title for title in titles)


def test_a_part_that_was_merged_back_is_not_linked_to_itself(
    db: Session, cast: Cast, case: Case, now: datetime
) -> None:
    parts = [Part("One more", "Words"), Part("Another", "Words")]
    one, two = split(db, case=case, parts=parts, by=cast.agent, now=now)
    merge(db, duplicate=one, survivor=case, by=cast.agent, now=now)
    seen = {(r.words, r.case.reference) for r in related_to(db, case, person=cast.ines)}
    assert seen == {("Split into", two.reference), ("Related to", two.reference)}


def test_D19_the_contact_is_told_of_each_part(
    db: Session, cast: Cast, case: Case, now: datetime, home: Path
) -> None:
    settings = Settings(
        home=home, secret="s" * 40, base_url="http://localhost", database_url="sqlite://"
    )
    take_recorded(db)
    (part,) = split(db, case=case, parts=[Part("The fax", "Silent")], by=cast.agent, now=now)
    mails = write_notices(db, take_recorded(db), settings=settings, now=now)
    (mail,) = [mail for mail in mails if mail.recipient == cast.ines.email]
    assert part.reference in mail.subject
    assert case.reference in mail.text
    assert "split" in mail.text.lower()


def test_marked_messages_go_along_with_their_files_and_dates_and_stay_where_they_were(
    db: Session, cast: Cast, case: Case, now: datetime, tmp_path: Path
) -> None:
    stored = FileStore(tmp_path).keep(io.BytesIO(b"hello"), limit_bytes=99)
    kept = [KeptFile("fax.log", stored)]
    said = reply(db, case=case, author=cast.ines, body="The fax, too", now=now + HOUR, kept=kept)
    inside = note(db, case=case, author=cast.agent, body="Hm", now=now + HOUR)
    part = Part("The fax", message_ids=[said.id, inside.id])
    (fax,) = split(db, case=case, parts=[part], by=cast.agent, now=now + 2 * HOUR)
    for one in (case, fax):
        entries = {e.body: e for e in timeline_for_customer(db, one) if e.body}
        assert entries["The fax, too"].at == now + HOUR
        assert [file.name for file in entries["The fax, too"].files] == ["fax.log"]
        assert "Hm" not in entries
        assert "Hm" in {e.body for e in timeline_for_staff(db, one)}
    assert fax.description == "The fax, too"
    found = speaks_of(db, "fax too")
    assert found is not None
    assert fax in db.scalars(select(Case).where(found)).all(), "the desk's search finds it by them"


def test_what_is_held_splits_into_what_is_held(db: Session, cast: Cast, now: datetime) -> None:
    held = casework.opened(db, person=None, now=now)
    (part,) = split(db, case=held, parts=[Part("Two", "Words")], by=cast.agent, now=now)
    assert part.number is None
    assert part.held_reason == held.held_reason


WRONG = [
    ([], "Say what becomes"),
    ([Part("", "Words")], "Give each part a subject"),
    ([Part("A part")], "Mark the messages"),
    ([Part("A part", message_ids=[999])], "does not belong"),
    ([Part("A part", "Words")] * 11, "at most 10"),
]


@pytest.mark.parametrize("wrong", WRONG, ids=[why for _, why in WRONG])
def test_what_is_incomplete_is_refused_with_the_remedy(
    db: Session, cast: Cast, case: Case, now: datetime, wrong: tuple[list[Part], str]
) -> None:
    parts, why = wrong
    with pytest.raises(NotSplittableError, match=why):
        split(db, case=case, parts=parts, by=cast.agent, now=now)
