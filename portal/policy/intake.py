"""What the form needs to know before a case can be opened.

The rules: everything the organisation's page requires is asked, nothing else; a question that
depends on another is asked only after the answer that calls for it; a kind of request that is
reserved says which condition is not met.
"""

from collections.abc import Mapping

from portal.locale import gettext as _
from portal.policy.asking import Field, RequestKind
from portal.policy.model import Policy
from portal.policy.priority import said_yes

Answers = Mapping[str, object]


def kind_of_request(policy: Policy, kind_id: str | None) -> RequestKind | None:
    return next((kind for kind in policy.request_kinds if kind.id == kind_id), None)


def asked_fields(
    policy: Policy, *, request_kind: str | None = None, answers: Answers
) -> list[Field]:
    """The fields of the form in order, those that apply after the answers given so far."""
    wanted = _wanted(policy, request_kind)
    return [field for field in wanted if applies(field, answers)]


def required_fields(
    policy: Policy, *, request_kind: str | None = None, answers: Answers
) -> list[Field]:
    """The fields that must be answered for this kind of request."""
    asked = asked_fields(policy, request_kind=request_kind, answers=answers)
    return [field for field in asked if field.required]


def missing(
    policy: Policy, answers: Answers, *, request_kind: str | None = None
) -> tuple[Field, ...]:
    """What still has to be answered; blanks are no answer."""
    kind = request_kind or _text(answers.get("request_kind")) or None
    needed = required_fields(policy, request_kind=kind, answers=answers)
    return tuple(field for field in needed if not _text(answers.get(field.id)))


def applies(field: Field, answers: Answers) -> bool:
    """Whether the condition of the field is met; a field without condition always applies."""
    if field.when is None:
        return True
    given = answers.get(field.when.field)
    if field.when.answer in ("yes", "no"):
        return said_yes(given) is (field.when.answer == "yes")
    return _text(given) == field.when.answer


def unmet_conditions(
    kind: RequestKind, *, contract_is_current: bool, is_technical_contact: bool
) -> tuple[str, ...]:
    """Why this kind of request is not open to this person; empty when it is."""
    unmet = []
    if kind.contract_required and not contract_is_current:
        unmet.append(
            _(
                "“%(kind)s” needs a contract that is in force: ask us about yours, or choose "
                "another kind.",
                kind=kind.name,
            )
        )
    if kind.technical_contact_only and not is_technical_contact:
        unmet.append(
            _(
                "“%(kind)s” is open to the technical contact named in your contract: ask them to "
                "send it, or choose another kind.",
                kind=kind.name,
            )
        )
    return tuple(unmet)


def _wanted(policy: Policy, kind_id: str | None) -> list[Field]:
    """Fields of the policy and of the kind; a gate stands right before what depends on it."""
    by_id = {field.id: field for field in policy.fields}
    kind = kind_of_request(policy, kind_id)
    without = set(kind.without) if kind else set()
    ids = [*_listed(policy), *(kind.more_fields if kind else ())]
    ordered: dict[str, Field] = {}
    for field_id in ids:
        field = by_id[field_id]
        if field_id in without:
            continue
        if field.when and field.when.field in by_id:
            ordered.setdefault(field.when.field, by_id[field.when.field])
        ordered.setdefault(field_id, field)
    return list(ordered.values())


def _listed(policy: Policy) -> list[str]:
    """Optional fields that stand nowhere else come right after the summary."""
    required = list(policy.required_information)
    extra = [field_id for field_id in policy.optional_information if field_id not in required]
    place = required.index("summary") + 1 if "summary" in required else len(required)
    return [*required[:place], *extra, *required[place:]]


def _text(answer: object) -> str:
    return "" if answer is None else str(answer).strip()
