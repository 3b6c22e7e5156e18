"""What is known of a case, in rows: who works on it, what was told with it, who sees it."""

from portal.cases.case import Case
from portal.cases.clocks import policy_of
from portal.cases.escalating import HIGHEST_LEVEL
from portal.cases.submission import ALSO_TOLD
from portal.policy.intake import kind_of_request
from portal.web.filters import day, when
from portal.web.parts import parts

Row = tuple[str, str, str | None, str]


def works_on_it(case: Case) -> list[Row]:
    """The level of help, and who gives it as far as customers read names."""
    person = case.assignee.name if case.assignee else ""
    if person and not parts().settings.shows_staff_names:
        person = "A member of our team"
    liaison = case.organisation.liaison_name if case.organisation else ""
    rows = [
        ("Level of help", f"{case.level} of {HIGHEST_LEVEL}"),
        ("Team", case.team.name if case.team else ""),
        ("Works on it", person or "Nobody yet"),
        ("Support liaison", liaison),
    ]
    return plain_rows(rows)


def about(case: Case) -> list[Row]:
    """Everything told with the case; who sees it stands there too."""
    policy = policy_of(case)
    kind = kind_of_request(policy, case.request_kind)
    labels = {field.id: field.label for field in policy.fields} | ALSO_TOLD
    told = [
        (labels[key], _spoken(str(value))) for key, value in case.details.items() if key in labels
    ]
    rows = [
        ("Opened", when(case.opened_at)),
        ("Kind of help", kind.name if kind else ""),
        ("Contact", f"{case.contact_name}, {case.contact_email}"),
        ("Organisation", case.organisation.name if case.organisation else ""),
        ("Installation", case.installation.name if case.installation else ""),
        *told,
        ("Agreed charge", _consent_words(case)),
        ("Policy", f"{policy.name}, version {policy.version} of {day(policy.effective_from)}"),
    ]
    return plain_rows(rows)


def who_sees(case: Case) -> str:
    if case.organisation is None:
        return "You, and our staff."
    return f"You, colleagues at {case.organisation.name} who may see its cases, and our staff."


def plain_rows(rows: list[tuple[str, str]]) -> list[Row]:
    """Rows of a summary that can't be changed from here; those without a value are left out."""
    return [(key, value, None, "") for key, value in rows if value]


def _spoken(value: str) -> str:
    return value.capitalize() if value in {"yes", "no"} else value


def _consent_words(case: Case) -> str:
    if not case.consent.get("agreed_at"):
        return ""
    return f"{case.consent.get('rate', '')}, agreed by {case.consent.get('by', '')}"
