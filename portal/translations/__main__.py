"""Bring the catalogues up to date with the code: `python -m portal.translations [ROOM ...]`.

Reads every sentence that is marked, adds what is new, drops what is gone, compiles, and says what
still waits for its translation.
"""

import sys

from portal.locale import ROOMS
from portal.translations.catalogues import refresh


def main() -> None:
    waiting = 0
    for room in sys.argv[1:] or ROOMS:
        for missing in refresh(room):
            print(missing)
            waiting += 1
    print(f"{waiting} sentences wait for their translation" if waiting else "All is translated")


if __name__ == "__main__":
    main()
