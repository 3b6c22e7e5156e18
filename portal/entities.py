"""Every entity, so that the mapper and the migrations know the whole schema."""

from portal.cases import (
    access_link,
    case,
    conversation,
    draft,
    follower,
    link,
    merge,
    promise,
    rating,
    route,
)
from portal.desk import bulk_change, canned_answer, presence, saved_view
from portal.events import Event
from portal.insight import attempt, work_item
from portal.knowledge import (
    announcement,
    article,
    article_source,
    comment,
    drafts,
    help_key,
    known_issue,
    next_version,
    subscription,
)
from portal.mail import choices, outbox
from portal.mail.inbound import inbox
from portal.people import account_request, organisation, person, sign_in, team
from portal.search import directing, golden, learned, log, synonyms

__all__ = [
    "Event",
    "access_link",
    "account_request",
    "announcement",
    "article",
    "article_source",
    "attempt",
    "bulk_change",
    "canned_answer",
    "case",
    "choices",
    "comment",
    "conversation",
    "directing",
    "draft",
    "drafts",
    "follower",
    "golden",
    "help_key",
    "inbox",
    "known_issue",
    "learned",
    "link",
    "log",
    "merge",
    "next_version",
    "organisation",
    "outbox",
    "person",
    "presence",
    "promise",
    "rating",
    "route",
    "saved_view",
    "sign_in",
    "subscription",
    "synonyms",
    "team",
    "work_item",
]
