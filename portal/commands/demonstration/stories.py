"""What happens in the demonstration: cases at every stage, told as who said what, when."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Act = Literal[
    "respond",
    "ask",
    "reply",
    "note",
    "assign",
    "solve",
    "close",
    "wait_for",
    "propose",
    "agree",
    "deliver",
    "complain",
    "rate",
]


@dataclass(frozen=True)
class Step:
    """One thing somebody does, some time after the case was opened."""

    after: timedelta
    who: str
    act: Act
    words: str = ""


@dataclass(frozen=True)
class Story:
    """A case and what became of it. `urgency` counts from the policy's most urgent level;
    `customer` is for whom a partner files, `site` the installation it is about when that is
    not the first one, `tried` what had been tried before a problem was told.
    """

    who: str
    ago: timedelta
    urgency: int
    subject: str
    description: str
    steps: tuple[Step, ...] = ()
    guest_email: str = ""
    customer: str = ""
    site: str = ""
    kind: str = "problem"
    tried: str = "Nothing yet"


def _h(hours: float) -> timedelta:
    return timedelta(hours=hours)


STORIES = (
    Story(
        "theo",
        _h(20 * 24),
        2,
        "Monthly call report counts internal calls twice",
        "Since we moved to the new report template, every internal call stands in the monthly "
        "report twice. External calls are right. We compared October with the raw records.",
        (
            Step(_h(2), "aldo", "assign"),
            Step(_h(3), "aldo", "ask", "Which template does the report use: Standard or Compact?"),
            Step(_h(22), "theo", "reply", "It is Compact, version 3."),
            Step(_h(24), "aldo", "respond", "Thank you. Compact 3 joins both legs of a call."),
            Step(
                _h(30),
                "aldo",
                "solve",
                "Template Compact 3.1 counts each internal call once; it is installed.",
            ),
            Step(_h(50), "theo", "close"),
            Step(_h(51), "theo", "rate", "Quick, and told in plain words what was wrong."),
        ),
    ),
    Story(
        "ines",
        _h(5 * 24),
        3,
        "How do we give a temp worker read-only access for two weeks?",
        "We get a temp worker on Monday who should see call reports and nothing else, "
        "and the access should end by itself.",
        (
            Step(_h(4), "rosa", "assign"),
            Step(
                _h(5),
                "rosa",
                "respond",
                "Create a sign-in with the role “Reports only” and set its last day. "
                "The article “How do I limit what a colleague sees?” shows each step.",
            ),
            Step(_h(6), "rosa", "solve", "A sign-in with an end date and the role Reports only."),
        ),
        kind="question",
    ),
    Story(
        "theo",
        _h(4 * 24),
        1,
        "Hamburg office: calls are recorded without a caller name",
        "All calls to the Hamburg office arrive with the number but without the name, although "
        "the names stand in the directory. Tacoma is not affected. It began on the day when the "
        "directory was synchronised for the first time.",
        (
            Step(_h(1), "aldo", "assign"),
            Step(_h(1.5), "aldo", "respond", "We see it too. Your directory has two entries each."),
            Step(_h(2), "aldo", "note", "Looks like the duplicate key problem of build 4418."),
            Step(
                _h(20),
                "aldo",
                "ask",
                "Please send us the file sync.log from the Hamburg server, and tell us when the "
                "last synchronisation ran.",
            ),
        ),
        site="Hamburg office",
        tried="Synchronised the directory once more",
    ),
    Story(
        "piet",
        _h(3 * 24),
        2,
        "Harbour Lines cannot export reports as PDF",
        "Our customer gets an empty page in place of the PDF. CSV works. Chrome and Edge alike.",
        (
            Step(_h(30), "rosa", "respond", "We are reproducing this with the same report."),
            Step(_h(31), "rosa", "deliver", "A first fix is being tested."),
            Step(_h(55), "rosa", "deliver", "The test found a second cause, which is mended too."),
        ),
        customer="harbour-lines",
        tried="Chrome and Edge, on two computers",
    ),
    Story(
        "ines",
        _h(2 * 24),
        3,
        "Please add a second cost centre to our account",
        "From December on we book calls of the new terminal to their own cost centre, 4711.",
        kind="question",
    ),
    Story(
        "bea",
        _h(26),
        1,
        "The wallboard shows yesterday's queue",
        "The board in the call centre shows the figures of yesterday, 17:00, and never changes. "
        "Restarting the display did not help.",
        tried="Restarted the display",
    ),
    Story(
        "theo",
        _h(7),
        1,
        "Alarms by e-mail stopped after the certificate was renewed",
        "We renewed the certificate of our mail server this morning. Since then no alarm mail "
        "arrives; the log says: certificate verify failed.",
        (
            Step(_h(0.7), "rosa", "assign"),
            Step(_h(0.8), "rosa", "respond", "Thank you, we have it and are looking at the log."),
            Step(_h(2), "theo", "reply", "The new issuer is R13. Do you need the chain?"),
            Step(_h(5.5), "theo", "complain", "The night shift works without alarms."),
        ),
    ),
    Story(
        "ines",
        _h(2 * 24),
        2,
        "Calls over the new line are cut off after exactly 30 minutes",
        "Since the provider changed our line, every call ends after 30 minutes. Internal calls go "
        "on. It is the same on both sites.",
        (
            Step(_h(1), "rosa", "assign"),
            Step(_h(2), "rosa", "respond", "The line ends the session, not the exchange."),
            Step(_h(3), "rosa", "wait_for", "Puget Line, your provider"),
        ),
        tried="Restarted the router",
    ),
    Story(
        "theo",
        _h(6 * 24),
        3,
        "Upgrade the Tacoma server outside the loading season",
        "We would like to go to the next version. Until the end of the loading season the server "
        "can't be switched off, afterwards any morning is good.",
        (
            Step(_h(3), "aldo", "assign"),
            Step(_h(4), "aldo", "propose", "It takes two hours, from eight in the morning."),
            Step(_h(26), "theo", "agree"),
        ),
        kind="question",
    ),
    Story(
        "theo",
        _h(30),
        3,
        "Move the archive to the larger disk",
        "The archive disk is three quarters full. It is not urgent; we would like to have it moved "
        "before spring.",
        (
            Step(_h(2), "aldo", "assign"),
            Step(_h(3), "aldo", "respond", "We can do that in an hour, when nobody searches."),
            Step(_h(3.1), "aldo", "propose", "Searching stops for an hour then."),
        ),
        kind="question",
    ),
    Story(
        "ines",
        _h(1.2),
        0,
        "No call is recorded any more, on both sites",
        "Since about an hour no call appears in the system, in Tacoma and in Hamburg. The service "
        "runs and was restarted twice. The dispatchers can't bill anything.",
        tried="Restarted the service twice",
        steps=(
            Step(_h(0.3), "aldo", "assign"),
            Step(_h(0.4), "aldo", "respond", "I am on it; please keep the servers as they are."),
        ),
    ),
    Story(
        "",
        _h(3),
        3,
        "Do you offer training for new operators?",
        "We think about buying a licence and would like to know how operators learn it.",
        guest_email="gus@guest.example",
        kind="question",
    ),
    Story(
        "theo",
        _h(0.5),
        2,
        "Search in the archive is slow since the weekend",
        "A search over three months took 5 seconds before and takes more than a minute now.",
    ),
)
