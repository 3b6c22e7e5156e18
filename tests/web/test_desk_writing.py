"""Writing an answer: what is kept ready goes in, and who else is at the case is said."""

import re

import pytest

from portal.cases.noting import note
from portal.clock import now as this_moment
from portal.desk.canned_answer import CannedAnswer
from portal.knowledge.article import Audience
from portal.people.person import Person
from tests.search.library import article
from tests.web.at_the_desk import Desk, desk, page, sent
from tests.web.conftest import hidden_fields

__all__ = ["desk"]


@pytest.fixture
def restart(desk: Desk) -> CannedAnswer:
    """A canned answer that greets the contact."""
    kept = sent(
        desk.aldo,
        "/desk/canned-answers",
        "/desk/canned-answers",
        title="Restart the recorder",
        body="Dear {contact}, please restart it. {case}",
    )
    assert "is kept" in kept
    with desk.database.reading() as db:
        return db.query(CannedAnswer).one()


def insert(desk: Desk, **fields: str) -> str:
    case = f"/desk/cases/{desk.phones.reference}"
    return sent(desk.aldo, case, f"{case}/insertions", **fields)


def body_of(found: str) -> str:
    typed = re.search(r'<textarea[^>]*id="reply-body"[^>]*>\n(.*?)</textarea>', found, re.S)
    assert typed is not None
    return typed[1]


def test_U1206_a_canned_answer_is_found_and_goes_under_what_was_typed(
    desk: Desk, restart: CannedAnswer
) -> None:
    found = insert(desk, body="Hello", find="recorder")
    assert "Restart the recorder" in found
    assert body_of(found) == "Hello"
    found = insert(desk, body="Hello", find="recorder", insert=f"canned-{restart.id}")
    assert body_of(found) == (
        f"Hello\n\nDear Nadia Petrov, please restart it. {desk.phones.reference}"
    )
    assert "Nothing found" in insert(desk, body="Hello", find="nosuchthing")


def test_U1206_only_what_the_customer_may_read_can_be_inserted(desk: Desk) -> None:
    with desk.database.writing() as db:
        article(db, "Walrus for all")
        article(db, "Walrus for customers", audience=Audience.CUSTOMERS)
        article(db, "Walrus for staff", audience=Audience.STAFF)
        article(db, "Walrus unfinished", is_published=False)
    found = insert(desk, find="walrus")
    assert found.count("Insert<span") == 2
    assert "This customer may not read it" in found
    assert "Walrus unfinished" not in found
    values = re.findall(r'value="(article-\d+)"', found)
    inserted = {body_of(insert(desk, find="walrus", insert=value)) for value in values}
    assert inserted == {
        "Walrus for all: http://localhost/articles/walrus-for-all",
        "Walrus for customers: http://localhost/articles/walrus-for-customers",
    }
    assert body_of(insert(desk, find="walrus", insert="article-3")) == ""


def test_the_script_gets_the_same_list(desk: Desk, restart: CannedAnswer) -> None:
    found = page(desk.aldo, f"/desk/cases/{desk.phones.reference}/insertions?q=restart")
    assert 'data-text="Dear Nadia Petrov, please restart it.' in found
    assert "<html" not in found


def test_canned_answers_are_kept_on_their_page(desk: Desk, restart: CannedAnswer) -> None:
    address = f"/desk/canned-answers/{restart.id}"
    assert "Nothing has these words" in page(desk.mai, "/desk/canned-answers?q=greatest")
    changed = sent(desk.mai, address, address, title="Restart", body="Restart it twice.")
    assert "“Restart” is saved." in changed
    late = sent(desk.aldo, address, address, title="Restart", body="Mine", revision="1")
    assert "Somebody changed this answer" in late
    assert "Restart it twice." in late
    assert "Mine" in late
    twice = sent(
        desk.mai, "/desk/canned-answers", "/desk/canned-answers", title="Restart", body="x"
    )
    assert "already" in twice
    gone = sent(desk.mai, address, f"{address}/removal")
    assert "is removed" in gone
    assert "None yet" in gone


@pytest.mark.usefixtures("time_stands")
def test_U1207_who_else_is_here_is_said_before_sending(desk: Desk) -> None:
    case = f"/desk/cases/{desk.phones.reference}"
    hidden = hidden_fields(page(desk.aldo, case))
    told = desk.aldo.post(f"{case}/presence", data=hidden | {"replying": "yes"})
    assert told.text.strip() == ""
    seen = page(desk.mai, case)
    assert re.search(r"Aldo Marchetti</strong> is replying", seen)
    with desk.database.writing() as db:
        aldo = db.get_one(Person, desk.people["aldo"].id)
        note(db, case=db.merge(desk.phones), author=aldo, body="Mine", now=this_moment())
    later = desk.mai.post(f"{case}/presence", data={**hidden_fields(seen), "replying": "no"}).text
    assert re.search(r"Aldo Marchetti</strong>\s+left a note just now while you had", later)
    assert "Mai Tanaka" not in later
    guest = desk.mai.application.test_client()
    assert guest.post(f"{case}/presence", data=hidden).status_code in {302, 303, 400, 404}


def test_U1205_answer_and_note_say_who_reads_them(desk: Desk) -> None:
    found = page(desk.aldo, f"/desk/cases/{desk.phones.reference}")
    public = found[found.index('class="reply public"') : found.index('class="reply note"')]
    internal = found[found.index('class="reply note"') :]
    assert "Send to customer" in public
    assert "Save internal note" in internal
    drafts = re.findall(r'data-autosave="([^"]+)"', found)
    assert drafts == [f"reply-{desk.phones.reference}", f"note-{desk.phones.reference}"]
