"""What the contract includes is for the contacts of the organisation that has one."""

from datetime import datetime

import pytest
import time_machine
from flask import Flask

from portal.database import Database
from portal.policy.profiles import profile
from tests.web.conftest import SignInAs
from tests.web.support_visitor import Visitor
from tests.web.test_support_policies import people_under

MORNING = datetime.fromisoformat("2026-11-23T10:00:00-08:00")


def listed(visitor: Visitor, title: str) -> list[str]:
    """The entries of the list below a heading, in lower case."""
    part = visitor.page.partition(f">{title}</h2>")[2].partition("</ul>")[0]
    return [entry.partition("</li>")[0].lower() for entry in part.split("<li>")[1:]]


def test_B16_B17_a_contact_reads_what_support_and_maintenance_include(
    database: Database, sign_in_as: SignInAs
) -> None:
    people = people_under("civicplus", database)
    entitlement = profile("civicplus").entitlement
    with time_machine.travel(MORNING, tick=False):
        nadia = Visitor(sign_in_as(people.nadia))
        nadia.open("/account")
        assert 'href="/contract"' in nadia.page
        nadia.open("/contract")
    assert nadia.heading == "Your contract"
    assert listed(nadia, "What support includes") == [t.lower() for t in entitlement.covers]
    assert listed(nadia, "What maintenance includes") == [
        text.lower() for text in entitlement.maintenance
    ]
    assert "1 January 2026 to 31 December 2028" in nadia.text


def test_B16_B17_without_a_contract_nothing_is_listed_and_the_way_on_is_said(
    database: Database, sign_in_as: SignInAs
) -> None:
    people = people_under("civicplus", database)
    with time_machine.travel(MORNING, tick=False):
        bea = Visitor(sign_in_as(people.bea))
        bea.open("/contract")
    assert "ended on" in bea.text
    assert "You can send a request all the same" in bea.text
    assert listed(bea, "What support includes") == []


def test_B16_B17_visitors_are_asked_to_sign_in(app: Flask, database: Database) -> None:
    people_under("civicplus", database)
    visitor = Visitor(app.test_client())
    visitor.open("/expectations")
    assert "newsletter" not in visitor.text
    assert 'href="/contract"' in visitor.page
    visitor.open("/contract")
    assert visitor.heading == "Sign in"


@pytest.mark.parametrize("policy", ["cipplanner", "communicado", "cts"])
def test_a_list_that_the_policy_does_not_give_has_no_heading(
    policy: str, database: Database, sign_in_as: SignInAs
) -> None:
    people = people_under(policy, database)
    entitlement = profile(policy).entitlement
    with time_machine.travel(MORNING, tick=False):
        theo = Visitor(sign_in_as(people.theo))
        theo.open("/contract")
    assert ("What support includes" in theo.text) == bool(entitlement.covers)
    assert "What maintenance includes" not in theo.text
