"""`portal people import` and `export`: customers as tables, a kind of row a file."""

import sys
from pathlib import Path

import click
from sqlalchemy.orm import Session

from portal.cases.case_words import rename_in_words
from portal.cases.policies import NoPolicyError, policy_in_force
from portal.clock import now
from portal.commands.context import opened
from portal.events import take_recorded
from portal.people.importing.exporting import export_table
from portal.people.importing.importing import Report, import_table
from portal.people.importing.kinds import Kind
from portal.people.importing.rehearsing import rehearse
from portal.people.importing.rows import Done

KINDS = click.Choice([kind.value for kind in Kind])


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", type=KINDS, help="What the rows are. [default: told by the columns]")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and store nothing.")
def import_file(file: Path, kind: str | None, dry_run: bool) -> None:
    """Take a CSV FILE in, all of it or nothing; name every row that is wrong."""
    with opened() as portal:
        database = portal.database
        with database.reading() if dry_run else database.writing() as db:
            report = (rehearse if dry_run else import_table)(
                db,
                data=file.read_bytes(),
                kind=Kind(kind) if kind else None,
                details=_details(db),
                now=now(),
            )
            if report.is_stored:
                rename_in_words(db, take_recorded(db))
    for fault in report.faults:
        click.echo(f"{file}: {fault}")
    click.echo(_summary(report))
    sys.exit(0 if report.is_good else 1)


@click.command("export")
@click.argument("kind", type=KINDS)
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="[default: stdout]")
def export_kind(kind: str, to: Path | None) -> None:
    """Write all of one KIND as CSV, which can be imported again."""
    with opened() as portal, portal.database.reading() as db:
        written = export_table(db, Kind(kind), details=_details(db))
    if to is None:
        click.echo(written, nl=False)
    else:
        to.write_text(written, encoding="utf-8", newline="")


def _summary(report: Report) -> str:
    if report.kind is None or not report.is_good:
        found = len(report.faults)
        return f"{found} {'fault' if found == 1 else 'faults'}; nothing was stored."
    counts = [f"{report.counts[done]} {word}" for done, word in _WORDS.items()]
    did = "stored" if report.is_stored else "would be stored"
    return f"{report.rows} {report.kind}: {', '.join(counts)} {did} (read as {report.encoding})."


_WORDS = {Done.ADDED: "new", Done.CHANGED: "changed", Done.SAME: "unchanged"}


def _details(db: Session) -> list[str]:
    try:
        policy = policy_in_force(db, now=now())[1]
    except NoPolicyError:
        return []
    return [field.id for field in policy.fields if field.stored_in == "installation"]
