"""A mail as it was understood: plain values only, so that it can cross from the process that read
it to the one that files it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.mail.inbound.automatic import Automatic
from portal.mail.inbound.bounces import Bounce


@dataclass(frozen=True)
class ArrivedFile:
    """A file that came with a mail: its bytes lie at `path` as long as the mail is handled."""

    name: str
    path: str
    is_inline: bool


@dataclass(frozen=True)
class Arrived:
    """What a mail says. `said` is new in it, `repeated` quoted or signed.

    `references` are the Message-IDs that it answers, the nearest first. `vouchers` are the
    Authentication-Results headers, topmost first. `is_sealed` mails are encrypted.
    """

    message_id: str
    references: tuple[str, ...]
    sender: str
    sender_name: str
    addressed: tuple[str, ...]
    subject: str
    said: str
    repeated: str
    files: tuple[ArrivedFile, ...]
    automatic: Automatic
    wants_no_answer: bool
    is_sealed: bool
    vouchers: tuple[str, ...]
    bounce: Bounce | None


def from_plain(values: Mapping[str, Any]) -> Arrived:
    """What `dataclasses.asdict` made plain, whole again."""
    bounce = values["bounce"]
    return Arrived(
        **{
            **values,
            "references": tuple(values["references"]),
            "addressed": tuple(values["addressed"]),
            "vouchers": tuple(values["vouchers"]),
            "files": tuple(ArrivedFile(**each) for each in values["files"]),
            "automatic": Automatic(values["automatic"]),
            "bounce": Bounce(**bounce) if bounce else None,
        }
    )
