"""`portal insight`: the deflection figures, from the installation or from an exported log."""

import csv
import sys
from datetime import timedelta
from pathlib import Path

import click

from portal.clock import now
from portal.commands.context import opened
from portal.commands.remedy import Remedy
from portal.insight.attempt_log import HEADS, UnreadableLogError, log_between, read_rows, rows_of
from portal.insight.deflection import Log, figures, judge


@click.group()
def insight() -> None:
    """Figures that can be made again from the log."""


@insight.command()
@click.option("--days", default=28, show_default=True, help="Attempts of so many days.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the log instead of its figures.")
@click.option(
    "--log", "path", type=click.Path(path_type=Path), help="Judge this exported log instead."
)
def deflection(days: int, as_csv: bool, path: Path | None) -> None:
    """How many attempts were answered by an article."""
    log = _read(path) if path else _recorded(days)
    if as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(HEADS)
        writer.writerows(rows_of(log))
        return
    found = figures(judge(log, now=now()))
    low, high = found.interval
    rate = "-" if found.rate is None else f"{100 * found.rate:.1f}%"
    interval = f"95% from {100 * low:.1f} to {100 * high:.1f}%"
    click.echo(f"attempts   {found.attempts}")
    click.echo(f"confirmed  {found.confirmed}  (rate {rate}, {interval})")
    click.echo(f"probable   {found.probable}  (beside the rate, never added)")
    click.echo(f'filed      {found.filed}  ({found.reversed} after "this solved it")')
    click.echo(f"neither    {found.neither}")
    click.echo(f"gaps       {found.gaps}  (nothing shown; not among the attempts)")
    click.echo(f"not final  {found.not_final}  (younger than 72 hours)")


def _recorded(days: int) -> Log:
    with opened() as installation, installation.database.reading() as db:
        return log_between(db, since=now() - timedelta(days), until=now())


def _read(path: Path) -> Log:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return read_rows(lines)
    except (OSError, UnicodeDecodeError, UnreadableLogError) as error:
        raise Remedy(f"{path} can't be read: {error}") from None
