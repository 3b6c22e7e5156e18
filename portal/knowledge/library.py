"""Bringing a folder of articles into the portal, and checking one without storing anything.

Each file is taken or refused by itself, with its line and the remedy; what hasn't changed since it
was imported last is left alone, also where a writer has gone on in the portal since. Nothing is
ever removed: an article is withdrawn by `status: retired` or `status: draft`.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from portal.database import Database
from portal.files import FileStore
from portal.knowledge.article import Article, OldSlug
from portal.knowledge.library_folder import Fault, Scan
from portal.knowledge.library_preparing import Changed, Prepared, dead_links, line_of, prepare, read
from portal.knowledge.library_storing import UnknownNameError, name_heir, store, store_categories
from portal.knowledge.publishing import RetirementRefusedError, SlugRefusedError

AT_ONCE = 50
Progress = Callable[[int, int], None]


@dataclass
class Outcome:
    """What an import did, by path; `notes` tell of what was taken but needs a look."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


def import_library(
    database: Database,
    files: FileStore,
    found: Scan,
    *,
    now: datetime,
    progress: Progress = lambda _done, _total: None,
    foreign: bool = False,
) -> Outcome:
    """Import what `scan` found; commits some fifty articles at a time, so that others can write."""
    outcome = Outcome(faults=list(found.faults))
    changed = _changed(found, _imported_before(database), outcome, foreign=foreign)
    links: dict[str, dict[str, int]] = {}
    heirs: list[Prepared] = []
    with database.writing() as db:
        store_categories(db, found, now=now)
    for chunk in _prepared(found, changed, files, outcome, progress):
        _store_chunk(database, found, chunk, outcome, now=now)
        links |= {one.source.path: one.links for one in chunk if one.links}
        heirs += [one for one in chunk if one.article.heir]
    _name_heirs(database, heirs, outcome, now=now)
    _note_dead_links(database, links, outcome)
    return outcome


def check_library(
    found: Scan, *, progress: Progress = lambda _done, _total: None, foreign: bool = False
) -> Outcome:
    """Check files as an import would, without a portal: nothing is stored anywhere."""
    outcome = Outcome(faults=list(found.faults))
    changed = _changed(found, {}, outcome, foreign=foreign)
    known = {source.slug for source in found.sources}
    known |= {alias for one in changed for alias in one.article.aliases}
    for chunk in _prepared(found, changed, None, outcome, progress):
        for one in chunk:
            outcome.added.append(one.source.path)
            outcome.notes += one.notes + dead_links(one.source.path, one.links, known)
    return outcome


def _imported_before(database: Database) -> dict[str, str]:
    """The fingerprint of each article's file, by slug and by the slugs it had before."""
    with database.reading() as db:
        former = select(OldSlug.slug, Article.imported_hash).join(
            Article, Article.id == OldSlug.article_id
        )
        current = select(Article.slug, Article.imported_hash)
        return {row.slug: row.imported_hash for row in [*db.execute(former), *db.execute(current)]}


def _changed(
    found: Scan, known: dict[str, str], outcome: Outcome, *, foreign: bool
) -> list[Changed]:
    changed = []
    for source in found.sources:
        result = read(source, found, known, foreign=foreign)
        if result is None:
            outcome.unchanged.append(source.path)
        elif isinstance(result, Changed):
            changed.append(result)
        else:
            outcome.faults += result
    return _without_rivals(found, changed, outcome)


def _without_rivals(found: Scan, changed: list[Changed], outcome: Outcome) -> list[Changed]:
    """Refuse files whose alias is the address of another file, or an alias of an earlier one."""
    taken = {source.slug: source.path for source in found.sources}
    good = []
    for one in changed:
        path = one.source.path
        rivals = [alias for alias in one.article.aliases if taken.get(alias, path) != path]
        if rivals:
            fault = f"`aliases`: “{rivals[0]}” leads to {taken[rivals[0]]}. Remove one of the two."
            outcome.faults.append(Fault(path, line_of("aliases:", one.raw), fault))
        else:
            taken |= dict.fromkeys(one.article.aliases, path)
            good.append(one)
    return good


def _prepared(
    found: Scan,
    changed: Sequence[Changed],
    files: FileStore | None,
    outcome: Outcome,
    progress: Progress,
) -> Iterator[list[Prepared]]:
    """Prepare in parallel, always a chunk ahead of what is being stored."""
    chunks = [changed[i : i + AT_ONCE] for i in range(0, len(changed), AT_ONCE)]
    done = 0
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:

        def begin(chunk: Sequence[Changed]) -> list[Future[Prepared | list[Fault]]]:
            return [pool.submit(prepare, found, one, files) for one in chunk]

        begun = begin(chunks[0]) if chunks else []
        for following in [*chunks[1:], []]:
            ahead = begin(following)
            results = [future.result() for future in begun]
            for result in results:
                outcome.faults += [] if isinstance(result, Prepared) else result
            yield [result for result in results if isinstance(result, Prepared)]
            done += len(begun)
            progress(done, len(changed))
            begun = ahead


def _store_chunk(
    database: Database, found: Scan, chunk: list[Prepared], outcome: Outcome, *, now: datetime
) -> None:
    with database.writing() as db:
        for one in chunk:
            path = one.source.path
            try:
                is_new = store(db, found, one, now=now)
            except SlugRefusedError as error:
                outcome.faults.append(Fault(path, one.line_of("aliases:"), str(error)))
            except UnknownNameError as error:
                outcome.faults.append(Fault(path, one.line_of(f"{error.key}:"), str(error)))
            else:
                (outcome.added if is_new else outcome.changed).append(path)
                outcome.notes += one.notes


def _name_heirs(
    database: Database, heirs: list[Prepared], outcome: Outcome, *, now: datetime
) -> None:
    with database.writing() as db:
        for one in heirs:
            try:
                name_heir(db, one.source.slug, one.article.heir or "", now=now)
            except RetirementRefusedError as error:
                line = one.line_of("heir:")
                outcome.faults.append(Fault(one.source.path, line, f"`heir`: {error}"))


def _note_dead_links(
    database: Database, links: dict[str, dict[str, int]], outcome: Outcome
) -> None:
    with database.reading() as db:
        known = set(db.scalars(select(Article.slug))) | set(db.scalars(select(OldSlug.slug)))
    for path, slugs in links.items():
        outcome.notes += dead_links(path, slugs, known)
