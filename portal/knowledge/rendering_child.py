"""The process that renders: no secrets, no database, two seconds and 256 MB for each text.

Reads one JSON request a line, writes one JSON answer a line, and ends when nobody asks any more.
"""

import json
import resource
import select
import signal
import sys
from dataclasses import asdict
from typing import Any

from portal.knowledge.markdown_dialect import Picture
from portal.knowledge.rendering_core import convert

MEMORY_BYTES = 256 * 1024 * 1024
SECONDS = 2.0
IDLE_SECONDS = 300


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    while select.select([sys.stdin], [], [], IDLE_SECONDS)[0]:
        line = sys.stdin.buffer.readline()
        if not line:
            return
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        answer = json.dumps(_answer(json.loads(line)))
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    pictures = {path: Picture(*picture) for path, picture in request["pictures"].items()}
    try:
        return asdict(convert(request["body"], pictures))
    except (MemoryError, RecursionError) as error:
        return {"refused": type(error).__name__}


if __name__ == "__main__":
    main()
