"""The sections [pauses.NAME]: the reasons for which a case may stand still.

The rule: what is not written stays as the portal has it; waiting for the customer is always the
customer's turn, and what was agreed is nobody's.
"""

from portal.locale import gettext as _
from portal.policy.pausing import DEFAULTS, STOPS, TURNS, PauseReason
from portal.policy.sections.table import Table
from portal.policy.words import BASES


def read_pause(table: Table, name: str) -> PauseReason:
    standing = next((each for each in DEFAULTS if each.id == name), None)
    if standing is None:
        words = table.needed_text(
            "words", _('Write what follows "Waiting for", like "the carrier".')
        )
        if "turn" not in table:
            table.wrong(
                "turn",
                _("It is missing."),
                _("Write %(words)s.", words=_(" or ").join(TURNS)),
                "missing",
            )
    else:
        words = table.text("words", standing.words)
        if table.text("turn", standing.turn) != standing.turn:
            table.wrong(
                "turn",
                _('It is "%(turn)s" for %(name)s.', turn=standing.turn, name=name),
                _("Leave it out."),
            )
    reason = PauseReason(
        id=name,
        words=words,
        turn=table.word("turn", TURNS, standing.turn if standing else "us"),
        stops=table.word("stops", STOPS, standing.stops if standing else "no clock"),
        basis=table.word("basis", BASES, "default"),
    )
    table.done()
    return reason
