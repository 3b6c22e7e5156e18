"""Whose turn it is. While it isn't ours, the clocks that the policy lets stand still do so.

A pause has a reason that both sides read: the customer's answer, a third party, a maintenance
window, an agreed date, or what the policy adds. Each says whose turn it is and which clocks stop.
"""

from dataclasses import replace
from datetime import datetime
from typing import Unpack

from sqlalchemy.orm import Session

from portal.cases.case import Case, CaseStatus
from portal.cases.clocks import policy_of
from portal.cases.happenings import Happening
from portal.cases.moving import Acting, move
from portal.cases.standstill import USUAL, Patience, Standstill
from portal.locale import N_
from portal.policy.pausing import AGREEMENT, CUSTOMER, PauseReason


class WrongPauseError(ValueError):
    """Something is missing from the pause; the message says what to do."""


class NoPartyError(WrongPauseError):
    """Nobody is named whom the case waits for."""


def reasons(case: Case) -> tuple[PauseReason, ...]:
    """For what this case may stand still, by the policy that it runs under."""
    return policy_of(case).pauses


def start_work(db: Session, *, case: Case, **acting: Unpack[Acting]) -> None:
    """ "We're working on it"."""
    to, happening = CaseStatus.IN_PROGRESS, Happening.WORK_STARTED
    received = (CaseStatus.RECEIVED,)
    move(db, case=case, to=to, happening=happening, acting=acting, only_from=received)


def wait_for_customer(
    db: Session, *, case: Case, patience: Patience = USUAL, **acting: Unpack[Acting]
) -> None:
    """ "Waiting for you": the customer has the ball."""
    pause(db, case=case, reason=CUSTOMER, patience=patience, **acting)


def pause(
    db: Session,
    *,
    case: Case,
    reason: str,
    party: str = "",
    until: datetime | None = None,
    words: str = "",
    patience: Patience = USUAL,
    **acting: Unpack[Acting],
) -> None:
    """Let the case stand still for a `reason` of its policy, `until` it goes on by itself.

    `party` names a third party, `words` are for the customer. Raises WrongPauseError when the
    party is missing or `until` is over, IllegalMoveError, ChangedMeanwhileError.
    """
    known = policy_of(case).pause(reason)
    if known.turn == "third party" and not party.strip():
        raise NoPartyError(N_("Name whom we wait for: the customer reads it."))
    if until is not None and until <= acting["now"]:
        raise WrongPauseError(N_("Choose a later time: this one is over."))
    is_customers = known.turn == "customer"
    standstill = Standstill(known.id, party.strip(), until)
    if is_customers:
        agreed_until = case.resumes_at if case.status is CaseStatus.PAUSED else None
        waits = patience.for_answer(known.id, acting["now"])
        standstill = replace(waits, resumes_at=agreed_until)
    move(
        db,
        case=case,
        to=CaseStatus.WAITING if is_customers else CaseStatus.PAUSED,
        happening=Happening.WAITING_STARTED,
        acting=acting,
        standstill=standstill,
        pause=known.id,
        words=known.words,
        turn=known.turn,
        stops=known.stops,
        party=party.strip(),
        until=until.isoformat() if until else "",
        reason=words.strip(),
    )


def go_on(db: Session, *, case: Case, **acting: Unpack[Acting]) -> None:
    """The customer answered: our turn, or back into the agreed pause that the question broke."""
    until = case.resumes_at
    if until is not None and until > acting["now"]:
        pause(db, case=case, reason=AGREEMENT, until=until, **acting)
    else:
        resume(db, case=case, **acting)


def resume(db: Session, *, case: Case, **acting: Unpack[Acting]) -> None:
    """The customer answered, what was waited for came, or staff go on without: our turn again."""
    to, happening = CaseStatus.IN_PROGRESS, Happening.WAITING_ENDED
    still = (CaseStatus.WAITING, CaseStatus.PAUSED)
    move(db, case=case, to=to, happening=happening, acting=acting, only_from=still)
