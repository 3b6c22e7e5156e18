"""The sections [[priority]]: what each level means and what is promised for it.

The rule: every figure names its basis, and a target that is not given is no target; nothing is
invented in its place.
"""

from collections.abc import Collection, Mapping
from typing import Any

from portal.locale import gettext as _
from portal.policy.asking import Question
from portal.policy.edges import MINUTES_A_DAY
from portal.policy.model import NOTHING, Assignment, PatchDate, Priority, Route, Target
from portal.policy.phrases import Phrase, PhraseError, parse_phrase
from portal.policy.sections.table import Table
from portal.policy.words import BASES, ClockName, Strength

KEYS: dict[ClockName, str] = {
    "first_response": "first_response",
    "next_update": "updates",
    "escalation": "escalation",
    "resolution": "resolution",
}
NOT_GIVEN = "not given"
STRENGTHS: tuple[Strength, ...] = ("expected", "usual")


def read_priority(table: Table, hours: Collection[str], channels: Collection[str]) -> Priority:
    """One level, and the same level as it is promised on particular channels."""
    priority_id = table.identity("id", _("Write a short id: it is stored with every case."))
    overrides = table.table("by_channel")
    plain = _read_level(table, priority_id, hours)
    by_channel = {}
    for name in overrides.values if overrides else ():
        override = overrides.table(name) if overrides else None
        if override is not None:
            by_channel[name] = _on_channel(table, override, priority_id, hours)
        if overrides and name not in channels:
            overrides.wrong(
                name,
                _("There is no [channels.%(name)s].", name=name),
                _("Add it, or mend the name."),
            )
    table.done()
    return _with_channels(plain, by_channel)


def _with_channels(plain: Priority, by_channel: Mapping[str, Priority]) -> Priority:
    return Priority(
        plain.id,
        plain.name,
        plain.means,
        plain.hours,
        plain.report_by,
        plain.inside,
        plain.outside,
        by_channel,
        plain.questions,
        plain.patch_date,
        plain.assignment,
    )


def _on_channel(
    table: Table, override: Table, priority_id: str, hours: Collection[str]
) -> Priority:
    """The level with the keys that the channel overrides."""
    inherited: dict[str, Any] = {k: v for k, v in table.values.items() if k != "by_channel"}
    merged = Table(inherited | override.values, override.path, override.findings)
    merged.known.add("id")
    level = _read_level(merged, priority_id, hours)
    merged.done()
    return level


def _read_level(table: Table, priority_id: str, hours: Collection[str]) -> Priority:
    means = table.texts("means")
    own_hours = table.needed_text("hours", _("Write the name of a [hours.NAME]."))
    if own_hours and own_hours not in hours:
        table.wrong(
            "hours",
            _("There is no [hours.%(name)s].", name=own_hours),
            _("There is %(known)s.", known=_list(hours)),
        )
    inside = {clock: read_target(table, key, hours) for clock, key in KEYS.items() if key in table}
    outside = {
        clock: read_target(table, f"{key}_outside_hours", hours)
        for clock, key in KEYS.items()
        if f"{key}_outside_hours" in table
    }
    name = table.needed_text("name", _("Write what customers call it."))
    questions = tuple(
        read_question(entry, priority_id, means) for entry in table.tables("question")
    )
    return Priority(
        id=priority_id,
        name=name,
        means=means,
        hours=own_hours,
        report_by=table.texts("report_by"),
        inside=inside,
        outside=outside,
        questions=questions,
        patch_date=_patch_date(table),
        assignment=_assignment(table),
    )


def _list(names: Collection[str]) -> str:
    return ", ".join(names) or _("none")


def _patch_date(table: Table) -> PatchDate | None:
    entry = table.table("patch_date")
    if entry is None:
        return None
    found = PatchDate(
        entry.flag("promised"), entry.word("basis", BASES, "default"), entry.text("quote")
    )
    entry.done()
    return found


def _assignment(table: Table) -> Assignment | None:
    entry = table.table("assignment")
    if entry is None:
        return None
    found = Assignment(
        entry.flag("permanent"), entry.word("basis", BASES, "default"), entry.text("quote")
    )
    entry.done()
    return found


def read_target(table: Table, key: str, hours: Collection[str]) -> Target:
    """One figure: the phrase, its basis, and everything that qualifies it."""
    entry = table.table(key)
    if entry is None:
        return NOTHING
    text = entry.text("within") or entry.text("after")
    when = entry.text("when")
    phrase = _phrase(entry, text or "none")
    _needs_words(entry, text, when)
    own_hours = entry.text("hours") or None
    if own_hours and own_hours not in hours:
        entry.wrong(
            "hours",
            _("There is no [hours.%(name)s].", name=own_hours),
            _("There is %(known)s.", known=_list(hours)),
        )
    if phrase.has_date and "basis" not in entry:
        remedy = _('Write basis = "page", "reading" or "default".')
        entry.wrong("basis", _("The figure names no basis."), remedy, "missing_basis")
    target = Target(
        text=text or "none",
        phrase=phrase,
        basis=entry.word("basis", BASES, "default"),
        strength=entry.word("strength", STRENGTHS, "expected"),
        quote=entry.text("quote"),
        response_kind=entry.text("response_kind"),
        pause_while_waiting=entry.flag("pause_while_waiting"),
        hours=own_hours,
        cutoff_minutes=entry.whole("cutoff_minutes", most=MINUTES_A_DAY),
        to=entry.text("to"),
        when=when,
        instead=entry.text("instead"),
        routes=read_routes(entry),
    )
    _warn_of_idle_riders(entry, target)
    entry.done()
    return target


def _needs_words(entry: Table, text: str, when: str) -> None:
    if not text and not when:
        entry.wrong(
            "within", _("It is missing."), _('Write within = "4 business hours".'), "missing"
        )
    if "within" in entry and "after" in entry:
        entry.wrong("after", _("Both within and after stand here."), _("Keep one of them."))


def _phrase(entry: Table, text: str) -> Phrase:
    key = "after" if "after" in entry else "within"
    try:
        return parse_phrase(text)
    except PhraseError as error:
        entry.wrong(key, error.wrong, error.remedy, error.code)
        return Phrase("none")


def _warn_of_idle_riders(entry: Table, target: Target) -> None:
    phrase = target.phrase
    if phrase.kind != "clock" and (phrase.from_next_opening or phrase.moved_to_next_opening):
        wrong = _("What follows the comma changes nothing for this target.")
        entry.unsaid("within", wrong, _("Leave it out: it is for clock time."), "idle")
    if target.cutoff_minutes and phrase.kind != "same_close":
        wrong = _("It changes nothing for this target.")
        entry.unsaid("cutoff_minutes", wrong, _("It is for the same business day."), "idle")


def read_routes(table: Table) -> tuple[Route, ...]:
    routes = []
    for entry in table.tables("routes"):
        subject = entry.needed_text("subject", _("Write what the request is about."))
        routes.append(Route(subject, entry.needed_text("to", _("Write who takes it on."))))
        entry.done()
    return tuple(routes)


def read_question(table: Table, priority_id: str, means: tuple[str, ...]) -> Question:
    """A yes-or-no question; `means` says which definition of the level it stands for."""
    number = table.whole("definition", 1)
    if not 1 <= number <= len(means):
        wrong = _("This priority has %(number)s definitions.", number=len(means))
        table.wrong("definition", wrong, _("Count them from 1."))
    definition = means[number - 1] if 1 <= number <= len(means) else ""
    is_given = definition not in ("", NOT_GIVEN)
    ask = table.needed_text("ask", _("Write the question in the customer's words."))
    question = Question(
        id=table.identity("id", _("Write a short id.")),
        ask=ask,
        statement=table.text("statement") or (definition if is_given else ask),
        means=definition,
        priority_id=priority_id,
        unless=table.text("unless") or None,
        because=table.text("because"),
        basis=table.word("basis", BASES, "page"),
    )
    table.done()
    return question
