"""What the customer may expect of this draft: its priority in words with the reasons, and the
promise, computed by the very call that is stored when the case is sent.
"""

from dataclasses import dataclass

from portal.cases.contract_check import HELD_WORDS, HeldReason, why_held
from portal.cases.expectation import Expectation, Shown
from portal.cases.request import organisation_for, preview
from portal.clock import now
from portal.locale import gettext as _
from portal.people.person import Person
from portal.people.queries import contacts_of, is_partner
from portal.policy.intake import kind_of_request
from portal.policy.model import Policy, Priority
from portal.policy.priority import PriorityDecision, settle_priority
from portal.web.filters import when
from portal.web.identity import current_person
from portal.web.support.answers import Answers
from portal.web.transaction import db

NOT_GIVEN = ("not given",)


@dataclass(frozen=True)
class Telephone:
    """That it is better to call as well, and when somebody answers."""

    title: str
    words: str


@dataclass(frozen=True)
class Outlook:
    """Everything about urgency and time that is said before sending."""

    expectation: Expectation
    promise: Shown
    more: tuple[Shown, ...]
    priority_name: str
    because: tuple[str, ...]
    means: tuple[str, ...]
    telephone: Telephone | None
    notes: tuple[str, ...]


def settled(policy: Policy, answers: Answers) -> PriorityDecision:
    """The priority that the answers lead to, or the one that this kind of request always has."""
    kind = kind_of_request(policy, answers.kind)
    if kind is not None and kind.priority:
        return PriorityDecision(kind.priority, "", _("Requests of this kind always have it."), ())
    return settle_priority(policy, answers.effects(policy))


def outlook_of(policy: Policy, answers: Answers, *, priority: str | None = None) -> Outlook:
    """What is promised for these answers; `priority` asks what another one would promise."""
    decision = settled(policy, answers)
    wanted = priority or answers.chosen_priority or decision.priority_id
    person = current_person()
    found = expected(policy, answers, priority=priority)
    first, *more = found.shown(now=now(), reader_zone=zone_of(answers, person))
    served = policy.priority(found.priority_id)
    return Outlook(
        expectation=found,
        promise=first,
        more=tuple(more),
        priority_name=served.name,
        because=_because(policy, decision, wanted, served, answers),
        means=_means(served, decision),
        telephone=telephone_words(policy, served),
        notes=(
            *_charge_notes(policy, served),
            *_delivery_notes(served),
            *_named_contact_notes(wanted, served, person),
        ),
    )


def expected(policy: Policy, answers: Answers, *, priority: str | None = None) -> Expectation:
    """The promise as sending would store it now."""
    told = {**answers.stored, **({"chosen_priority": priority} if priority else {})}
    return preview(db(), policy, told, person=current_person(), now=now())


def zone_of(answers: Answers, person: Person | None) -> str | None:
    """The customer's own zone, where we know it."""
    return (person.time_zone if person else None) or answers.time_zone or None


def held_reason(policy: Policy, answers: Answers) -> HeldReason:
    """Why sending gives a receipt first, until the contract was checked."""
    person = current_person()
    organisation = organisation_for(db(), answers.stored, person=person)
    return why_held(db(), policy, person=person, organisation=organisation, now=now())


def contract_words(policy: Policy, answers: Answers) -> str:
    """Said before anything is typed: without a contract a request is held, and what is possible."""
    reason = held_reason(policy, answers)
    if not reason or (reason is HeldReason.NO_CONTRACT and _chooses_customer(answers)):
        return ""
    name = policy.entitlement.contract_words
    if reason is HeldReason.GUEST:
        return _(
            "Cases are answered under a %(contract)s. You can send one without an account: we then "
            "check the contract first. All articles are free to read.",
            contract=name,
        )
    all_the_same = _(
        "You can send a request all the same: we check the contract first. All articles are free "
        "to read."
    )
    return f"{_(HELD_WORDS[reason])} {all_the_same}"


def _chooses_customer(answers: Answers) -> bool:
    """A partner has still to say for which customer it files: its own contract may not matter."""
    person = current_person()
    own = person.organisation if person else None
    return own is not None and not answers.text("organisation_id") and is_partner(db(), own)


def _because(
    policy: Policy, decision: PriorityDecision, wanted: str, served: Priority, answers: Answers
) -> tuple[str, ...]:
    reason = decision.reason
    said = [reason if reason.endswith(".") else f"{reason}."]
    if wanted != decision.priority_id:
        usual, chosen = policy.priority(decision.priority_id), policy.priority(wanted)
        said.append(
            _(
                "That alone would be “%(usual)s”; you chose “%(chosen)s”.",
                usual=usual.name,
                chosen=chosen.name,
            )
        )
        if why := answers.text("chosen_priority_reason"):
            said.append(_("Your reason: %(reason)s", reason=why))
    if served.id != wanted:
        asked = policy.priority(wanted)
        said.append(
            _(
                "“%(asked)s” is for named contacts, so we handle it as “%(served)s”.",
                asked=asked.name,
                served=served.name,
            )
        )
    return tuple(said)


def _means(served: Priority, decision: PriorityDecision) -> tuple[str, ...]:
    """What the level is for; not said where every description of it was just denied."""
    is_denied = (
        served.id == decision.priority_id and bool(decision.trace) and not decision.definition
    )
    return () if is_denied or served.means == NOT_GIVEN else served.means


def telephone_words(policy: Policy, served: Priority) -> Telephone | None:
    """For the most urgent level: call as well, if somebody answers now."""
    if served.id != policy.priorities[0].id or not policy.desk.phone:
        return None
    phone = policy.channels.get("phone")
    hours = policy.calendar((phone.emergency_hours if phone else None) or served.hours)
    if hours.never_opens:
        return None
    if hours.is_open(now()):
        return Telephone(
            _("Call us now"), _("For something this urgent, don’t rely on the form alone: call")
        )
    opens = when(hours.next_open(now()))
    return Telephone(
        _("Call us as soon as we open"),
        _("Nobody answers the telephone before %(opening)s. Then call", opening=opens),
    )


def _charge_notes(policy: Policy, served: Priority) -> tuple[str, ...]:
    """Where other help outside hours costs something, that emergency help doesn't."""
    emergency = policy.emergency
    if policy.paid is None or emergency is None or served.id not in emergency.priorities:
        return ()
    return (_("There is no charge for a true emergency."),) if emergency.free else ()


def _delivery_notes(served: Priority) -> tuple[str, ...]:
    """No computed date, but a promise all the same: to be told one."""
    if served.patch_date is None or not served.patch_date.promised:
        return ()
    return (_("If a fix is needed, we tell you the day on which it will be delivered."),)


def _named_contact_notes(wanted: str, served: Priority, person: Person | None) -> tuple[str, ...]:
    """Somebody else at the organisation can ask for emergency help: say who."""
    if served.id == wanted or person is None or person.organisation is None:
        return ()
    organisation = person.organisation
    named = [p.name for p in contacts_of(db(), organisation) if p.is_emergency_contact]
    if not named:
        nobody = _(
            "%(organisation)s has not named an emergency contact yet. Ask us to add one.",
            organisation=organisation.name,
        )
        return (nobody,)
    names = _(
        "At %(organisation)s these are named contacts: %(names)s.",
        organisation=organisation.name,
        names=", ".join(named),
    )
    return (names,)
