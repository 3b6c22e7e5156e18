"""Import, export and check articles as files, and see one as it would be served."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from portal.clock import now
from portal.commands.context import opened
from portal.commands.remedy import Remedy
from portal.knowledge.foreign.kinds import reading_by
from portal.knowledge.foreign.mapping import MappingError, load, preset_names
from portal.knowledge.library import check_library, import_library
from portal.knowledge.library_export import export_library, note_exported
from portal.knowledge.library_folder import Fault, Scan, Source, scan
from portal.knowledge.library_outcome import Conflict, Outcome
from portal.knowledge.library_preparing import Changed, Prepared, prepare, read
from portal.knowledge.library_reading import OwnFiles, Reading, on_shelf
from portal.knowledge.library_status import compare
from portal.knowledge.refreshing import refresh as render_again

NOTES_SHOWN = 20
LINES_SHOWN = 40
LONG = 200
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_SOURCE = click.option(
    "--source",
    metavar="NAME",
    help="What the folder is called in comparisons, its path otherwise. Give it where the same "
    "folder lies at another path each time, as in a build.",
)


REPORT = "Write everything that was done and found to this file, as JSON."


def _reading_options(command: Callable[..., None]) -> Callable[..., None]:
    """--from and --mapping, handed over as `reading`: how the files are to be read."""

    @click.option(
        "--from",
        "preset",
        type=click.Choice(preset_names()),
        help="Files of another tool: its keys, signs and links become ours.",
    )
    @click.option(
        "--mapping",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="A TOML file that says which of their keys is which of ours; goes on from --from.",
    )
    @wraps(command)
    def with_reading(*, preset: str | None, mapping: Path | None, **given: Any) -> None:
        command(reading=_reading(preset, mapping), **given)

    return with_reading


def _reading(preset: str | None, mapping: Path | None) -> Reading:
    """Raises Remedy when the mapping can't be used."""
    if preset is None and mapping is None:
        return OwnFiles()
    try:
        return reading_by(load(preset, mapping.read_text("utf-8") if mapping else None))
    except (OSError, UnicodeDecodeError, MappingError) as error:
        raise Remedy(f"The mapping {mapping or preset} can't be used: {error}") from None


@click.group()
def library() -> None:
    """Import, export and check articles."""


@library.command("import")
@click.argument("folder", type=_FOLDER)
@click.option(
    "--overwrite",
    "overwritten",
    metavar="SLUG",
    multiple=True,
    help="Let this article's file win although the article has changed in the portal too. "
    "Its words there stay as an earlier version.",
)
@_SOURCE
@_reading_options
@click.option("--dry-run", is_flag=True, help="Say what would happen, and store nothing.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help=REPORT)
def import_(
    folder: Path,
    overwritten: tuple[str, ...],
    source: str | None,
    reading: Reading,
    dry_run: bool,
    report: Path | None,
) -> None:
    """Bring FOLDER into the portal; files that haven't changed since last time are left alone.

    Where a file and its article have both changed, neither is overwritten: the exit status is 3.
    """
    if dry_run:
        _check(folder, reading, report)
        return
    with opened() as portal:
        outcome = import_library(
            portal.database,
            portal.files,
            reading.scan(folder),
            reading=reading,
            source=source,
            overwritten=overwritten,
            now=now(),
            progress=_progress("Importing"),
            first_language=portal.settings.library_languages[0],
        )
    counts = (
        f"{len(outcome.added)} new, {len(outcome.changed)} changed, "
        f"{len(outcome.unchanged)} unchanged"
    )
    _write_report(report, outcome)
    _tell(counts, outcome)


@library.command()
@click.argument("folder", type=_FOLDER)
@_reading_options
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help=REPORT)
def check(folder: Path, reading: Reading, report: Path | None) -> None:
    """Check the files in FOLDER as an import would; needs no installation and stores nothing."""
    _check(folder, reading, report)


def _check(folder: Path, reading: Reading, report: Path | None) -> None:
    found = reading.scan(folder)
    outcome = check_library(found, reading=reading, progress=_progress("Checking"))
    _write_report(report, outcome)
    _tell(f"{len(outcome.added)} good", outcome, all_notes=report is None)


def _write_report(report: Path | None, outcome: Outcome) -> None:
    if report is not None:
        written = json.dumps(outcome.as_data(), ensure_ascii=False, indent=2)
        report.write_text(f"{written}\n", encoding="utf-8")


@library.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--overwrite",
    "overwritten",
    metavar="SLUG",
    multiple=True,
    help="Let this article win although its file has changed too.",
)
@_SOURCE
def export(folder: Path, overwritten: tuple[str, ...], source: str | None) -> None:
    """Write every article, category and image to FOLDER.

    A file that has changed since it was imported or exported is left as it is. Where its article
    has changed too, both are shown, and the exit status is 3.
    """
    with opened() as portal:
        with portal.database.reading() as db:
            exported = export_library(
                db,
                portal.files,
                folder,
                source=source,
                overwritten=overwritten,
                progress=_progress("Exporting"),
            )
        with portal.database.writing() as db:
            note_exported(db, exported, folder, source=source, now=now())
    for path in exported.waiting:
        click.echo(f"note: {path} has changed in the folder: `portal library import`.", err=True)
    outcome = Outcome(faults=exported.faults, notes=exported.notes, conflicts=exported.conflicts)
    counts = f"{len(exported.written)} written, {len(exported.unchanged)} unchanged"
    _tell(counts, outcome, all_notes=True)


@library.command()
@click.argument("folder", type=_FOLDER)
@_SOURCE
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(folder: Path, source: str | None, as_json: bool) -> None:
    """Say how FOLDER and the portal differ; the exit status is 3 where both have changed."""
    with opened() as portal, portal.database.reading() as db:
        found = scan(folder)
        told = compare(db, found, source or str(found.root))
    if as_json:
        click.echo(json.dumps(told.as_data(), ensure_ascii=False, indent=2))
    else:
        for state, paths in told.by_state().items():
            for path in paths:
                click.echo(f"{state:28}{path}")
        _say(found.faults)
        _say_conflicts(told.conflicts)
        click.echo(f"{told.same} the same, {len(told.conflicts)} in conflict.")
    if told.conflicts:
        sys.exit(3)


@library.command()
def refresh() -> None:
    """Render again what an earlier release rendered; `portal migrate` does it too."""
    with opened() as portal:
        done = render_again(portal.database, now=now(), progress=_progress("Rendering"))
    for fault in done.faults:
        click.echo(fault, err=True)
    click.echo(f"{done.count} rendered again, {len(done.faults)} shown as plain text.")
    if done.faults:
        sys.exit(1)


@library.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def render(file: Path) -> None:
    """Print the HTML of one article's FILE exactly as it would be served."""
    file = file.resolve()
    found = Scan(file.parent.parent)
    source = Source(file, file.name, file.stem, (file.parent.name,))
    result = read(OwnFiles(), source, found, lambda _source, _mark: False)
    if isinstance(result, Changed):
        at_top = replace(result, said=on_shelf(result.said, ()))
        prepared = prepare(at_top if result.article.category else result, None)
        if isinstance(prepared, Prepared):
            click.echo(prepared.rendered.html)
            return
        result = prepared
    _say(result or [])
    sys.exit(1)


def _progress(doing: str) -> Callable[[int, int], None]:
    """Tell on the error output how far a long job has come: in place on a terminal."""
    is_terminal = sys.stderr.isatty()
    last = 0

    def tell(done: int, total: int) -> None:
        nonlocal last
        if is_terminal:
            click.echo(f"\r{doing} {done} of {total}", err=True, nl=done >= total)
        elif total >= LONG and (done - last >= LONG or done >= total):
            last = done
            click.echo(f"{doing} {done} of {total}", err=True)

    return tell


def _tell(counts: str, outcome: Outcome, *, all_notes: bool = False) -> None:
    """Print what was done, what is wrong and what needs a look.

    The exit status is 1 if anything is wrong, and 3 if something changed on both sides.
    """
    shown = outcome.notes if all_notes else outcome.notes[:NOTES_SHOWN]
    _say(outcome.faults)
    _say_conflicts(outcome.conflicts)
    _say(shown, prefix="note: ")
    if len(shown) < len(outcome.notes):
        rest = len(outcome.notes) - len(shown)
        click.echo(f"note: {rest} more like these; `portal library check` shows all.", err=True)
    bad = len({fault.path for fault in outcome.faults})
    both = f", {len(outcome.conflicts)} in conflict" if outcome.conflicts else ""
    click.echo(f"{counts}, {bad} bad{both}, {len(outcome.notes)} to look at.")
    if outcome.conflicts:
        sys.exit(3)
    if bad:
        sys.exit(1)


def _say_conflicts(conflicts: list[Conflict]) -> None:
    for conflict in conflicts:
        click.echo(conflict, err=True)
        for line in conflict.difference[:LINES_SHOWN]:
            click.echo(f"    {line}", err=True)
        if len(conflict.difference) > LINES_SHOWN:
            click.echo(f"    … {len(conflict.difference) - LINES_SHOWN} more lines", err=True)


def _say(faults: list[Fault], *, prefix: str = "") -> None:
    for fault in faults:
        click.echo(f"{prefix}{fault}", err=True)
