"""Something that is to be done, before it stands on the list."""

from dataclasses import dataclass
from datetime import datetime

from portal.insight.said import Said
from portal.insight.work_item import WorkList


@dataclass(frozen=True)
class Finding:
    """Something to do, as the record shows it now; see WorkItem for what the numbers mean."""

    kind: WorkList
    text: str
    count: int
    recent: int
    before: int
    last_at: datetime
    words: tuple[str, ...] = ()
    notes: tuple[Said, ...] = ()
    article_id: int | None = None
    version_id: int | None = None

    @property
    def key(self) -> str:
        subject = f"article {self.article_id}" if self.article_id else self.words[0]
        return f"{self.kind} {subject}"
