"""A mail becomes a case, through the same act as the form, or a reply to one.

What the policy requires and the mail does not say is asked for afterwards. Files go through the
same limits as uploads; what is refused is told to the sender.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.attachments import (
    KeptFile,
    Limits,
    RefusedFile,
    Upload,
    keep_files,
    shown_name,
)
from portal.cases.case import Case
from portal.cases.conversation import Attachment, Message
from portal.cases.happenings import Happening
from portal.cases.policies import policy_in_force
from portal.cases.prefilling import known_answers
from portal.cases.replying import reply
from portal.cases.request import Request
from portal.cases.submission import open_case
from portal.events import record
from portal.files import FileStore
from portal.mail.inbound.arrived import Arrived, ArrivedFile
from portal.mail.inbound.inbox import IncomingMail
from portal.mail.inbound.judging import Named, Writer

LONGEST_SUBJECT, LONGEST_BODY, LONGEST_REPEATED = 150, 20_000, 100_000
NO_SUBJECT, NO_WORDS = "E-mail without a subject", "Files are attached."
_PREFIX = re.compile(
    r"^\s*((re|aw|fw|fwd|wg|sv|tr|rv|antw|vs)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE
)
_WINMAIL = (
    "Outlook packed the files into winmail.dat, which only Outlook opens. Send the mail again as "
    "HTML or plain text."
)


@dataclass(frozen=True)
class Files:
    """What came with a mail: kept, refused, and whether its words were too many to show."""

    kept: tuple[KeptFile, ...]
    refused: tuple[RefusedFile, ...]


@contextmanager
def _uploads(files: Sequence[ArrivedFile], whole: str) -> Iterator[list[Upload]]:
    with ExitStack() as opened:
        uploads = [Upload(f.name, opened.enter_context(Path(f.path).open("rb"))) for f in files]
        if whole:
            uploads.insert(0, Upload("whole-message.txt", BytesIO(whole.encode())))
        yield uploads


def store_files(arrived: Arrived, store: FileStore, *, limits: Limits) -> Files:
    """Put the mail's files into the one file store. No database is touched."""
    packed = [file for file in arrived.files if _is_winmail(file)]
    wanted = [file for file in arrived.files if file not in packed]
    whole = "\n\n".join(_too_long(arrived))
    with _uploads(wanted, whole) as uploads:
        kept, refused = keep_files(store, uploads, limits=limits)
    refused += [RefusedFile(shown_name(file.name), _WINMAIL) for file in packed]
    return Files(tuple(kept), tuple(refused))


def file_case(
    db: Session,
    mail: IncomingMail,
    arrived: Arrived,
    *,
    writer: Writer,
    files: Files,
    follows: Case | None,
    is_quiet: bool,
    now: datetime,
) -> Case:
    """Open a case with what the mail says, on the channel e-mail with its own targets."""
    request = Request(
        _answers(db, arrived, writer, now),
        writer.person,
        channel="email",
        kept=files.kept,
        may_lack=True,
        is_vouched=writer.is_vouched,
        folded=arrived.repeated[:LONGEST_REPEATED],
        follows=follows,
    )
    case = open_case(db, request=request, now=now)
    _record(db, mail, arrived, case, files=files, is_quiet=is_quiet, now=now)
    return case


def add_reply(
    db: Session,
    mail: IncomingMail,
    arrived: Arrived,
    *,
    named: Named,
    writer: Writer,
    files: Files,
    is_quiet: bool,
    reopen_days: int,
    now: datetime,
) -> None:
    """Add the mail to its case. Raises FollowUpNeededError when that is over for good."""
    case = named.case
    known = _known_hashes(db, case)
    reply(
        db,
        case=case,
        author=writer.person,
        author_name=writer.shown_name if writer.person else _name_on(case, writer),
        body=_body(arrived),
        folded=arrived.repeated[:LONGEST_REPEATED],
        channel="email",
        is_sender_proven=named.is_proven,
        kept=[kept for kept in files.kept if kept.stored.content_hash not in known],
        form_token=f"mail-{mail.id}",
        reopen_days=reopen_days,
        now=now,
    )
    _record(db, mail, arrived, case, files=files, is_quiet=is_quiet, now=now)


def clean_subject(subject: str) -> str:
    """The subject without "Re:" and the like, cut to what a case may have."""
    plain = _PREFIX.sub("", subject).strip()
    return plain[:LONGEST_SUBJECT] or NO_SUBJECT


def _answers(db: Session, arrived: Arrived, writer: Writer, now: datetime) -> dict[str, str]:
    answers: dict[str, str] = {}
    if writer.person is not None:
        _, policy = policy_in_force(db, now=now)
        organisation = writer.person.organisation
        installed = organisation.installations if organisation else []
        only = installed[0] if len(installed) == 1 else None
        answers |= known_answers(
            db, policy, person=writer.person, organisation=organisation, installation=only
        )
        answers |= {"installation_id": str(only.id)} if only else {}
    return answers | {
        "contact_name": writer.shown_name,
        "contact_email": writer.address,
        "summary": clean_subject(arrived.subject),
        "description": _body(arrived),
    }


def _body(arrived: Arrived) -> str:
    return arrived.said.strip()[:LONGEST_BODY] or NO_WORDS


def _too_long(arrived: Arrived) -> Iterator[str]:
    """What is cut where it is shown, since every page of the case would carry it."""
    if len(arrived.said) > LONGEST_BODY:
        yield arrived.said
    if len(arrived.repeated) > LONGEST_REPEATED:
        yield arrived.repeated


def _name_on(case: Case, writer: Writer) -> str:
    """A guest goes by the name on the case; what a From header says of a name proves nothing."""
    is_contact = writer.address == case.contact_email.casefold()
    return case.contact_name if is_contact else writer.address


def _known_hashes(db: Session, case: Case) -> set[str]:
    """Pictures that stand in every signature are kept once for each case. What only a note has
    doesn't count: its writer would send a file that nobody but staff sees.
    """
    query = select(Attachment.content_hash).join(Attachment.message)
    told = Message.is_internal.is_(False)
    return set(db.scalars(query.where(Attachment.case_id == case.id, told)))


def _is_winmail(file: ArrivedFile) -> bool:
    return file.name.casefold() == "winmail.dat" or Path(file.path).read_bytes()[:4] == _TNEF


_TNEF = b"\x78\x9f\x3e\x22"


def _record(
    db: Session,
    mail: IncomingMail,
    arrived: Arrived,
    case: Case,
    *,
    files: Files,
    is_quiet: bool,
    now: datetime,
) -> None:
    record(
        db,
        Happening.MAILED_IN,
        now=now,
        actor_name=arrived.sender,
        case_id=case.id,
        is_internal=True,
        incoming_id=mail.id,
        message_id=arrived.message_id,
        is_quiet=is_quiet,
    )
    if files.refused:
        record(
            db,
            Happening.FILES_REFUSED,
            now=now,
            case_id=case.id,
            refused=[str(each) for each in files.refused],
        )
