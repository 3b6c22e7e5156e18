"""One entry of a case's conversation, as the timeline component takes it for a customer."""

from typing import Any

from flask import url_for

from portal.cases.case import Case
from portal.cases.conversation import Attachment
from portal.cases.timeline import Entry
from portal.files import INLINE_IMAGES
from portal.locale import N_
from portal.locale import gettext as _
from portal.web.plain_text import plain_text

DOUBT = N_(
    "This came by e-mail with the case number in its subject; nothing proves who sent it. "
    "If it was not you or a colleague, tell us."
)


def shown_entry(case: Case, entry: Entry) -> dict[str, Any]:
    title = f"{entry.title}: {entry.detail}" if entry.detail else entry.title
    return {
        "id": entry.id,
        "anchor": entry.anchor,
        "at": entry.at,
        "author": entry.author,
        "role": entry.role,
        "origin": entry.origin,
        "side": entry.side,
        "title": title,
        "body": plain_text(entry.body) if entry.body else "",
        "doubt": _(DOUBT) if entry.is_doubtful else "",
        "folded": plain_text(entry.folded) if entry.folded else "",
        "files": [_file(case, each) for each in entry.files],
    }


def _file(case: Case, file: Attachment) -> dict[str, Any]:
    url = url_for("support.case_file", reference=case.reference, token=file.token)
    return {
        "name": file.name,
        "size": file.size_bytes,
        "url": url,
        "thumbnail_url": url if file.media_type in INLINE_IMAGES else None,
    }
