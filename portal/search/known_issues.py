"""Which known issue somebody's words are about: offered before they open a case about it.

There are never many at a time, so each is compared with the words; a doubtful one is left out.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.knowledge.known_issue import KnownIssue, standing
from portal.search.stemming import stem
from portal.search.words import content_words, query_words, words_of

LEAST_SHARE = 0.5
FEWEST_WORDS = 2


@dataclass(frozen=True)
class Match:
    """An issue and how much of what was asked it speaks of, from 0 to 1."""

    issue: KnownIssue
    share: float


def issues_about(db: Session, text: str, *, limit: int = 2) -> list[KnownIssue]:
    """The issues that are not over and that these words are probably about, the likeliest first."""
    asked = {stem(word) for word in content_words(query_words(text))}
    if not asked:
        return []
    found = [_match(issue, asked) for issue in standing(db)]
    likely = [match for match in found if match is not None]
    best = sorted(likely, key=lambda match: (-match.share, -match.issue.id))
    return [match.issue for match in best[:limit]]


def _match(issue: KnownIssue, asked: set[str]) -> Match | None:
    """Half of the question's words stand in the issue, or half of its title in the question."""
    title = {stem(word) for word in content_words(words_of(issue.title))}
    told = title | {stem(word) for word in words_of(issue.text)}
    common = asked & told
    if len(common) < min(FEWEST_WORDS, len(asked)):
        return None
    share = max(len(common) / len(asked), len(asked & title) / max(len(title), 1))
    return Match(issue, share) if share >= LEAST_SHARE else None
