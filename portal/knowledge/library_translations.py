"""The translations among a folder's files: each names its original, one for each language."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.knowledge.library_folder import Fault
from portal.knowledge.library_naming import name_original
from portal.knowledge.library_outcome import Outcome
from portal.knowledge.library_preparing import Changed, Prepared, line_of
from portal.knowledge.library_storing import Plan
from portal.knowledge.translating import TranslationRefusedError
from portal.languages import name_of

_KEY = "translation_of:"


def name_originals(
    db: Session, plan: Plan, stored: Iterable[Prepared], outcome: Outcome, *, now: datetime
) -> None:
    """Link what was stored to its originals, once all of them are there."""
    refused = {one.path for one in outcome.faults} | {one.path for one in outcome.conflicts}
    for one in stored:
        if one.source.path in refused:
            continue
        try:
            name_original(db, plan, one, now=now)
        except TranslationRefusedError as error:
            fault = f"`translation_of`: {error}"
            outcome.faults.append(Fault(one.source.path, one.line_of(_KEY), fault))


def translation_faults(changed: Sequence[Changed]) -> list[Fault]:
    """What is wrong between translations and originals that all lie in one folder."""
    by_slug = {one.source.slug: one for one in changed}
    by_slug |= {alias: one for one in changed for alias in one.article.aliases}
    taken: dict[tuple[str, str], str] = {}
    found = []
    for one in changed:
        if one.article.translation_of is not None:
            fault = _fault(one, by_slug.get(one.article.translation_of), taken)
            if fault:
                line = line_of(_KEY, one.raw)
                found.append(Fault(one.source.path, line, f"`translation_of`: {fault}"))
    return found


def _fault(one: Changed, original: Changed | None, taken: dict[tuple[str, str], str]) -> str | None:
    said = one.article
    if original is None:
        return f"there is no article “{said.translation_of}”. Name the one it translates."
    if original.article.translation_of is not None:
        return (
            f"“{said.translation_of}” is a translation itself. Name its original, "
            f"“{original.article.translation_of}”."
        )
    taken.setdefault((original.source.slug, original.article.language), original.source.path)
    key = (original.source.slug, said.language)
    if key in taken:
        other = f"{taken[key]} says the same in {name_of(said.language)} already"
        return f"{other}. Remove one of the two, or correct its `language`."
    taken[key] = one.source.path
    return None
