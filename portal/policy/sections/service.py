"""The sections on how the organisation is reached and whom it serves.

[desk], [channels.NAME], [entitlement], [emergency] and [paid_after_hours]: contacts as printed,
what a contract gives, who may ask for emergency help, and what help outside hours costs.
"""

from collections.abc import Collection, Mapping, Sequence

from portal.locale import gettext as _
from portal.policy.calendar import Calendar
from portal.policy.model import Channel, Desk, Emergency, Entitlement, PaidHelp, Priority
from portal.policy.sections.priorities import read_target
from portal.policy.sections.table import Table
from portal.policy.words import BASES

EVERYONE, NAMED = "everyone", "named contacts"


def read_desk(table: Table | None) -> Desk:
    if table is None:
        return Desk()
    desk = Desk(
        name=table.text("name"),
        phone=table.text("phone"),
        phone_option=table.text("phone_option"),
        email=table.text("email"),
        website=table.text("website"),
        hours_label=table.text("hours_label"),
    )
    table.done()
    return desk


def read_channel(table: Table, name: str, hours: Collection[str]) -> Channel:
    for key in ("hours", "emergency_hours"):
        named = table.text(key)
        if named and named not in hours:
            table.wrong(
                key,
                _("There is no [hours.%(name)s].", name=named),
                _("There is %(known)s.", known=", ".join(hours)),
            )
    channel = Channel(
        name=name,
        hours=table.text("hours") or None,
        contact=table.text("contact"),
        emergency_hours=table.text("emergency_hours") or None,
        login_required=table.flag("login_required"),
        note=table.text("note"),
        basis=table.word("basis", BASES, "page"),
    )
    table.done()
    return channel


def read_entitlement(table: Table | None) -> Entitlement:
    if table is None:
        return Entitlement()
    entitlement = Entitlement(
        contract_required=table.flag("contract_required"),
        contract_name=table.text("contract_name"),
        also_called=table.texts("also_called"),
        basis=table.word("basis", BASES, "page"),
        term=table.text("term"),
        case_limit=table.whole("case_limit") if "case_limit" in table else None,
        covers=table.texts("covers"),
        maintenance=table.texts("maintenance"),
        conditions=table.texts("conditions"),
        premium=table.text("premium"),
        remote_access_required=table.flag("remote_access_required"),
        upgrades_only_to=table.text("upgrades_only_to"),
    )
    table.done()
    return entitlement


def read_emergency(
    table: Table | None, priorities: Sequence[Priority], calendars: Mapping[str, Calendar]
) -> Emergency | None:
    """Emergency levels are those named, else those whose hours never close."""
    if table is None:
        return None
    round_the_clock = [
        level.id
        for level in priorities
        if level.hours in calendars and calendars[level.hours].never_closes
    ]
    urgent = table.texts("priorities") or tuple(round_the_clock)
    emergency = Emergency(
        priorities=urgent,
        named_contacts_only=table.word("who", (EVERYONE, NAMED), EVERYONE) == NAMED,
        otherwise=table.text("otherwise") or None,
        true_emergencies=table.texts("true_emergencies"),
        free=table.flag("free", True),
    )
    _check_emergency(table, emergency, {level.id for level in priorities})
    table.done()
    return emergency


def _check_emergency(table: Table, emergency: Emergency, known: Collection[str]) -> None:
    for priority_id in emergency.priorities:
        if priority_id not in known:
            table.wrong(
                "priorities", _('There is no priority "%(id)s".', id=priority_id), _("Mend the id.")
            )
    otherwise = emergency.otherwise
    if emergency.named_contacts_only and otherwise is None:
        table.wrong("otherwise", _("It is missing."), _("Name the priority for everybody else."))
    elif otherwise is not None and otherwise not in known:
        table.wrong(
            "otherwise", _('There is no priority "%(id)s".', id=otherwise), _("Mend the id.")
        )
    elif otherwise in emergency.priorities:
        wrong = _('"%(id)s" is an emergency priority itself.', id=otherwise)
        table.wrong("otherwise", wrong, _("Name one that everybody may use."))
    if not emergency.priorities:
        table.wrong("who", _("No priority is an emergency."), _('Write priorities = ["..."].'))


def read_paid(
    table: Table | None, hours: Collection[str], known: Collection[str]
) -> PaidHelp | None:
    if table is None:
        return None
    named = table.needed_text("hours", _("Write the hours in which paid help is given."))
    if named and named not in hours:
        table.wrong(
            "hours",
            _("There is no [hours.%(name)s].", name=named),
            _("There is %(known)s.", known=", ".join(hours)),
        )
    if "first_response" not in table:
        table.wrong("first_response", _("It is missing."), _('Write { within = "4 hours", ... }.'))
    paid = PaidHelp(
        named_contacts_only=table.word("who", (EVERYONE, NAMED), EVERYONE) == NAMED,
        rate=table.needed_text("rate", _('Write rate = "USD 200 per hour".')),
        consent=table.text("consent"),
        applies_to=table.texts("applies_to"),
        hours=named,
        first_response=read_target(table, "first_response", hours),
    )
    for priority_id in paid.applies_to:
        if priority_id not in known:
            table.wrong(
                "applies_to", _('There is no priority "%(id)s".', id=priority_id), _("Mend the id.")
            )
    table.done()
    return paid
