"""Files with a case: what may be sent, and what happens to a file that may not.

A file is what its bytes say, never what its name or the browser says; where the name promises
another kind, or a ZIP file lacks its end, it is broken, and whoever sends it should hear so now and
not from support a day later. A refused file is named together with the remedy, and all the others
are kept.
"""

import logging
import re
import secrets
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.cases.conversation import Attachment, Message
from portal.cases.draft import Draft
from portal.cases.merged import together_ids
from portal.files import INLINE_IMAGES, FileStore, FileTooLargeError, StoredFile
from portal.locale import gettext as _
from portal.settings import Settings

_ZIP = "application/zip"
_ALLOWED = INLINE_IMAGES | {_ZIP, "application/pdf", "application/gzip", "text/plain"}
_HELD_BY_ENDING = {
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "webp"), INLINE_IMAGES),
    **dict.fromkeys(("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp"), frozenset({_ZIP})),
    **dict.fromkeys(("gz", "tgz"), frozenset({"application/gzip"})),
    "pdf": frozenset({"application/pdf"}),
}
_ENDINGS_OF_PROGRAMS = """
bat cmd com cpl exe hta htm html jar js jse lnk mht mhtml msi pif ps1 scr shtml svg svgz vbs wsf
xht xhtml xml xsl xslt
"""
_REFUSED_ENDINGS = frozenset(_ENDINGS_OF_PROGRAMS.split())
_LONGEST_NAME = 120
_log = logging.getLogger("portal.cases")


@dataclass(frozen=True)
class Upload:
    """A file as it arrives: a name that somebody chose, and bytes."""

    name: str
    stream: BinaryIO


@dataclass(frozen=True)
class KeptFile:
    """A file that may stay: safe to show by this name, stored under its hash."""

    name: str
    stored: StoredFile


@dataclass(frozen=True)
class RefusedFile:
    """A file that was not kept, why, and what to do instead."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


@dataclass(frozen=True)
class Limits:
    """How much one case may carry."""

    each_bytes: int
    count: int

    @property
    def words(self) -> str:
        """What the form says before anybody chooses a file."""
        return _(
            "Images, documents, logs, ZIP; %(count)s of %(size)s each.",
            count=self.count,
            size=_megabytes(self.each_bytes),
        )


def limits_of(settings: Settings) -> Limits:
    return Limits(settings.attachment_limit_bytes, settings.case_attachments_limit)


def keep_files(
    files: FileStore, uploads: Iterable[Upload], *, limits: Limits, already: int = 0
) -> tuple[list[KeptFile], list[RefusedFile]]:
    """Store what may be stored; `already` files count against the limit. No database is touched."""
    kept: list[KeptFile] = []
    refused: list[RefusedFile] = []
    for upload in uploads:
        if not upload.name:
            continue
        if len(kept) + already >= limits.count:
            refused.append(RefusedFile(shown_name(upload.name), _too_many(limits)))
            continue
        outcome = _keep(files, upload, limits)
        (kept if isinstance(outcome, KeptFile) else refused).append(outcome)  # type: ignore[arg-type]
    return kept, refused


def add_to_draft(
    db: Session, *, draft: Draft, kept: Sequence[KeptFile], now: datetime
) -> list[Attachment]:
    """These files wait with the draft until it is sent."""
    added = [_row(file, now=now, draft_id=draft.id) for file in kept]
    db.add_all(added)
    db.flush()
    return added


def add_to_message(
    db: Session, *, message: Message, kept: Sequence[KeptFile], now: datetime
) -> list[Attachment]:
    """These files go with what was said."""
    added = [_row(f, now=now, case_id=message.case_id, message_id=message.id) for f in kept]
    db.add_all(added)
    db.flush()
    return added


def files_of_draft(db: Session, draft: Draft) -> list[Attachment]:
    query = select(Attachment).where(Attachment.draft_id == draft.id, Attachment.case_id.is_(None))
    return list(db.scalars(query.order_by(Attachment.id)))


def remove_from_draft(db: Session, *, draft: Draft, token: str) -> bool:
    """Take a file back before sending; False when the draft has no such file."""
    query = select(Attachment).where(
        Attachment.token == token, Attachment.draft_id == draft.id, Attachment.case_id.is_(None)
    )
    if (attachment := db.scalar(query)) is None:
        return False
    db.delete(attachment)
    db.flush()
    return True


def find_attachment(
    db: Session, *, case: Case, token: str, is_staff: bool = False
) -> Attachment | None:
    """A file of this case or of one merged into it; those of notes exist for staff only."""
    ids = together_ids(db, case)
    query = select(Attachment).where(Attachment.token == token, Attachment.case_id.in_(ids))
    if not is_staff:
        query = query.join(Attachment.message).where(Message.is_internal.is_(False))
    return db.scalar(query)


def hashes_in_use(db: Session) -> set[str]:
    """What the file store must keep for cases and drafts."""
    return set(db.scalars(select(Attachment.content_hash).distinct()))


def shown_name(name: str) -> str:
    """The last part of a name, without anything that could mislead, cut to a sane length."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(
        c for c in last if c.isprintable() and c not in "\u200b\u200c\u200d\u2060\ufeff"
    )
    plain = re.sub(r"[\u202a-\u202e\u2066-\u2069]", "", plain).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > _LONGEST_NAME and dot and len(ending) <= 10:
        return f"{stem[: _LONGEST_NAME - len(ending) - 1]}.{ending}"
    return plain[:_LONGEST_NAME] or "file"


def _keep(files: FileStore, upload: Upload, limits: Limits) -> KeptFile | RefusedFile:
    name = shown_name(upload.name)
    if _ending(name) in _REFUSED_ENDINGS:
        return RefusedFile(
            name, _("Files of this kind can carry programs. Put it into a ZIP file.")
        )
    try:
        stored = files.keep(upload.stream, limit_bytes=limits.each_bytes)
    except FileTooLargeError:
        most = _megabytes(limits.each_bytes)
        too_large = _("It is larger than %(size)s. Compress it, or send a part of it.", size=most)
        return RefusedFile(name, too_large)
    except OSError:
        _log.exception("an upload could not be stored in %s", files.folder)
        return RefusedFile(
            name, _("We can't store files right now. Go on without it, or try later.")
        )
    return _judged(name, stored, files)


def _judged(name: str, stored: StoredFile, files: FileStore) -> KeptFile | RefusedFile:
    if stored.size_bytes == 0:
        return RefusedFile(name, _("It is empty. Choose the file again."))
    if stored.media_type not in _ALLOWED:
        return RefusedFile(name, _("We can't accept this kind of file. Put it into a ZIP file."))
    if _is_broken(name, stored, files):
        broken = _("It is damaged, or not what its name says. Open it to see, and choose it again.")
        return RefusedFile(name, broken)
    return KeptFile(name, stored)


def _is_broken(name: str, stored: StoredFile, files: FileStore) -> bool:
    held = _HELD_BY_ENDING.get(_ending(name))
    if held is not None and stored.media_type not in held:
        return True
    return stored.media_type == _ZIP and not zipfile.is_zipfile(files.path(stored.content_hash))


def _row(
    file: KeptFile,
    *,
    now: datetime,
    draft_id: int | None = None,
    case_id: int | None = None,
    message_id: int | None = None,
) -> Attachment:
    return Attachment(
        token=secrets.token_urlsafe(18),
        draft_id=draft_id,
        case_id=case_id,
        message_id=message_id,
        name=file.name,
        media_type=file.stored.media_type,
        size_bytes=file.stored.size_bytes,
        content_hash=file.stored.content_hash,
        created_at=now,
    )


def _ending(name: str) -> str:
    return name.rpartition(".")[2].casefold() if "." in name else ""


def _too_many(limits: Limits) -> str:
    return _(
        "A case carries at most %(count)s files. Put several into one ZIP file.", count=limits.count
    )


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.0f} MB" if size >= 1024 * 1024 else f"{size / 1024:.0f} kB"
