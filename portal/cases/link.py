"""How cases belong together: two cases and a kind, read from either side."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.case import Case
from portal.database import Base, stored_by_value


class LinkKind(StrEnum):
    """What the first case is to the other one."""

    RELATED = "related"
    CAUSED_BY = "caused_by"
    CONTINUES = "continues"
    DUPLICATE = "duplicate"
    PART_OF = "part_of"


class CaseLink(Base):
    """`case` is `kind` to `other`: it continues it, is caused by it, was split off from it."""

    __tablename__ = "case_link"
    __table_args__ = (UniqueConstraint("case_id", "other_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[LinkKind] = mapped_column(stored_by_value(LinkKind))
    made_at: Mapped[datetime]

    case: Mapped[Case] = relationship(foreign_keys=[case_id])
    other: Mapped[Case] = relationship(foreign_keys=[other_id])
