"""The portal's own manual is what the demonstration's help center holds."""

from pathlib import Path

import click

from portal.clock import now
from portal.commands.context import Opened
from portal.knowledge.library import import_library
from portal.knowledge.library_folder import scan

MANUAL = "the portal's own manual"


def fill_shelves(portal: Opened, folder: Path) -> int:
    """Import the articles in `folder`; a file that is refused is named, and the rest goes in.
    How many were refused.
    """
    outcome = import_library(
        portal.database,
        portal.files,
        scan(folder),
        source=MANUAL,
        now=now(),
        progress=_tell_progress,
    )
    for one in (*outcome.faults, *outcome.conflicts):
        click.echo(str(one), err=True)
    return len({fault.path for fault in outcome.faults}) + len(outcome.conflicts)


def _tell_progress(done: int, total: int) -> None:
    if total and (done == total or done % 25 == 0):
        click.echo(f"Importing articles: {done} of {total}")
