"""From a case to the beginnings of an article: the next customer finds the answer.

The customer's own words go in as symptoms, what solved it as the solution. Names, addresses and
numbers of people don't belong into an article: what is known of them is left out, and the writer
is told to look.
"""

import re
from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.cases.happenings import Happening
from portal.events import record
from portal.knowledge.addressing import SlugRefusedError, check_slug
from portal.knowledge.article import Article, ArticleType, Audience, Category
from portal.knowledge.slugs import slug_of
from portal.knowledge.versioning import add_article
from portal.knowledge.words import Facts, Words
from portal.people.person import Person

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"\+?\d[\d ()/-]{6,}\d")
_SIGNS = re.compile(r"([\\`*_\[\]<>#|])")


def prefilled(case: Case) -> tuple[str, str]:
    """Title and text of the draft, in Markdown, for somebody to finish."""
    symptoms = _unnamed(case, case.description or case.subject)
    solution = _unnamed(case, case.resolution or _last_answer(case) or "Say what solves it.")
    parts = ("Say the answer in two sentences.", "## Symptoms", symptoms, "## Solution", solution)
    body = "\n\n".join(parts)
    return _unnamed(case, case.subject, escaped=False), body


def draft_from_case(
    db: Session,
    *,
    case: Case,
    title: str,
    body: str,
    category: Category,
    by: Person,
    now: datetime,
) -> Article:
    """Keep the draft and say on the case that it exists. Raises RenderingRefusedError."""
    words, note = Words(title=title, body=body), f"From case {case.reference}"
    facts = Facts(category=category, type=ArticleType.PROBLEM, audience=Audience.PUBLIC)
    slug = _free_slug(db, title)
    article = add_article(db, slug=slug, words=words, facts=facts, by=by, now=now, note=note)
    record(
        db,
        Happening.ARTICLE_STARTED,
        now=now,
        actor_id=by.id,
        actor_name=by.name,
        case_id=case.id,
        article_id=article.id,
        is_internal=True,
        title=title,
    )
    return article


def _free_slug(db: Session, title: str) -> str:
    """The title's own address, or the next free one like it; writers change it as they like."""
    wanted = slug_of(title) or "article"
    for slug in (wanted, *(f"{wanted}-{number}" for number in range(2, 100))):
        try:
            check_slug(db, slug)
        except SlugRefusedError:
            continue
        return slug
    raise SlugRefusedError(f"there are many articles called {wanted}")


def _last_answer(case: Case) -> str:
    said = [m.body for m in case.messages if m.is_from_staff and not m.is_internal]
    return said[-1] if said else ""


def _unnamed(case: Case, text: str, *, escaped: bool = True) -> str:
    """The text without the people and the organisation of the case."""
    organisation = case.organisation.name if case.organisation else ""
    for known in filter(None, (case.contact_name, organisation, case.contact_phone)):
        text = re.sub(re.escape(known), "…", text, flags=re.IGNORECASE)
    text = _NUMBER.sub("…", _ADDRESS.sub("…", text))
    return _SIGNS.sub(r"\\\1", text) if escaped else text
