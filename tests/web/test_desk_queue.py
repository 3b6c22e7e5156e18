"""The queue as staff shape it: filters, saved views, and one change for many cases."""

import re

import pytest
from sqlalchemy import event

from portal.cases.case import Case, CaseStatus
from portal.web import site
from tests.web.at_the_desk import Desk, desk, page, sent
from tests.web.conftest import hidden_fields

__all__ = ["desk"]


def test_U1202_every_filter_is_part_of_the_address(desk: Desk) -> None:
    for asked, is_there in (
        ("q=ring", True),
        ("priority=4", False),
        ("assignee=nobody", True),
        ("assignee=me", False),
        ("level=1", True),
        ("level=2", False),
        ("organisation=harbour&within=1", True),
        ("opened_from=2999-01-01", False),
        ("opened_from=1.+Januar+2999", False),
        ("opened_to=9999-12-31", True),
        ("channel=phone", False),
        ("status=nonsense&level=9&assignee=-1&within=x&page=-3", True),
    ):
        found = page(desk.aldo, f"/desk?{asked}")
        assert ("Phones don&#39;t ring" in found) is is_there, asked
    assert "There is a problem" in page(desk.aldo, "/desk?opened_from=yesterday")


def test_U1202_a_saved_view_keeps_its_days_for_readers_of_every_language(desk: Desk) -> None:
    found = sent(desk.aldo, "/desk?opened_from=Nov+3,+2020", "/desk/views", name="Since then")
    assert "opened_from=2020-11-03" in found
    assert 'value="3 Nov 2020"' in found


def test_U1202_a_view_is_saved_renamed_and_removed(desk: Desk) -> None:
    found = sent(desk.aldo, "/desk?view=open&priority=4", "/desk/views", name="Can wait")
    assert "The view “Can wait” is saved." in found
    tab = re.search(r'<a href="([^"]*saved=(\d+))" aria-current="page">Can wait', found)
    assert tab is not None
    assert "The fax is slow" in found
    assert "Phones" not in found
    assert re.search(r'Can wait <span class="count">1<', found)
    assert "Can wait" not in page(desk.mai, "/desk")

    address, number = tab[1].replace("&amp;", "&"), tab[2]
    found = sent(desk.aldo, address, f"/desk/views/{number}/name", name="Later")
    assert "is called “Later” now" in found
    assert desk.mai.post(f"/desk/views/{number}/removal").status_code in {400, 403, 404}
    found = sent(desk.aldo, address, f"/desk/views/{number}/removal")
    assert "The view “Later” is removed." in found
    assert "saved=" not in found


def test_U1202_a_manager_shares_a_view(desk: Desk) -> None:
    sent(desk.mai, "/desk?q=fax", "/desk/views", name="Fax week", is_shared="y")
    assert "Fax week" in page(desk.aldo, "/desk")
    sent(desk.aldo, "/desk?q=fax", "/desk/views", name="My fax", is_shared="y")
    assert "My fax" not in page(desk.mai, "/desk")
    found = sent(desk.aldo, "/desk?q=fax", "/desk/views", name="fax WEEK")
    assert "There is a view of this name already" in found
    assert "Give the view a name" in sent(desk.aldo, "/desk?q=fax", "/desk/views", name=" ")


def ticked(*cases: Case) -> list[str]:
    return [f"{case.reference}.{case.revision}" for case in cases]


def test_U1203_ticked_cases_are_assigned_and_that_is_undone(desk: Desk) -> None:
    found = sent(
        desk.aldo,
        "/desk?view=unassigned",
        "/desk/changes",
        case=ticked(desk.phones, desk.fax),
        to=f"person-{desk.people['mai'].id}",
        act="assignment",
    )
    assert "2 cases assigned to Mai Tanaka" in found
    assert "view=unassigned" in found
    assert desk.now(desk.fax).assignee_id == desk.people["mai"].id
    undo = re.search(r'action="(/desk/changes/[^"]+/undoing)"', found)
    change = re.search(r"/desk/changes/([^/]+)/undoing", found)
    assert undo is not None
    assert change is not None
    shown = f"/desk?view=unassigned&change={change[1]}"
    assert "2 cases assigned" not in page(desk.mai, shown)
    assert "Undone for 2 of 2." in sent(desk.aldo, shown, undo[1])
    assert desk.now(desk.fax).assignee_id is None
    assert "can’t be undone any more" in sent(desk.aldo, shown, undo[1])


def test_U1203_what_was_refused_is_named(desk: Desk) -> None:
    shown = ticked(desk.phones, desk.fax)
    with desk.database.writing() as db:
        db.get_one(Case, desk.fax.id).revision += 1
    found = sent(
        desk.aldo,
        "/desk",
        "/desk/changes",
        case=shown,
        status="solved",
        reason="Fixed by the new release",
        act="status",
    )
    assert "1 case changed to “Solved”" in found
    assert f"{desk.fax.reference}</a>: Somebody changed it meanwhile" in found
    assert desk.now(desk.phones).status is CaseStatus.SOLVED
    assert desk.now(desk.phones).resolution == "Fixed by the new release"
    assert desk.now(desk.fax).status is CaseStatus.RECEIVED


def test_U1203_a_case_that_got_its_number_meanwhile_is_one_that_somebody_changed(
    desk: Desk,
) -> None:
    with desk.database.writing() as db:
        db.get_one(Case, desk.fax.id).revision += 1
    shown = [f"{desk.fax.receipt}.{desk.fax.revision}"]
    fields = {"case": shown, "status": "solved", "act": "status"}
    found = sent(desk.aldo, "/desk", "/desk/changes", **fields)
    assert f"{desk.fax.reference}</a>: Somebody changed it meanwhile" in found


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"act": "assignment", "to": "nobody"}, "Tick the cases that you mean."),
        ({"act": "assignment", "to": "", "case": "X"}, "Choose a person or a team from the list."),
        (
            {"act": "assignment", "to": "person-999999", "case": "X"},
            "Choose a person or a team from the list.",
        ),
        ({"act": "status", "status": "received", "case": "X"}, "Choose a status from the list."),
        ({"act": "status", "status": "solved", "case": "X", "reason": "x" * 300}, "Shorten this"),
    ],
)
def test_nothing_is_changed_before_all_is_said(
    desk: Desk, fields: dict[str, str], message: str
) -> None:
    chosen = {"case": ticked(desk.fax)[0]} if "case" in fields else {}
    found = sent(desk.aldo, "/desk?priority=4", "/desk/changes", **(fields | chosen))
    assert message in found
    assert desk.now(desk.fax).revision == desk.fax.revision
    if chosen:
        assert re.search(r'name="case"[^>]*checked', found)


def test_a_form_of_the_queue_leads_nowhere_else(desk: Desk) -> None:
    hidden = hidden_fields(page(desk.aldo, "/desk?q=fax"))
    address = "view=open&q=fax&_external=1&_scheme=ftp&next=//evil.example"
    data = {"csrf_token": hidden["csrf_token"], "address": address, "name": "Fax"}
    answer = desk.aldo.post("/desk/views", data=data)
    assert answer.location.startswith("/desk?")
    assert "evil" not in answer.location


def test_cases_are_found_from_every_page_of_the_desk(desk: Desk) -> None:
    assert 'action="/desk"' in page(desk.aldo, f"/desk/cases/{desk.fax.reference}")
    with desk.database.writing() as db:
        db.get_one(Case, desk.fax.id).status = CaseStatus.CLOSED
    assert "The fax is slow" in page(desk.aldo, "/desk?view=all&q=fax")
    found = page(desk.aldo, "/desk?q=fax")
    assert "Search all cases" in found


@pytest.mark.usefixtures("time_stands")
def test_no_page_of_the_desk_takes_more_than_twelve_queries(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What every page says of the desk is asked for every few seconds: not while this counts.
    monkeypatch.setattr(site, "ASKED_EVERY_SECONDS", 3_600.0)
    sent(desk.mai, "/desk?q=fax", "/desk/views", name="Fax week", is_shared="y")
    sent(desk.aldo, "/desk?priority=4", "/desk/views", name="Can wait")
    engine = desk.aldo.application.extensions["portal"].database.engine
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    for address in (
        "/desk",
        "/desk?view=all&q=fax+slow",
        f"/desk/cases/{desk.fax.reference}",
        "/desk/canned-answers",
    ):
        page(desk.aldo, address)
        asked.clear()
        page(desk.aldo, address)
        assert len([one for one in asked if one != "BEGIN"]) <= 12, address
