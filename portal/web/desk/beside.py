"""What the case page needs around writing: who else is here, and what was found to insert."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.cases.case import Case
from portal.cases.timeline import Entry
from portal.clock import now
from portal.desk.presence import others_at
from portal.web.desk.loading import worker
from portal.web.transaction import db


@dataclass(frozen=True)
class Insertion:
    """Something to insert in a reply, and its kind in a word to be translated. `text` is "" for
    what the customer may not read.
    """

    value: str
    title: str
    kind: str
    text: str


@dataclass(frozen=True)
class Finding:
    """What was looked for to insert, and what was found; None before anything was looked for."""

    words: str = ""
    insertions: Sequence[Insertion] | None = None


NOTHING_SOUGHT = Finding()


def around_writing(case: Case, entries: Sequence[Entry], finding: Finding) -> dict[str, Any]:
    """Values of the case page's template."""
    said = [entry.id for entry in entries if entry.body]
    return {
        "present": others_at(db(), case_id=case.id, person=worker(), now=now()),
        "written": (),
        "last_message_id": max(said, default=0),
        "insertions": finding.insertions,
        "find": finding.words,
    }
