"""Everybody who signs in: contacts of customers, and the people who help them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, stored_by_value
from portal.people.organisation import Organisation


class Role(StrEnum):
    """What a person may do; each later role may do all that the earlier staff roles may."""

    CONTACT = "contact"
    WRITER = "writer"
    AGENT = "agent"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


class Person(Base):
    """A contact or a member of staff.

    `is_emergency_contact` is the named contact of the policies: who may ask for emergency cover.
    `is_organisation_manager` marks who keeps the organisation's own details right on its behalf.
    `time_zone` is an IANA name and `language` a tag, None where the person never chose one: pages
    and mail are in it. `has_shortcuts`: single keys act on the desk's pages.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(stored_by_value(Role), default=Role.CONTACT)
    phone: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str | None]
    language: Mapped[str | None]
    password_hash: Mapped[str | None]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    is_emergency_contact: Mapped[bool] = mapped_column(default=False)
    is_technical_contact: Mapped[bool] = mapped_column(default=False)
    is_organisation_manager: Mapped[bool] = mapped_column(default=False)
    sees_organisation_cases: Mapped[bool] = mapped_column(default=True)
    has_shortcuts: Mapped[bool] = mapped_column(default=True, server_default=true())
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    organisation: Mapped[Organisation | None] = relationship(foreign_keys=[organisation_id])

    @property
    def may_sign_in(self) -> bool:
        """Neither shut out, nor of an organisation that is no customer any more."""
        has_left = self.organisation is not None and self.organisation.ended_at is not None
        return self.disabled_at is None and not has_left

    @property
    def may_correct_installations(self) -> bool:
        """Whether this contact may say what their organisation has installed."""
        return self.is_technical_contact or self.is_organisation_manager

    @property
    def is_staff(self) -> bool:
        return self.role is not Role.CONTACT

    @property
    def may_write_articles(self) -> bool:
        return self.role in {Role.WRITER, Role.MANAGER, Role.ADMINISTRATOR}

    @property
    def may_work_cases(self) -> bool:
        return self.role in {Role.AGENT, Role.MANAGER, Role.ADMINISTRATOR}

    @property
    def may_manage(self) -> bool:
        return self.role in {Role.MANAGER, Role.ADMINISTRATOR}

    @property
    def may_administer(self) -> bool:
        return self.role is Role.ADMINISTRATOR
