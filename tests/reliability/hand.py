"""The worker's clock in a process of its own, so that it can be killed in any step.

Called with the home folder and the moment; a line for each duty that was done.
"""

import sys
from datetime import datetime
from pathlib import Path

from portal.commands.clock_hand import turn
from portal.database import Database
from portal.settings import Settings


def main(home: str, moment: str) -> None:
    url = f"sqlite:///{Path(home) / 'portal.db'}"
    settings = Settings(Path(home), "s" * 40, "http://localhost", url)
    database = Database(url)
    while turn(database, settings=settings, now=datetime.fromisoformat(moment)):
        print("done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
