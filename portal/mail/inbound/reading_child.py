"""The process that reads mail: so much time and memory for each, whatever the sender did."""

import email
from dataclasses import asdict
from pathlib import Path
from typing import Any

from portal.confined import Answer, work
from portal.mail.inbound.understanding import UnreadableMailError, understand

MEMORY_BYTES = 768 * 1024 * 1024
SECONDS = 1.8


def _answer(request: dict[str, Any]) -> Answer:
    try:
        with Path(request["path"]).open("rb") as file:
            message = email.message_from_binary_file(file)
        arrived = understand(
            message,
            folder=Path(request["folder"]),
            envelope_sender=request["envelope_sender"],
        )
    except UnreadableMailError as error:
        return {"refused": str(error)}
    except (LookupError, ValueError, TypeError, AttributeError, AssertionError) as error:
        return {"refused": f"its structure is broken ({type(error).__name__})"}
    return asdict(arrived)


if __name__ == "__main__":
    work(_answer, seconds=SECONDS, memory_bytes=MEMORY_BYTES)
