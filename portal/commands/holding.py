"""A data folder is held by one version of the portal at a time: an old process that still runs
must not write beside a new one. Any number of processes of the same version share it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from portal.commands.remedy import Remedy

THIS_VERSION = version("answerfirst")


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Hold the data folder for this version while the block runs; a crash gives it back.

    Raises Remedy when another version holds it.
    """
    with _opened(home / "portal.lock") as file:
        if not _got(file, fcntl.LOCK_EX):
            _share(file, home)
        else:
            file.truncate(0)
            file.write(f"{THIS_VERSION} {os.getpid()}".encode())
            file.flush()
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("a+b")
    except OSError as error:
        raise Remedy(
            f"{path} can't be written: {error.strerror}. Check the rights of the folder."
        ) from None


def _got(file: BinaryIO, kind: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(file, kind | fcntl.LOCK_NB)
        return True
    return False


def _share(file: BinaryIO, home: Path) -> None:
    file.seek(0)
    holder, _, process = file.read().decode("utf-8", "replace").partition(" ")
    if holder and holder != THIS_VERSION:
        raise Remedy(
            f"{home} is in use by version {holder} (process {process}): stop that one first."
        )
