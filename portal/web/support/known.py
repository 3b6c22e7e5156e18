"""Ask once: what the customer told us before is filled in, to be confirmed, not typed again."""

from portal.cases.prefilling import known_answers
from portal.cases.request import organisation_for
from portal.people.organisation import Installation, Organisation
from portal.policy.model import Policy
from portal.web.identity import current_person
from portal.web.support.answers import Answers
from portal.web.transaction import db


def organisation_of(answers: Answers) -> Organisation | None:
    """For whom the case is: the person's organisation, or a partner's customer."""
    return organisation_for(db(), answers.stored, person=current_person())


def installations(answers: Answers) -> list[Installation]:
    """What that organisation has installed."""
    organisation = organisation_of(answers)
    return organisation.installations_in_use if organisation else []


def chosen_installation(answers: Answers) -> Installation | None:
    """The installation that the case is about; the only one needs no choosing."""
    found = installations(answers)
    if len(found) == 1:
        return found[0]
    return next((each for each in found if each.id == answers.installation_id), None)


def known(policy: Policy, answers: Answers) -> dict[str, str]:
    """Answers by field id that account, installation and last case already tell."""
    person = current_person()
    if person is None:
        return {}
    return known_answers(
        db(),
        policy,
        person=person,
        organisation=organisation_of(answers),
        installation=chosen_installation(answers),
    )
