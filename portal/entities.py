"""Every entity, so that the mapper and the migrations know the whole schema."""

from portal.cases import access_link, case, conversation, draft, promise, rating
from portal.events import Event
from portal.knowledge import article
from portal.mail import outbox
from portal.people import organisation, person, sign_in
from portal.search import log

__all__ = [
    "Event",
    "access_link",
    "article",
    "case",
    "conversation",
    "draft",
    "log",
    "organisation",
    "outbox",
    "person",
    "promise",
    "rating",
    "sign_in",
]
