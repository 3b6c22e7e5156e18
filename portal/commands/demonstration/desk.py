"""What a desk has besides its cases in the demonstration: teams and where requests go, answers kept
ready, a view that everybody shares, and mail that came in.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.cases.routing import set_routes
from portal.commands.context import Opened
from portal.desk.canning import keep_answer
from portal.desk.saving_views import save_view
from portal.mail.inbound.receiving import receive
from portal.people.person import Person
from portal.people.teams import keep_team

_TEAMS = (
    ("First line", 1, ("aldo", "rosa")),
    ("Engineering", 2, ("rosa",)),
    ("Product specialists", 3, ("mai",)),
)
_ANSWERS = (
    (
        "Ask for the log of the server",
        "Hello {contact},\n\nplease send us the file server.log of the day on which it happened. "
        "You find it in the folder “logs” of the program. Reply to this mail with the file, or add "
        "it on the page of case {case}.\n\n{agent}",
    ),
    (
        "Which version do you use?",
        "Hello {contact},\n\nwhich version do you use? It stands in the program under Help, About. "
        "With it we can look for the same fault here.\n\n{agent}",
    ),
    (
        "Is it solved?",
        "Hello {contact},\n\nwe have not heard from you since our last answer. Does it work now at "
        "{organisation}? If it does, you can close case {case} on its page; if not, tell us what "
        "you see.\n\n{agent}",
    ),
)
_MAILS = (
    (
        6,
        "Theo Lindqvist <theo@harbour.example>",
        "Two users see each other's call list",
        "Hello,\n\nsince yesterday Marta and Jo in Hamburg see each other's call list. Both signed "
        "in on new computers. Nobody else is affected.\n\nTheo\n\n--\nTheo Lindqvist\nHarbour "
        "Lines, Tacoma\n",
        "",
    ),
    (
        5,
        "Harbour Trade News <news@trade.example>",
        "This week in shipping",
        "Rates are up, and seven ports report queues.\n",
        "List-Id: <news.trade.example>\nPrecedence: bulk\n",
    ),
    (
        2,
        "Ines Okafor <ines@harbour.example>",
        "Out of office: I am back on Monday",
        "I am out of office until Monday. In urgent cases call the switchboard.\n",
        "Auto-Submitted: auto-replied\n",
    ),
    (
        1,
        "monitor@harbour.example",
        "Disk of VXT-TAC-01 is 91 % full",
        "Host VXT-TAC-01, disk E:, 91 % used, threshold 90 %.\n",
        "Auto-Submitted: auto-generated\n",
    ),
)


def man_the_desk(db: Session, people: Mapping[str, Person], *, now: datetime) -> None:
    """Teams, routes, canned answers and a shared view, as a manager made them."""
    mai = people["mai"]
    teams = [
        keep_team(
            db,
            team=None,
            name=name,
            level=level,
            members=[people[who] for who in members],
            by=mai,
            now=now,
        )
        for name, level, members in _TEAMS
    ]
    set_routes(db, chosen={"": teams[0]}, by=mai, now=now)
    for title, body in _ANSWERS:
        keep_answer(db, title=title, body=body, by=people["rosa"], now=now)
    view = {"view": "all", "q": "harbour"}
    save_view(db, name="Harbour Lines", address=view, by=mai, now=now, is_shared=True)


def take_mail_in(portal: Opened, *, now: datetime) -> None:
    """A request, a newsletter and a program's message that wait for a word, an absence note."""
    for hours, sender, subject, text, headers in _MAILS:
        at = now - timedelta(hours=hours)
        raw = (
            f"From: {sender}\nTo: {portal.settings.mail_from}\nSubject: {subject}\n"
            f"Message-ID: <demonstration-{hours}@harbour.example>\n{headers}"
            f"Content-Type: text/plain; charset=utf-8\n\n{text}"
        )
        content = raw.replace("\n", "\r\n").encode()
        receive(
            portal.database, portal.files, content, way="pipe", settings=portal.settings, now=at
        )
