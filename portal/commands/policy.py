"""Check, preview and try policy files without a database; adopt one into an installation.

`check` names every problem with its line, `preview` shows what a dozen standard moments would be
promised, `evaluate` and `calendar` answer other programs row by row.
"""

import json
import math
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from portal.policy.answers import Answer, Row, Shelf, calendar_row, evaluate_row, refused
from portal.policy.checking import check_policy, check_succession
from portal.policy.loading import Reading, load_policy, read_policy
from portal.policy.model import Policy
from portal.policy.previewing import Preview, local_text, preview
from portal.policy.problems import PolicyError, PolicyRefusal

POLICY_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def policy() -> None:
    """Check, preview, try and adopt policy files."""


@policy.command()
@click.argument("files", nargs=-1, required=True, type=POLICY_FILE)
def check(files: tuple[Path, ...]) -> None:
    """Say what is wrong with policy FILES and what they leave unsaid."""
    sound: list[Policy] = []
    failed = False
    for file in files:
        report = check_policy(_text(file), str(file))
        for problem in report.errors:
            click.echo(f"error: {problem}")
        for problem in report.warnings:
            click.echo(f"warning: {problem}")
        failed = failed or bool(report.errors)
        if report.policy is not None:
            failed = _out_of_succession(sound, report.policy, str(file)) or failed
            sound.append(report.policy)
        errors, warnings = len(report.errors), len(report.warnings)
        click.echo(f"{file}: {_counted(errors, 'error')}, {_counted(warnings, 'warning')}")
    sys.exit(1 if failed else 0)


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _out_of_succession(sound: list[Policy], newer: Policy, file: str) -> bool:
    """Files of one policy, given in order, must follow one another."""
    older = [one for one in sound if one.id == newer.id]
    problems = check_succession(newer, older[-1] if older else None, file)
    for problem in problems:
        click.echo(f"error: {problem}")
    return bool(problems)


@policy.command("preview")
@click.argument("file", type=POLICY_FILE)
@click.option("--against", type=POLICY_FILE, help="An older version to show beside it.")
def preview_(file: Path, against: Path | None) -> None:
    """Show what a dozen standard moments would be promised under FILE."""
    newer = _loaded(file)
    older = _loaded(against) if against else None
    click.echo(preview_text(newer, preview(newer, against=older)))


def preview_text(newer: Policy, table: Preview) -> str:
    """The table as text: times of the desk, ~ usually, * this portal's own figure."""
    lines = [
        f"{newer.name}, version {newer.version}, in force from {newer.effective_from}",
        f"Times in {newer.time_zone}. ~ usually by; * typical time set by this portal.",
    ]
    for row in table.rows:
        lines += ["", f"Reported {row.label} ({local_text(newer, row.at)})"]
        for index, column in enumerate(table.columns):
            words = row.cells[index].words
            older = row.before[index].words if row.before else words
            was = "" if older == words else f"   (was {older})"
            lines.append(f"  {column.label:<28}{words}{was}")
    return "\n".join(lines)


@policy.command()
@click.argument("files", nargs=-1, required=True, type=POLICY_FILE)
def evaluate(files: tuple[Path, ...]) -> None:
    """Answer rows of JSON on standard input: what may each case expect under FILES?"""
    readings = [_read(file) for file in files]
    shelf = Shelf.of(readings)
    _answer_rows(lambda row: evaluate_row(shelf, row))


@policy.command()
@click.argument("file", type=POLICY_FILE)
def calendar(file: Path) -> None:
    """Do bare calendar arithmetic with the hours of FILE, row by row."""
    loaded = _loaded(file)
    _answer_rows(lambda row: calendar_row(loaded, row))


def _answer_rows(answer: Callable[[Row], Answer]) -> None:
    for line in answers(sys.stdin.buffer, answer):
        click.echo(line)


def answers(lines: Iterable[bytes], answer: Callable[[Row], Answer]) -> Iterable[str]:
    """One answer a line, in the same order; a line that is no object is refused."""
    for line in lines:
        if line.strip():
            row = _row(line)
            found = answer(row) if isinstance(row, dict) else refused(None, _BAD_LINE)
            yield json.dumps(found)


_BAD_LINE = PolicyRefusal("bad_row", "The line is no JSON object in UTF-8.")


def _row(line: bytes) -> Any:
    """None for what no other program could read either: NaN, Infinity, half an object."""
    try:
        text = line.decode("utf-8-sig")
        return json.loads(text, parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError):
        return None


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _read(file: Path) -> Reading:
    """What is wrong with a file is said aside; the rows of the other files are answered."""
    reading = read_policy(_text(file), file_name=str(file))
    for problem in reading.errors:
        click.echo(f"error: {problem}", err=True)
    return reading


def _loaded(file: Path) -> Policy:
    try:
        return load_policy(_text(file), file_name=str(file))
    except PolicyError as error:
        for problem in error.problems:
            click.echo(f"error: {problem}", err=True)
        sys.exit(1)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


@policy.command()
@click.argument("file", type=POLICY_FILE)
def adopt(file: Path) -> None:
    """Let policy FILE take effect in this installation; no open case moves."""
    # Other programs call `evaluate` row by row: the database is loaded for this command alone.
    from portal.cases import policy_editing
    from portal.clock import now
    from portal.commands.context import opened

    with opened() as portal, portal.database.writing() as db:
        try:
            version = policy_editing.adopt_from_shell(
                db, source=_text(file), file_name=str(file), now=now()
            )
        except policy_editing.NotAdoptedError as error:
            for problem in error.report.errors:
                click.echo(f"error: {problem}", err=True)
            sys.exit(1)
        starts = f"{version.effective_from:%Y-%m-%d %H:%M:%S} UTC"
        outcome = f"{version.policy_id} version {version.version} holds from {starts}"
    click.echo(f"{outcome}; no open case has moved.")
