"""Bringing a folder of articles into the portal, and checking one without storing anything.

Each file is taken or refused by itself, with its line and the remedy; what hasn't changed since it
was imported last is left alone, also where a writer has gone on in the portal since. A file that
changed while its article did is a conflict, and neither is overwritten. Nothing is ever removed:
an article is withdrawn by `status: retired` or `status: draft`.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from portal.database import Database
from portal.files import FileStore
from portal.knowledge.article import RetirementRefusedError
from portal.knowledge.article_source import ArticleSource
from portal.knowledge.library_comparing import Common, Commons, article_ids
from portal.knowledge.library_folder import Fault, Scan, Source
from portal.knowledge.library_names import store_categories
from portal.knowledge.library_naming import name_heir
from portal.knowledge.library_outcome import Outcome
from portal.knowledge.library_preparing import Changed, Prepared, dead_links, line_of, prepare, read
from portal.knowledge.library_reading import OwnFiles, Reading
from portal.knowledge.library_storing import Plan, store_chunk
from portal.knowledge.library_translations import name_originals, translation_faults

AT_ONCE = 100
Progress = Callable[[int, int], None]


def import_library(
    database: Database,
    files: FileStore,
    found: Scan,
    *,
    source: str | None = None,
    overwritten: Iterable[str] = (),
    now: datetime,
    progress: Progress = lambda _done, _total: None,
    reading: Reading | None = None,
    first_language: str = "en",
) -> Outcome:
    """Import what `scan` found; commits a hundred articles at a time, so that others can write and
    an import that is killed goes on from there.

    `reading` is how the files are read that it scanned, as our own otherwise.
    `source` names the folder, whose path it is otherwise; `overwritten` are slugs or paths of
    articles that the file may overwrite although both have changed. `first_language` is that of
    files that name none.
    """
    outcome = Outcome(faults=list(found.faults))
    slugs = frozenset(one.slug for one in found.sources)
    plan = Plan(found, source or str(found.root), slugs, frozenset(overwritten), first_language)
    known = _Known(database, plan)
    changed = _changed(reading or OwnFiles(), found, known, outcome)
    links: dict[str, dict[str, int]] = {}
    heirs: list[Prepared] = []
    translated: list[Prepared] = []
    with database.writing() as db:
        store_categories(
            db, found, source=plan.source, overwritten=plan.overwritten, outcome=outcome, now=now
        )
        db.add_all(known.adopted(now=now))
    for chunk in _prepared(changed, files, outcome, progress):
        with database.writing() as db:
            store_chunk(db, plan, chunk, outcome, now=now)
        links |= {one.source.path: one.links for one in chunk if one.links}
        heirs += [one for one in chunk if one.article.heir]
        translated += [one for one in chunk if one.article.translation_of]
    _name_heirs(database, plan, heirs, outcome, now=now)
    with database.writing() as db:
        name_originals(db, plan, translated, outcome, now=now)
    _note_dead_links(database, links, outcome)
    return outcome


def check_library(
    found: Scan,
    *,
    progress: Progress = lambda _done, _total: None,
    reading: Reading | None = None,
) -> Outcome:
    """Check files as an import would, without a portal: nothing is stored anywhere."""
    outcome = Outcome(faults=list(found.faults))
    changed = _changed(reading or OwnFiles(), found, lambda _source, _mark: False, outcome)
    known = {source.slug for source in found.sources}
    faulty = translation_faults(changed)
    outcome.faults += faulty
    bad = {fault.path for fault in faulty}
    known |= {alias for one in changed for alias in one.article.aliases}
    good = [one for one in changed if one.source.path not in bad]
    for chunk in _prepared(good, None, outcome, progress):
        for one in chunk:
            outcome.added.append(one.source.path)
            outcome.notes += one.notes + dead_links(one.source.path, one.links, known)
    return outcome


class _Known:
    """Says which files are as they were; those known from another folder are adopted."""

    def __init__(self, database: Database, plan: Plan) -> None:
        with database.reading() as db:
            self._articles = article_ids(db)
            self._commons = Commons(db, plan.source)
        self._plan = plan
        self._adopted: dict[int, tuple[Source, Common]] = {}

    def __call__(self, source: Source, fingerprint: str) -> bool:
        article_id = self._articles.get(source.slug)
        common = self._commons.of(article_id, fingerprint) if article_id else None
        if article_id is None or common is None or common.file_hash != fingerprint:
            return False
        if self._commons.own(article_id) is None:
            self._adopted[article_id] = (source, common)
        return True

    def adopted(self, *, now: datetime) -> Iterator[ArticleSource]:
        for article_id, (source, common) in self._adopted.items():
            yield ArticleSource(
                article_id=article_id,
                source=self._plan.source,
                path=source.path,
                file_hash=common.file_hash,
                article_hash=common.article_hash,
                at=now,
            )


def _changed(
    reading: Reading, found: Scan, known: Callable[[Source, str], bool], outcome: Outcome
) -> list[Changed]:
    changed = []
    for source in found.sources:
        result = read(reading, source, found, known)
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
            return [pool.submit(prepare, one, files) for one in chunk]

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


def _name_heirs(
    database: Database, plan: Plan, heirs: list[Prepared], outcome: Outcome, *, now: datetime
) -> None:
    with database.writing() as db:
        for one in heirs:
            try:
                name_heir(db, plan, one, now=now)
            except RetirementRefusedError as error:
                line = one.line_of("heir:")
                outcome.faults.append(Fault(one.source.path, line, f"`heir`: {error}"))


def _note_dead_links(
    database: Database, links: dict[str, dict[str, int]], outcome: Outcome
) -> None:
    with database.reading() as db:
        known = set(article_ids(db))
    for path, slugs in links.items():
        outcome.notes += dead_links(path, slugs, known)
