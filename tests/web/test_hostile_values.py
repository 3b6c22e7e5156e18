"""Forty hostile values in every plain field, on every page, feed, mail and table: shown as text."""

import csv
import io
import json
import re
from html.parser import HTMLParser
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.cases.policies import adopt
from portal.cases.rating import Rating
from portal.cases.replying import reply
from portal.clock import now as this_moment
from portal.database import Database
from portal.events import take_recorded
from portal.knowledge.feedback import give_feedback
from portal.mail.notices import write_notices
from portal.mail.outbox import OutgoingMail
from portal.policy.profiles import profile_source
from portal.search import indexing
from portal.search.opening import open_index
from portal.settings import Settings
from tests import casework, cast
from tests.cast import LONG_AGO
from tests.search.library import article, shelf
from tests.web.conftest import SignInAs

VALUES = [
    "<x-evil>", "<script>evil()</script>", "</script><script>evil()</script>", "<!--<x-evil>-->",
    "\"><x-evil onclick=evil()>", "'><x-evil onclick=evil()>", "\" onfocus=evil() autofocus=\"",
    "' onfocus=evil() autofocus='", "` onfocus=evil() `", "</title><x-evil>", "</textarea><x-evil>",
    "</style><x-evil>", "<svg onload=evil()>", "<img src=x onerror=evil()>", "<iframe src=//evil>",
    "<base href=//evil.example/>", "<meta http-equiv=refresh content=0;url=//evil>", "]]><x-evil>",
    "&lt;x-evil&gt;", "&#60;x-evil&#62;", "&amp;lt;x-evil&amp;gt;", "%3Cx-evil%3E",
    "\\u003cx-evil\\u003e", "\\x3cx-evil\\x3e", "<?evil?>", "<!DOCTYPE evil [<!ENTITY e 'x'>]>&e;",
    "{{ 7*191 }}", "{% raw %}{{ 7*191 }}", "${7*191}", "#{7*191}", "%(evil)s {evil} {0.__class__}",
    "javascript:evil()", "[x](javascript:evil())", "![x](//evil.example/x.png)", "=1+1",
    "@SUM(1)", "+1+cmd|' /C x'!A0", "-2+3", "\uff1d1+1", "'; DROP TABLE message; --",
    "＜x-evil＞", "<x-evil\n>", "{\"evil\": \"</script>\"}", "\\\"-evil()-\\\"", "</a><x-evil>",
]  # fmt: skip


class Judge(HTMLParser):
    """Finds what a value must never become: an element, a handler, an address that runs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in {"x-evil", "iframe", "base", "object", "embed"}:
            self.faults.append(f"<{tag}>")
        if tag == "script" and "src" not in said and said.get("type") != "application/ld+json":
            self.faults.append("inline script")
        if tag == "meta" and "http-equiv" in said:
            self.faults.append("meta http-equiv")
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or name == "autofocus" or "evil" in name:
            self.faults.append(f"{tag} {name}")
        runs = re.match(r"[\s\x00-\x20]*(javascript|vbscript|data):", value, re.I)
        leaves = re.match(r"(https?:)?//evil", value)
        if name in {"href", "src", "action", "formaction"} and (runs or leaves):
            self.faults.append(f"{tag} {name}={value}")


def judged(page: str) -> str:
    """The words of a page that is in order."""
    judge = Judge()
    judge.feed(page)
    judge.close()
    assert judge.faults == []
    assert "1337" not in page
    for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S):
        json.loads(block)
    return one_line("".join(judge.words))


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def world(
    app: Flask, database: Database, settings: Settings, sign_in_as: SignInAs
) -> SimpleNamespace:
    """An article, a case, people and an organisation for each value, called by it."""
    at = this_moment()
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
        staff, cases, articles = cast.administrator(db), [], []
        for n, value in enumerate(VALUES):
            customer = cast.organisation(db, value, slug=f"o{n}")
            cast.contract(db, customer)
            ines = cast.person(
                db, value, email=f"p{n}@customer.example", organisation_id=customer.id
            )
            case = casework.opened(
                db, person=ines, now=at, subject=one_line(value), contact_name=one_line(value),
                contact_phone=value, business_effect=value, location=value, steps_taken=value,
            )  # fmt: skip
            reply(db, case=case, author=ines, body=value, now=at)
            db.add(Rating(case_id=case.id, score=1, comment=value, at=at))
            made = article(
                db, value, summary=value, search_words=(value,), slug=f"a{n}",
                category=shelf(db, f"c{n}", value),
            )  # fmt: skip
            give_feedback(
                db, version=made.versions[-1], visitor_hash="v", helped=False, comment=value, now=at
            )
            cases.append((case.reference, ines, value))
            articles.append((made.id, n, value))
        write_notices(db, take_recorded(db), settings=settings, now=at)
    indexing.catch_up(database, open_index(settings))
    return SimpleNamespace(cases=cases, articles=articles, staff=sign_in_as(staff))


def test_forty_values_are_tried() -> None:
    assert len(set(VALUES)) >= 40


def test_articles_called_by_hostile_values(world: SimpleNamespace, client: FlaskClient) -> None:
    home = judged(client.get("/").text)
    for id_, n, value in world.articles:
        shown = one_line(value)
        assert shown in judged(client.get(f"/articles/a{n}").text)
        assert shown in judged(client.get(f"/categories/c{n}").text)
        assert shown in home
        question = {"q": value, "category": value}
        assert shown in judged(client.get("/search", query_string={"q": value}).text)
        judged(client.get("/search", query_string=question).text)
        found = client.get("/search/suggestions", query_string={"q": value})
        assert found.json is not None
        judged(client.get("/cases/new", query_string=question).text)
        assert client.get(f"/articles/a{n}.md").mimetype == "text/markdown"
        if n % 4 == 0:
            assert shown in judged(world.staff.get(f"/writing/articles/{id_}").text)
    titles = [e.text for e in ElementTree.fromstring(client.get("/feed.xml").text).iter() if e.text]
    assert {one_line(v) for v in VALUES} & {one_line(t) for t in titles}
    ElementTree.fromstring(client.get("/sitemap.xml").text)
    judged(world.staff.get("/writing").text)


def test_cases_called_by_hostile_values(
    world: SimpleNamespace, sign_in_as: SignInAs, database: Database
) -> None:
    judged(world.staff.get("/desk").text)
    for reference, ines, value in world.cases:
        shown, customer = one_line(value), sign_in_as(ines)
        for path in ("/cases", f"/cases/{reference}", "/account"):
            assert shown in judged(customer.get(path).text), path
        rows = list(csv.reader(io.StringIO(customer.get("/cases/export.csv").text)))
        cells = [cell for row in rows[1:] for cell in row]
        assert {shown, f"'{shown}"} & set(cells)
        assert not any(cell.startswith(("=", "+", "-", "@", "\uff1d")) for cell in cells)
        entry = customer.get(f"/cases/{reference}/promise.ics").text
        assert entry.count("BEGIN:VEVENT") == 1
    for reference, _ines, value in world.cases[::4]:
        assert one_line(value) in judged(world.staff.get(f"/desk/cases/{reference}").text)
    with database.reading() as db:
        mails = db.query(OutgoingMail).all()
    assert len(mails) >= len(VALUES)
    for mail in mails:
        judged(mail.html)
        assert "\n" not in mail.subject
    judged(world.staff.get("/desk/outbox").text)
    judged(world.staff.get(f"/desk/outbox/{mails[1].id}").text)
