"""Hostile words and files on the way in: shown as they are, or refused with the remedy."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from portal.cases.access import issue_link
from portal.cases.case import Case
from portal.cases.conversation import Attachment
from portal.cases.policies import adopt
from portal.database import Database
from portal.policy.profiles import profile_source
from portal.settings import Settings
from tests import cast
from tests.casework import zipped
from tests.cast import LONG_AGO, Cast
from tests.web.conftest import SignInAs
from tests.web.support_visitor import Visitor

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus=alert(1) autofocus='",
    "{{ 7*7 }}{% raw %}",
    "${7*7}#{7*7}",
    "javascript:alert(1)",
    "</textarea><svg onload=alert(1)>",
    "%00%0d%0aSet-Cookie: x=1",
    "=cmd|' /C calc'!A1",
    "&lt;b&gt;&amp;",
    "../../etc/passwd",
    '\'; DROP TABLE "case"; --',
    "[x](javascript:alert(1))",
    "<a href='https://evil.example'>x</a>",
    "𝕏 ﷽ 漢字 عربي",
    "a" * 119,
]


@pytest.fixture
def people(database: Database) -> Cast:
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
        return cast.everybody(db)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_in_every_field_are_shown_literally(
    hostile: str, people: Cast, sign_in_as: SignInAs
) -> None:
    ines = Visitor(sign_in_as(people.ines))
    ines.tell(subject=hostile, description=hostile, continues="")
    assert ines.status == 200, ines.text
    ines.say_effect(system_down="yes")
    ines.accept(business_effect=hostile)
    ines.give_details(company_name=hostile, location=hostile, steps_taken=hostile)
    ines.give_contact(name=hostile, reachable_at=hostile)
    assert ines.heading == "Check your answers"
    pages = [ines.page, ines.send_case()]
    number = ines.reference
    ines.open(f"/cases/{number}")
    ines.send(f"/cases/{number}/reply", body=hostile, form_token="h")
    ines.send(f"/cases/{number}/escalation", **{"escalation-reason": hostile})
    pages += [ines.page, ines.open("/cases"), ines.open("/cases/new")]
    for page in pages:
        assert "<script>alert" not in page
        assert not re.search(r"<[^>]+\son(error|load|focus)\s*=", page)
        assert "<svg onload" not in page
        assert "evil.example'>" not in page
        assert 'href="javascript:' not in page
    ines.open(f"/cases/{number}")
    assert " ".join(hostile.split()) in ines.text


@pytest.mark.parametrize("hidden", ["\u202e", "\x00", "\x1b", "\u2066", "\x7f"])
def test_invisible_characters_in_one_line_are_refused_with_the_remedy(
    hidden: str, app: Flask, people: Cast
) -> None:
    guest = Visitor(app.test_client())
    guest.open("/cases/new")
    guest.send("/cases/new", kind="problem", subject=f"Ex{hidden}ports", description="x")
    assert guest.status == 422
    assert "Type this again by hand: it contains invisible characters." in guest.text


def test_every_field_has_a_limit_and_keeps_what_was_typed(app: Flask, people: Cast) -> None:
    guest = Visitor(app.test_client())
    guest.open("/cases/new")
    guest.send("/cases/new", kind="problem", subject="s" * 400, description="d" * 30_000)
    assert "Shorten this to 150 characters; it has 250 too many." in guest.text
    assert "Shorten this to 20,000 characters; it has 10,000 too many." in guest.text
    assert "s" * 400 in guest.page
    assert "d" * 30_000 in guest.page


@pytest.mark.parametrize(
    "path",
    [
        "/cases/drafts/x/check",
        "/cases/drafts/%2e%2e/check",
        "/cases/drafts/AAAAAAAAAAAAAAAA/sent",
        "/cases/drafts/AAAAAAAAAAAAAAAA/expectation?priority=1",
    ],
)
def test_somebody_elses_draft_is_not_there(path: str, app: Flask, people: Cast) -> None:
    assert app.test_client().get(path).status_code == 404


@pytest.mark.parametrize("field", ["kind", "priority", "time_zone", "consent"])
def test_choices_that_were_never_offered_are_refused(field: str, app: Flask, people: Cast) -> None:
    guest = Visitor(app.test_client())
    guest.tell(kind="nonsense" if field == "kind" else "problem")
    if field == "kind":
        assert "Choose the kind of help that you need." in guest.text
        return
    guest.say_effect()
    if field == "priority":
        guest.send(f"{guest.draft}/effect", outcome="show", priority="99", reason="x")
        assert "Choose one of the priorities in the list." in guest.text
        return
    guest.accept()
    guest.give_details()
    if field == "time_zone":
        guest.give_contact(time_zone="Mars/Olympus")
        assert "Choose a time zone from the list." in guest.text
    else:
        guest.give_contact(consent="yes")
        assert guest.heading == "Check your answers"


def uploads() -> Iterator[tuple[bytes, str, bool]]:
    """A hundred files: kinds by their bytes, names of every sort, sizes from nothing up."""
    text, png = b"hello, world\n" * 3, b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
    accepted = [
        (png, "a.png"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 40, "b.jpg"),
        (b"GIF89a" + b"\x00" * 40, "c.gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 " + b"\x00" * 40, "d.webp"),
        (b"%PDF-1.7\n" + b"\x00" * 40, "e.pdf"),
        (zipped(), "f.zip"),
        (zipped(), "report.docx"),
        (b"\x1f\x8b\x08" + b"\x00" * 40, "g.tar.gz"),
        (text, "h.txt"),
        (text, "i.log"),
        (text, "j.csv"),
        (b"<html><script>alert(1)</script></html>", "page.txt"),
        (b"<svg onload=alert(1)>", "picture.txt"),
        (png, "script.js.png"),
        (text, "x" * 300 + ".txt"),
        (text, "../../../etc/passwd.txt"),
        (text, "..\\..\\windows\\system.txt"),
        (text, "name with spaces.txt"),
        (text, "Ünïcödé 漢字.txt"),
        (text, "\u202egnp.txt"),
        (text, '"><img src=x onerror=alert(1)>.txt'),
        (text, "line\nbreak.txt"),
        (text, "con.txt"),
        (text, ".htaccess.txt"),
        (text, "no ending"),
        *((text, f"part-{n}.txt") for n in range(26)),
    ]
    refused = [
        (b"", "empty.txt"),
        (b"MZ\x90\x00" + b"\x00" * 60, "setup.dat"),
        (b"\x7fELF" + b"\x00" * 60, "program"),
        (b"\xca\xfe\xba\xbe" + b"\x00" * 60, "Main.class"),
        (b"\x00" * 100, "zeros.bin"),
        (b"x" * 3000, "large.txt"),
        (b"<svg onload=alert(1)>", "picture.png"),
        (zipped()[:-30], "torn.zip"),
        *((text, f"file.{ending}") for ending in DANGEROUS),
        *((png, f"image.{ending}") for ending in DANGEROUS),
    ]
    yield from ((content, name, True) for content, name in accepted)
    yield from ((content, name, False) for content, name in refused)


DANGEROUS = tuple(
    "exe bat cmd com js html htm svg vbs ps1 scr hta xhtml jar msi lnk xml xsl mht pif wsf shtml "  # noqa: SIM905
    "svgz xht cpl".split()
)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, attachment_limit_bytes=2_000, case_attachments_limit=200)


def test_a_hundred_files_are_kept_or_refused_by_what_they_are(
    app: Flask, people: Cast, database: Database, settings: Settings
) -> None:
    corpus = list(uploads())
    assert len(corpus) >= 100
    guest = Visitor(app.test_client())
    guest.tell()
    guest.say_effect()
    guest.accept()
    guest.give_details()
    draft, token = guest.draft, guest.token
    kept: dict[str, bytes] = {}
    for content, name, is_accepted in corpus:
        guest.page = f'name="csrf_token" value="{token}"'
        guest.send(f"{draft}/files", files=[(content, name)])
        assert (guest.status == 200) is is_accepted, (name, guest.page)
        if not is_accepted:
            assert '"error":' in guest.page
        else:
            with database.reading() as db:
                last = db.scalars(select(Attachment).order_by(Attachment.id.desc())).first()
            assert last is not None
            kept[last.token] = content
    for path in settings.files_folder.rglob("*"):
        assert path.is_dir() or re.fullmatch(r"[0-9a-f]{64}", path.name)
    guest.open(f"{draft}/contact")
    guest.give_contact()
    guest.send_case()
    with database.writing() as db:
        case = db.scalars(select(Case)).one()
        link = issue_link(db, case=case, email=case.contact_email, now=datetime.now(UTC))
        reference = case.reference
    guest.open(f"/follow/{link}")
    with database.reading() as db:
        stored = {each.token: each for each in db.scalars(select(Attachment))}
    assert set(stored) == set(kept)
    for each, content in kept.items():
        found = settings.files_folder / stored[each].content_hash[:2] / stored[each].content_hash
        assert found.read_bytes() == content
        check_served(guest, f"/cases/{reference}/files/{each}", content)


def check_served(guest: Visitor, path: str, content: bytes) -> None:
    """The same bytes again, in a sandbox; inline only as one of four kinds of picture."""
    answer = guest.client.get(path)
    assert (answer.status_code, answer.data) == (200, content)
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    is_picture = answer.mimetype in {"image/png", "image/jpeg", "image/gif", "image/webp"}
    assert is_picture or answer.mimetype == "application/octet-stream"
    shown = answer.headers["Content-Disposition"].partition(";")[0]
    assert shown == ("inline" if is_picture else "attachment")


def test_refused_files_leave_the_others_and_the_texts(app: Flask, people: Cast) -> None:
    guest = Visitor(app.test_client())
    guest.tell()
    guest.say_effect()
    guest.accept()
    guest.give_details()
    files = [(b"hello there\n", "notes.txt"), (b"MZ", "fix.exe"), (b"y" * 3000, "big.txt")]
    guest.give_contact(files=files, name="Gus the Great")
    assert guest.status == 422
    assert "fix.exe: Files of this kind can carry programs. Put it into a ZIP file." in guest.text
    assert "big.txt: It is larger than" in guest.text
    assert "notes.txt" in guest.text
    assert 'value="Gus the Great"' in guest.page
    token = re.findall(r'name="remove_file"\s+value="([^"]+)"', guest.page)[0]
    guest.send(
        f"{guest.draft}/contact", remove_file=token, name="Gus the Great", email="", phone=""
    )
    assert "notes.txt" not in guest.text
    assert 'value="Gus the Great"' in guest.page


def test_a_flood_of_cases_from_one_network_ends_and_keeps_what_was_typed(
    app: Flask, people: Cast, sign_in_as: SignInAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.web.support.question.MOST_BEGUN", 2)
    fields = {"kind": "problem", "subject": "Exports", "description": "They stop."}
    for status in (200, 200, 429, 429):
        guest = Visitor(app.test_client())
        guest.open("/cases/new")
        guest.send("/cases/new", **fields)
        assert guest.status == status
    assert "Sign in to go on, or call us." in guest.text
    assert 'value="Exports"' in guest.page
    ines = Visitor(sign_in_as(people.ines))
    ines.tell(continues="")
    assert ines.status == 200
