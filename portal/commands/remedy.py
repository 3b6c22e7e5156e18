"""What is wrong with an installation is said in a line, with the remedy and exit status 2; never
in a trace. Nothing heavy is loaded to find it out.
"""

from pathlib import Path

import click

from portal.settings import Settings, SettingsError, load_settings


class Remedy(click.ClickException):
    """A command can't go on; the message says why and what to do."""

    exit_code = 2


def settings_or_remedy() -> Settings:
    """The settings of the installation that PORTAL_HOME names.

    Raises Remedy when one is missing or wrong.
    """
    try:
        return load_settings()
    except SettingsError as error:
        raise Remedy(str(error)) from None


def sqlite_file(settings: Settings) -> Path | None:
    """The SQLite file that holds the data, None where another database does."""
    prefix = "sqlite:///"
    url = settings.database_url
    return Path(url.removeprefix(prefix)) if url.startswith(prefix) else None


def refuse_missing_database(settings: Settings) -> None:
    """Raises Remedy when the SQLite file is not there: opening it would make an empty one."""
    file = sqlite_file(settings)
    if file is not None and not file.is_file():
        raise Remedy(f"{file} does not exist: run `portal migrate`, or restore a backup there.")
