"""A way to look at the queue that somebody keeps under a name: a tab for its owner, or for all."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base
from portal.people.person import Person


class SavedView(Base):
    """`address` holds the view and the filters by the names they have in the queue's address."""

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    is_shared: Mapped[bool] = mapped_column(default=False)
    address: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]

    owner: Mapped[Person] = relationship()

    def may_be_changed_by(self, person: Person) -> bool:
        """Its owner's; a shared one is every manager's as well."""
        return self.owner_id == person.id or (self.is_shared and person.may_manage)
