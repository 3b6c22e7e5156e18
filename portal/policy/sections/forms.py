"""The sections on the case form: [required_information], [intake] and [[request_kind]].

The rule: everything the page requires has a label and a reason, and is asked only when it applies.
"""

from collections.abc import Collection

from portal.locale import gettext as _
from portal.policy.asking import Condition, Field, FieldKind, RequestKind, StoredIn
from portal.policy.sections.table import Table
from portal.policy.words import BASES, Basis

FIELD_KINDS: tuple[FieldKind, ...] = ("text", "textarea", "choice", "yes_no")
PLACES: tuple[StoredIn, ...] = ("case", "installation", "contact", "organisation")


def read_required(table: Table | None) -> tuple[tuple[str, ...], tuple[str, ...], Basis]:
    """Field ids in the order of the form, those that are optional, and the basis."""
    if table is None:
        return ("summary", "description"), (), "default"
    fields, optional = table.texts("fields"), table.texts("optional")
    basis = table.word("basis", BASES, "default")
    table.done()
    return fields, optional, basis


def read_fields(
    table: Table | None, ids: tuple[str, ...], optional: Collection[str]
) -> dict[str, Field]:
    """The fields of [intake.fields.NAME], and a plain one for every id that is not described."""
    described: dict[str, Field] = {}
    for field_id, entry in (table.named_tables("fields") if table else {}).items():
        described[field_id] = _field(entry, field_id, field_id not in optional)
    if table is not None:
        _check_conditions(table, described, ids)
        table.done()
    for field_id in (*ids, *optional):
        label = field_id.replace("_", " ").capitalize()
        described.setdefault(field_id, Field(field_id, label, required=field_id not in optional))
    return described


def _field(table: Table, field_id: str, required: bool) -> Field:
    condition = table.table("when")
    field = Field(
        id=field_id,
        label=table.needed_text("label", _("Write what the form calls it.")),
        why=table.text("why"),
        kind=table.word("kind", FIELD_KINDS, "text"),
        choices=table.texts("choices"),
        stored_in=table.word("stored_in", PLACES, "case"),
        when=_condition(condition) if condition else None,
        required=table.flag("required", required),
    )
    if field.kind == "choice" and not field.choices:
        table.wrong("choices", _("A choice needs choices."), _('Write choices = ["...", "..."].'))
    table.done()
    return field


def _condition(table: Table) -> Condition:
    field = table.needed_text("field", _("Name the field it depends on."))
    condition = Condition(field, table.needed_text("is", _('Write is = "yes".')))
    table.done()
    return condition


def _check_conditions(table: Table, described: dict[str, Field], ids: Collection[str]) -> None:
    for field in described.values():
        if field.when and field.when.field not in described and field.when.field not in ids:
            wrong = _('It depends on "%(name)s", which is no field.', name=field.when.field)
            table.findings.wrong(table.at("fields", field.id, "when"), wrong, _("Mend the name."))


def read_request_kind(table: Table, known: Collection[str]) -> RequestKind:
    kind = RequestKind(
        id=table.identity("id", _("Write a short id.")),
        name=table.needed_text("name", _("Write what customers call it.")),
        queue=table.text("queue"),
        hint=table.text("hint"),
        more_fields=table.texts("more_fields"),
        without=table.texts("without"),
        priority=table.text("priority") or None,
        contract_required=table.flag("contract_required"),
        technical_contact_only=table.flag("technical_contact_only"),
    )
    for field_id in (*kind.more_fields, *kind.without):
        if field_id not in known:
            key = "more_fields" if field_id in kind.more_fields else "without"
            table.wrong(
                key,
                _('There is no field "%(id)s".', id=field_id),
                _("Add [intake.fields.%(id)s].", id=field_id),
            )
    table.done()
    return kind
