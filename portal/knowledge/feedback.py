"""Did it help? Each visitor says yes or no once to the version that was read, and may change it.

A "no" may carry one of four reasons and some words; writers see both beside that version, so that
an improved article starts anew.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.knowledge.article import Article, Feedback, NoReason, Version
from portal.knowledge.plain_words import body_of

LONGEST_COMMENT = 1_000


@dataclass(frozen=True)
class Verdict:
    """How a version was received: counts, and what was said with the "no"s, the latest first."""

    version: Version
    helped: int
    not_helped: int
    reasons: dict[NoReason, int]
    comments: list[Feedback]

    @property
    def count(self) -> int:
        return self.helped + self.not_helped


def give_feedback(
    db: Session,
    *,
    version: Version,
    visitor_hash: str,
    helped: bool,
    now: datetime,
    reason: NoReason | None = None,
    comment: str = "",
) -> Feedback:
    """Keep a visitor's answer to a version, in place of an earlier one.

    A "no" said again without reason or words keeps those that were given before.
    """
    said = db.scalar(
        select(Feedback).where(
            Feedback.version_id == version.id, Feedback.visitor_hash == visitor_hash
        )
    )
    if said is None:
        said = Feedback(version_id=version.id, visitor_hash=visitor_hash, comment="")
        db.add(said)
    said.helped, said.at = helped, now
    said.reason = None if helped else reason or said.reason
    said.comment = "" if helped else body_of(comment).strip()[:LONGEST_COMMENT] or said.comment
    db.flush()
    return said


def verdicts(db: Session, article: Article) -> dict[int, Verdict]:
    """What readers said, by version id; versions without an answer are left out."""
    given = db.scalars(
        select(Feedback)
        .join(Version, Version.id == Feedback.version_id)
        .where(Version.article_id == article.id)
        .order_by(Feedback.at.desc(), Feedback.id.desc())
    )
    by_version: dict[int, list[Feedback]] = {}
    for feedback in given:
        by_version.setdefault(feedback.version_id, []).append(feedback)
    return {id_: _verdict(said) for id_, said in by_version.items()}


def _verdict(said: list[Feedback]) -> Verdict:
    refused = [feedback for feedback in said if not feedback.helped]
    reasons = [feedback.reason for feedback in refused if feedback.reason]
    return Verdict(
        version=said[0].version,
        helped=len(said) - len(refused),
        not_helped=len(refused),
        reasons={reason: reasons.count(reason) for reason in NoReason if reason in reasons},
        comments=[feedback for feedback in refused if feedback.comment],
    )


def count_votes(db: Session, article: Article) -> tuple[int, int]:
    """How many said yes, and how many no, to the version that is published."""
    rows = db.execute(
        select(Feedback.helped, func.count().label("number"))
        .where(Feedback.version_id == article.published_version_id)
        .group_by(Feedback.helped)
    )
    found = {row.helped: row.number for row in rows}
    return found.get(True, 0), found.get(False, 0)
