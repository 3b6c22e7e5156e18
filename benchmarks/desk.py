"""What the desk's pages cost with many cases: python -m benchmarks.desk.

A home is filled with 2,000 contacts and 1,000 cases, then with 50,000, on SQLite and, where it is
installed, on PostgreSQL. Each is measured in a process of its own by one client.
"""

import argparse
import gc
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from sqlalchemy import event, insert, select

from portal.cases import case_words
from portal.cases.case import Case, CaseStatus
from portal.cases.conversation import Message
from portal.cases.noting import note
from portal.cases.numbers import check_character, write_number, write_receipt
from portal.cases.policies import adopt
from portal.cases.request import Request
from portal.cases.submission import open_case
from portal.clock import now
from portal.database import Database
from portal.desk.saving_views import save_view
from portal.events import Event
from portal.migrations.running import migrate
from portal.people.organisation import Organisation
from portal.people.person import Person, Role
from portal.people.signing_in import sign_in
from portal.policy.profiles import profile_source
from portal.settings import Settings
from tests.postgres import Cluster, binaries

CONTACTS, ORGANISATIONS = 2_000, 200
OWN = 25
"""So many cases the measured contact has at every size: what grows is what others have."""
SIZES = (1_000, 50_000)
OPEN = {1_000: 100, 50_000: 2_000}
ENTRIES = 200
WARM_UP, TIMES = 10, 60
GOAL_P95_MS, GOAL_GROWTH, GOAL_QUERIES = 50, 1.5, 12
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_SCATTER = 314_159_269  # a prime
_COMMON = (
    *("call", "phone", "server", "report", "printer"),
    *("update", "login", "export", "archive", "recorder"),
)
_SELDOM, HAVING = "kestrel", 20
"""A word that stands in so many cases at every size."""
_RARE = [f"term{number}" for number in range(3_000)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--sizes", nargs="*", type=int, default=list(SIZES))
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(_measured(*given.measure)))
        return
    with tempfile.TemporaryDirectory(prefix="desk-") as folder:
        _compare("SQLite", given.sizes, lambda size: f"sqlite:///{folder}/{size}.db")
    programs = binaries()
    if programs is None:
        print("PostgreSQL is not installed")
        return
    cluster = Cluster(programs)
    try:
        _compare("PostgreSQL", given.sizes, lambda size: cluster.make(f"desk_{size}"))
    finally:
        cluster.stop()


def _compare(engine: str, sizes: list[int], address: Any) -> None:
    found = {}
    for size in sizes:
        url = address(size)
        token = _filled(url, size)
        ran = subprocess.run(
            [sys.executable, "-m", "benchmarks.desk", "--measure", url, token],
            check=True,
            capture_output=True,
            text=True,
        )
        found[size] = json.loads(ran.stdout.splitlines()[-1])
    _print(engine, found)


def _print(engine: str, found: dict[int, dict[str, Any]]) -> None:
    print(
        f"\n## {engine} (goals: p95 {GOAL_P95_MS} ms, growth {GOAL_GROWTH}x, "
        f"{GOAL_QUERIES} queries a page)\n"
    )
    print("| page | cases | p50 ms | p95 ms | CPU ms | queries | growth |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    smallest = min(found)
    for page in found[smallest]["pages"]:
        for size, said in found.items():
            each, base = said["pages"][page], found[smallest]["pages"][page]
            grown = each["p50"] / base["p50"]
            print(
                f"| {page} | {size:,} | {each['p50']:.1f} | {each['p95']:.1f} | {each['cpu']:.1f} "
                f"| {each['queries']} | {grown:.2f} |"
            )
    for size, said in found.items():
        print(f"\nPeak memory at {size:,} cases: {said['peak_mb']:.0f} MB")


def _measured(url: str, token: str) -> dict[str, Any]:
    """Every page, asked by one client in this process."""
    from portal.application import create_app

    wanted: dict[str, str] = json.loads(token)
    with tempfile.TemporaryDirectory(prefix="home-") as folder:
        settings = Settings(
            home=Path(folder), secret="s" * 40, base_url="http://localhost", database_url=url
        )
        app = create_app(replace(settings))
        gc.collect()
        gc.freeze()  # as each web process does
        queries: list[str] = []
        engine = app.extensions["portal"].database.engine
        event.listen(engine, "before_cursor_execute", lambda *told: _count(queries, told[2]))
        pages = {}
        for name, path in wanted["pages"].items():  # type: ignore[attr-defined]
            client = app.test_client()
            who = "contact" if name.startswith("contact") else "agent"
            client.set_cookie("sign-in", wanted[who], domain="localhost")
            pages[name] = _timed(client, path, queries)
        app.extensions["portal"].database.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"pages": pages, "peak_mb": peak}


def _count(queries: list[str], statement: str) -> None:
    """SQLite is told to begin a transaction by a statement, which asks for nothing."""
    if statement != "BEGIN":
        queries.append(statement)


def _timed(client: Any, path: str, queries: list[str]) -> dict[str, float]:
    wall, cpu = [], []
    for turn in range(WARM_UP + TIMES):
        queries.clear()
        began, began_cpu = time.perf_counter(), time.process_time()
        answer = client.get(path)
        taken, taken_cpu = time.perf_counter() - began, time.process_time() - began_cpu
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        if turn >= WARM_UP:
            wall.append(taken * 1_000)
            cpu.append(taken_cpu * 1_000)
    return {
        "p50": median(wall),
        "p95": quantiles(wall, n=20)[-1],
        "cpu": median(cpu),
        "queries": len(queries),
    }


def _filled(url: str, size: int) -> str:
    """Fill a new database; the sign-ins and the pages to measure, as JSON."""
    database, at = Database(url), now()
    migrate(database)
    with database.writing() as db:
        adopt(db, source=profile_source("communicado"), now=at)
        contacts = _people(db, at)
        agent = db.scalars(select(Person).where(Person.role == Role.AGENT)).one()
        model, long = _long_case(db, contacts[0], agent, at)
        _many_cases(db, size, model, (contacts, agent), at)
        save_view(db, name="Urgent", address={"view": "open", "priority": "1"}, by=agent, now=at)
        case_words.rebuild(db.connection())
        number = db.scalars(select(Case.number).where(Case.id == size // 2)).one()
        wanted = {
            "agent": sign_in(db, person=agent, by="password", now=at),
            "contact": sign_in(db, person=contacts[1], by="password", now=at),
            "pages": {
                "queue": "/desk",
                f"case of {ENTRIES} entries": f"/desk/cases/{long}",
                f"contact's list of {OWN - 2} cases": "/cases",
                "staff search, case number": f"/desk?view=all&q={number}",
                "staff search, a common word": f"/desk?view=all&q={_COMMON[0]}",
                "staff search, two words": f"/desk?view=all&q={_COMMON[1]}+{_COMMON[2]}",
                "staff search, how 100 words begin": f"/desk?view=all&q={_RARE[7]}",
                f"staff search, a word of {HAVING} cases": f"/desk?view=all&q={_SELDOM}",
            },
        }
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as said:
            said.exec_driver_sql("VACUUM ANALYZE")
    database.close()
    return json.dumps(wanted)


def _people(db: Any, at: datetime) -> list[Person]:
    owners = [
        Organisation(slug=f"org-{n}", name=f"Organisation {n}", created_at=at)
        for n in range(ORGANISATIONS)
    ]
    db.add_all(owners)
    db.flush()
    contacts = [
        Person(
            name=f"Contact {n}",
            email=f"contact{n}@customer.example",
            organisation_id=owners[n % ORGANISATIONS].id,
            created_at=at,
        )
        for n in range(CONTACTS)
    ]
    agent = Person(name="Aldo", email="aldo@desk.example", role=Role.AGENT, created_at=at)
    db.add_all([*contacts, agent])
    db.flush()
    return contacts


def _long_case(db: Any, contact: Person, agent: Person, at: datetime) -> tuple[Case, str]:
    """A real case through the real acts, with notes until it has ENTRIES entries."""
    answers = {
        "summary": "Calls are not recorded",
        "description": "Since this morning no call is recorded.",
        "contact_name": contact.name,
        "contact_email": contact.email,
    }
    asked = Request(answers, contact, "phone", may_lack=True, entered_by=agent)
    case = open_case(db, request=asked, now=at)
    for turn in range(ENTRIES - 2):
        body = f"Entry {turn}: the recorder was restarted and watched for an hour."
        note(db, case=case, author=agent, body=body, now=at + timedelta(seconds=turn))
    db.flush()
    return case, case.reference


def _many_cases(
    db: Any, size: int, model: Case, people: tuple[list[Person], Person], at: datetime
) -> None:
    """Copies of the model with other words, contacts, dates and states."""
    (contacts, agent), chance = people, random.Random(size)
    columns = {c.key: getattr(model, c.key) for c in Case.__mapper__.column_attrs}
    rows, said, happened = [], [], []
    for place in range(2, size + 1):
        contact = contacts[1 if place < OWN else 2 + place % (CONTACTS - 2)]
        opened = at - timedelta(minutes=7 * (size - place))
        is_open = place > size - OPEN.get(size, size // 10)
        due = at + timedelta(minutes=chance.randint(-300, 5_000)) if is_open else None
        assignee = agent.id if chance.random() < 0.5 else None
        seen = {"opened_at": opened, "updated_at": opened, "assignee_id": assignee}
        rows.append(columns | _row(place, contact, due, chance) | seen)
        if place % (size // HAVING) == 0:
            rows[-1]["description"] += f" {_SELDOM}"
        for body in (rows[-1]["description"], _sentence(chance)):
            said.append(
                {
                    "case_id": place,
                    "author_name": contact.name,
                    "body": body,
                    "at": opened,
                    "is_from_staff": False,
                    "is_internal": False,
                }
            )
        happened.append(
            {
                "case_id": place,
                "kind": "opened",
                "at": opened,
                "actor_name": contact.name,
                "is_internal": False,
                "detail": {"is_held": False, "channel": "web"},
            }
        )
    for table, values in ((Case, rows), (Message, said), (Event, happened)):
        for begin in range(0, len(values), 2_000):
            db.execute(insert(table), values[begin : begin + 2_000])


def _row(
    place: int, contact: Person, due: datetime | None, chance: random.Random
) -> dict[str, Any]:
    """What differs from case to case; one with a due instant is open."""
    scattered = place * _SCATTER % len(_ALPHABET) ** 6  # no two places have the same
    symbols = "".join(
        _ALPHABET[scattered // len(_ALPHABET) ** n % len(_ALPHABET)] for n in range(6)
    )
    receipt = f"{place:08d}".translate(str.maketrans("0123456789", _ALPHABET[:10]))
    open_statuses = [CaseStatus.RECEIVED, CaseStatus.IN_PROGRESS]
    return {
        "id": place,
        "number": write_number(f"{symbols}{check_character(symbols)}"),
        "receipt": write_receipt(f"{receipt}2"),
        "subject": _sentence(chance, 5),
        "description": _sentence(chance, 40),
        "status": chance.choice(open_statuses) if due else CaseStatus.CLOSED,
        "priority": chance.choice("1234"),
        "contact_id": contact.id,
        "contact_name": contact.name,
        "contact_email": contact.email,
        "organisation_id": contact.organisation_id,
        "next_due_at": due,
        "next_update_due_at": due,
        "wakes_at": due,
    }


def _sentence(chance: random.Random, words: int = 25) -> str:
    return " ".join(
        chance.choice(_COMMON) if chance.random() < 0.03 else chance.choice(_RARE)
        for _ in range(words)
    )


if __name__ == "__main__":
    print(f"Measured {datetime.now(UTC):%d %B %Y}") if "--measure" not in sys.argv else None
    main()
