"""A customer: the organisation, its contracts and what it has installed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base


class Organisation(Base):
    """A customer organisation. A partner files cases for the customers that name it.

    Nothing here is deleted, since cases refer to it: `ended_at` is when it stopped being a
    customer; from then on none of its people can sign in.
    """

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    liaison_name: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    contracts: Mapped[list["Contract"]] = relationship(
        back_populates="organisation",
        cascade="all, delete-orphan",
        order_by="Contract.starts_on.desc()",
    )
    installations: Mapped[list["Installation"]] = relationship(
        back_populates="organisation",
        cascade="all, delete-orphan",
        order_by="Installation.name",
    )

    def contract_on(self, day: date) -> "Contract | None":
        """The contract that covers `day` (a date in the organisation's policy zone), if any."""
        return next((c for c in self.contracts if c.covers(day)), None)

    @property
    def installations_in_use(self) -> list["Installation"]:
        return [each for each in self.installations if each.ended_at is None]


class Contract(Base):
    """What entitles an organisation to support, from its first to its last day, both included.

    `entitlements` says, a line each, what it covers beyond what the policy says for everybody.
    `ended_at` is when it was withdrawn, as if it had never been: it was entered by mistake.
    """

    __tablename__ = "contract"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    plan: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    entitlements: Mapped[list[str]] = mapped_column(JSON, default=list)
    ended_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(back_populates="contracts")

    def covers(self, day: date) -> bool:
        return self.ended_at is None and self.starts_on <= day <= self.ends_on


class Installation(Base):
    """One site's installed product. `details` answers the policy's fields kept by installation.

    `confirmed_at` is when the customer last said that they are right; `ended_at` is when it went
    out of use and stopped being offered.
    """

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(back_populates="installations")
