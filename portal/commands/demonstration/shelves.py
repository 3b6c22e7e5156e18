"""The portal's own manual is what the demonstration's help center holds."""

from pathlib import Path

from portal.commands.context import Opened


def fill_shelves(portal: Opened, folder: Path) -> None:
    """Import the articles in `folder`."""
