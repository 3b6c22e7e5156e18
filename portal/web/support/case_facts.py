"""What is known of a case, in rows: who works on it, what was told with it, who sees it."""

from portal.cases.case import Case
from portal.cases.clocks import policy_of
from portal.cases.escalating import HIGHEST_LEVEL
from portal.cases.submission import ALSO_TOLD
from portal.cases.words import spoken_answer
from portal.locale import gettext as _
from portal.policy.intake import kind_of_request
from portal.web.filters import day, when
from portal.web.parts import parts

Row = tuple[str, str, str | None, str]


def works_on_it(case: Case) -> list[Row]:
    """The level of help, and who gives it as far as customers read names."""
    person = case.assignee.name if case.assignee else ""
    if person and not parts().settings.shows_staff_names:
        person = _("A member of our team")
    liaison = case.organisation.liaison_name if case.organisation else ""
    rows = [
        (
            _("Level of help"),
            _("%(level)s of %(highest)s", level=case.level, highest=HIGHEST_LEVEL),
        ),
        (_("Team"), case.team.name if case.team else ""),
        (_("Works on it"), person or _("Nobody yet")),
        (_("Support liaison"), liaison),
    ]
    return plain_rows(rows)


def about(case: Case) -> list[Row]:
    """Everything told with the case; who sees it stands there too."""
    policy = policy_of(case)
    kind = kind_of_request(policy, case.request_kind)
    labels = {field.id: field.label for field in policy.fields} | ALSO_TOLD
    told = [
        (_(labels[key]), spoken_answer(str(value)))
        for key, value in case.details.items()
        if key in labels
    ]
    policy_words = _(
        "%(policy)s, version %(version)s of %(day)s",
        policy=policy.name,
        version=policy.version,
        day=day(policy.effective_from),
    )
    rows = [
        (_("Opened"), when(case.opened_at)),
        (_("Kind of help"), kind.name if kind else ""),
        (_("Contact"), f"{case.contact_name}, {case.contact_email}"),
        (_("Organisation"), case.organisation.name if case.organisation else ""),
        (_("Installation"), case.installation.name if case.installation else ""),
        *told,
        (_("Agreed charge"), _consent_words(case)),
        (_("Policy"), policy_words),
    ]
    return plain_rows(rows)


def who_sees(case: Case) -> str:
    if case.organisation is None:
        return _("You, and our staff.")
    return _(
        "You, colleagues at %(organisation)s who may see its cases, and our staff.",
        organisation=case.organisation.name,
    )


def plain_rows(rows: list[tuple[str, str]]) -> list[Row]:
    """Rows of a summary that can't be changed from here; those without a value are left out."""
    return [(key, value, None, "") for key, value in rows if value]


def _consent_words(case: Case) -> str:
    if not case.consent.get("agreed_at"):
        return ""
    rate, by = case.consent.get("rate", ""), case.consent.get("by", "")
    return _("%(rate)s, agreed by %(name)s", rate=rate, name=by)
