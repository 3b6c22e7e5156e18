"""The process that renders: two seconds and 256 MB for each text."""

from dataclasses import asdict
from typing import Any

from portal.confined import Answer, work
from portal.knowledge.markdown_dialect import Picture
from portal.knowledge.rendering_core import convert

MEMORY_BYTES = 256 * 1024 * 1024
SECONDS = 2.0


def _answer(request: dict[str, Any]) -> Answer:
    pictures = {path: Picture(*picture) for path, picture in request["pictures"].items()}
    return asdict(convert(request["body"], pictures))


if __name__ == "__main__":
    work(_answer, seconds=SECONDS, memory_bytes=MEMORY_BYTES)
