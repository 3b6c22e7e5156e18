"""The inventory of all routes: who may, what is cached, how forgery is stopped; all are tried."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter, Rule

from portal.people.person import Person, Role
from portal.web.access import (
    Access,
    Cache,
    Csrf,
    UndeclaredRouteError,
    Who,
    access_of,
    allow,
    check_inventory,
)
from tests.web.conftest import MakePerson, SignInAs

SAFE = {"GET", "HEAD", "OPTIONS"}


def _address(rule: Rule) -> str:
    """An address of this route, with something plausible in each gap."""
    values: dict[str, Any] = {}
    for name in rule.arguments:
        is_number = isinstance(rule._converters[name], IntegerConverter)
        values[name] = 999_999 if is_number else "nothing-here"
    built = rule.build(values, append_unknown=False)
    return built[1] if built else rule.rule


def _rules(app: Flask) -> list[tuple[Rule, Access]]:
    found = [(rule, access_of(app, rule.endpoint)) for rule in app.url_map.iter_rules()]
    return [(rule, access) for rule, access in found if access is not None]


def test_every_route_is_declared(app: Flask) -> None:
    assert len(_rules(app)) == len(list(app.url_map.iter_rules())) > 20


def test_the_portal_refuses_to_start_with_an_undeclared_route(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "x")
    with pytest.raises(UndeclaredRouteError, match="forgotten"):
        check_inventory(app)


def test_only_what_anyone_may_see_can_be_cached() -> None:
    with pytest.raises(ValueError, match="anyone"):
        allow(Who.SIGNED_IN, cache=Cache.PUBLIC)


def test_a_cached_route_changes_nothing(app: Flask) -> None:
    for rule, access in _rules(app):
        if access.cache is Cache.PUBLIC:
            assert (rule.methods or set()) <= SAFE, rule.rule


def test_routes_below_the_desk_are_for_staff(app: Flask) -> None:
    for rule, access in _rules(app):
        if rule.rule.startswith(("/desk", "/writing")):
            assert access.who in {
                Who.STAFF,
                Who.WRITER,
                Who.AGENT,
                Who.MANAGER,
                Who.ADMINISTRATOR,
            }, rule.rule


def test_every_unsafe_route_refuses_a_form_without_a_token(
    app: Flask, make_person: MakePerson, sign_in_as: SignInAs
) -> None:
    browser = sign_in_as(make_person("root@desk.example", role=Role.ADMINISTRATOR))
    for rule, access in _rules(app):
        for method in (rule.methods or set()) - SAFE:
            answer = browser.open(_address(rule), method=method)
            # where the address itself is the secret, a wrong one is not found
            expected = 404 if access.csrf is Csrf.SEAL else 400
            assert answer.status_code == expected, (rule.rule, access)


def test_every_unsafe_route_refuses_another_site(app: Flask) -> None:
    foreign = [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ]
    for rule, _access in _rules(app):
        for method in (rule.methods or set()) - SAFE:
            for headers in foreign:
                answer = app.test_client().open(_address(rule), method=method, headers=headers)
                assert answer.status_code == 400, (rule.rule, headers)


def test_a_form_on_a_cached_page_needs_the_browsers_word(app: Flask) -> None:
    @app.post("/vote")
    @allow(Who.ANYONE, csrf=Csrf.ORIGIN)
    def vote() -> str:
        return "counted"

    client = app.test_client()
    assert client.post("/vote").status_code == 400
    assert client.post("/vote", headers={"Origin": "http://localhost"}).text == "counted"
    assert client.post("/vote", headers={"Sec-Fetch-Site": "same-origin"}).text == "counted"


def test_signed_out_visitors_are_led_to_sign_in_and_back(app: Flask, client: FlaskClient) -> None:
    for rule, access in _rules(app):
        if access.who.needs_sign_in and "GET" in (rule.methods or set()):
            address = _address(rule)
            answer = client.get(address)
            assert answer.status_code == 303, rule.rule
            assert answer.location.startswith("/sign-in?next=%2F") or (
                answer.location == f"/sign-in?next={address}"
            )


@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_may_not_use_is_not_there(
    app: Flask, make_person: MakePerson, sign_in_as: SignInAs, role: Role
) -> None:
    person: Person = make_person("x@desk.example", role=role)
    browser = sign_in_as(person)
    for rule, access in _rules(app):
        if not access.who.admits(person) and "GET" in (rule.methods or set()):
            assert browser.get(_address(rule)).status_code == 404, rule.rule


@pytest.mark.parametrize(
    ("role", "admitted"),
    [
        (Role.CONTACT, {Who.SIGNED_IN}),
        (Role.WRITER, {Who.SIGNED_IN, Who.STAFF, Who.WRITER}),
        (Role.AGENT, {Who.SIGNED_IN, Who.STAFF, Who.AGENT}),
        (Role.MANAGER, {Who.SIGNED_IN, Who.STAFF, Who.WRITER, Who.AGENT, Who.MANAGER}),
        (Role.ADMINISTRATOR, set(Who) - {Who.ANYONE, Who.HOLDER}),
    ],
)
def test_each_role_may_what_it_may(role: Role, admitted: set[Who]) -> None:
    person = Person(email="x@y.example", name="X", role=role)
    assert {who for who in Who if who.needs_sign_in and who.admits(person)} == admitted


def test_trace_is_refused(app: Flask) -> None:
    for path in ("/", "/sign-in", "/healthz"):
        assert app.test_client().open(path, method="TRACE").status_code == 405
