"""`portal migrate`: bring the database's schema up to date, whole or not at all, and render
again what an earlier release rendered by older rules.
"""

import click
from sqlalchemy.exc import OperationalError

from portal.clock import now
from portal.commands.context import unreachable
from portal.commands.remedy import Remedy, settings_or_remedy
from portal.database import Database
from portal.knowledge.refreshing import refresh
from portal.migrations.running import migrate as run_migrations
from portal.migrations.running import write_revision
from portal.migrations.standing import at_head
from portal.settings import Settings


@click.command()
@click.option("--write", "message", help="For developers: write a migration for changed entities.")
def migrate(message: str | None) -> None:
    """Bring the database's schema up to date. Make a backup first."""
    settings = settings_or_remedy()
    if message:
        _write(settings, message)
        return
    changed = brought_up_to_date(settings)
    click.echo("The schema is up to date now." if changed else "The schema was up to date.")


def _write(settings: Settings, message: str) -> None:
    brought_up_to_date(settings)
    database = Database(settings.database_url)
    write_revision(database, message)
    database.close()
    click.echo("Read the new file in portal/migrations/versions, then run the tests.")


def brought_up_to_date(settings: Settings) -> bool:
    """Migrate the installation's database; False when there was nothing to do.

    Raises Remedy when the database can't be reached.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        return _migrated(database)
    except OperationalError as error:
        raise Remedy(unreachable(settings, error)) from None
    finally:
        database.close()


def _migrated(database: Database) -> bool:
    is_old = not at_head(database)
    if is_old:
        run_migrations(database)
    refresh(database, now=now())
    return is_old
