"""What the portal writes down about itself: one line for one thing, without anybody's secrets."""

import logging
import re

_SECRET = re.compile(r"[A-Za-z0-9_-]{20,}")
_LONGEST = 300


def set_up(level: int = logging.INFO) -> None:
    """Write the portal's log to standard error, one line for each entry but for traces."""
    log = logging.getLogger("portal")
    if log.handlers:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(level)


def without_secrets(path: str) -> str:
    """A path fit for the log: printable, short, and with nothing that could be a token."""
    shown = path[:_LONGEST].encode("unicode_escape").decode("ascii").replace(" ", "\\x20")
    return _SECRET.sub("...", shown)
