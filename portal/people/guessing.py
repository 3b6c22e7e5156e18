"""Guessing passwords is slowed down, for an account and for a network address alike.

Nobody can lock an owner out from elsewhere: an address from which the account was used before has
its own count, and the mailed link always remains.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.people.throttle import allow, forget, is_known

WINDOW = timedelta(minutes=15)
HERE_LIMIT = 10
ADDRESS_LIMIT = 60
ACCOUNT_LIMIT = 100
FAMILIAR_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Guess:
    """One try, by what was made of the account's name and of the network address."""

    account: str
    address: str

    @property
    def here(self) -> str:
        return f"sign-in here {self.account} {self.address}"

    @property
    def familiar(self) -> str:
        return f"signed in here {self.account} {self.address}"


def may_try(db: Session, guess: Guess, *, now: datetime) -> bool:
    """Count a try, and say whether the password may be looked at."""
    here = allow(db, guess.here, limit=HERE_LIMIT, window=WINDOW, now=now)
    address = f"sign-in address {guess.address}"
    from_address = allow(db, address, limit=ADDRESS_LIMIT, window=WINDOW, now=now)
    if is_known(db, guess.familiar, window=FAMILIAR_FOR, now=now):
        return here
    account = f"sign-in account {guess.account}"
    return allow(db, account, limit=ACCOUNT_LIMIT, window=WINDOW, now=now) and here and from_address


def succeeded(db: Session, guess: Guess, *, now: datetime) -> None:
    """The password was right: this address is familiar from now on."""
    forget(db, guess.here)
    forget(db, guess.familiar)
    allow(db, guess.familiar, limit=1, window=FAMILIAR_FOR, now=now)
