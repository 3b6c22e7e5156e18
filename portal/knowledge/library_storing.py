"""Putting prepared files into the database: new ones together, others into what they continue."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from portal.knowledge.addressing import SlugRefusedError, aliases_of, change_slug, set_aliases
from portal.knowledge.article import Article, ArticleImage, OldSlug, Status
from portal.knowledge.article_source import ArticleSource
from portal.knowledge.describing import describe
from portal.knowledge.filing import Filed, filed
from portal.knowledge.front_matter import ArticleFile, dump
from portal.knowledge.library_comparing import Commons, Sides, Standing, mark, standing
from portal.knowledge.library_folder import Fault, Scan
from portal.knowledge.library_names import NOTE, Names, UnknownNameError
from portal.knowledge.library_outcome import Conflict, Outcome
from portal.knowledge.library_preparing import Prepared
from portal.knowledge.publishing import publish
from portal.knowledge.publishing_many import NewArticle, add_articles
from portal.knowledge.translating import set_language, unlink
from portal.knowledge.versioning import add_article, save_version
from portal.knowledge.withdrawing import retire, unpublish
from portal.knowledge.words import Facts, Words


@dataclass(frozen=True)
class Plan:
    """What an import goes by: the folder, its name as a source, and whose file wins on purpose."""

    found: Scan
    source: str
    files: frozenset[str]
    overwritten: frozenset[str] = frozenset()
    first_language: str = "en"

    def wins(self, prepared: Prepared) -> bool:
        return not self.overwritten.isdisjoint({prepared.source.slug, prepared.source.path})


class _ConflictError(Exception):
    """Nothing is stored of a file whose article has changed too."""

    def __init__(self, conflict: Conflict) -> None:
        super().__init__(str(conflict))
        self.conflict = conflict


def store_chunk(
    db: Session, plan: Plan, chunk: Sequence[Prepared], outcome: Outcome, *, now: datetime
) -> None:
    """Store each file, or say why not; nothing of one that is refused stays behind."""
    names = Names(db, (one.article for one in chunk))
    fresh = [one for one in chunk if _is_fresh(one, names)]
    kept = {id(one) for one in fresh}
    for one in chunk:
        if id(one) not in kept:
            _store_by_itself(db, plan, names, one, outcome, now=now)
    try:
        with db.begin_nested():
            stored, refused = _add_together(db, plan, names, fresh, now=now)
    except (IntegrityError, DataError):
        for one in fresh:
            _store_by_itself(db, plan, names, one, outcome, now=now)
        return
    outcome.faults += refused
    outcome.added += [one.source.path for one in stored]
    outcome.notes += [note for one in stored for note in one.notes]


def _is_fresh(prepared: Prepared, names: Names) -> bool:
    wanted = {prepared.source.slug, *prepared.article.aliases}
    return names.articles.keys().isdisjoint(wanted)


def _add_together(
    db: Session, plan: Plan, names: Names, fresh: Sequence[Prepared], *, now: datetime
) -> tuple[list[Prepared], list[Fault]]:
    """Add articles whose addresses nobody has yet."""
    stored, new, refused = [], [], []
    for one in fresh:
        try:
            new.append(_new(plan, names, one))
        except UnknownNameError as error:
            refused.append(_fault(one, f"{error.key}:", error))
        else:
            stored.append(one)
    articles = add_articles(db, new, now=now, note=NOTE)
    categories = [one.facts.category.slug for one in new]
    for article, one, category in zip(articles, stored, categories, strict=True):
        said = replace(one.article, heir=None, translation_of=None)
        marked = mark(said, slug=article.slug, category=category, images=one.image_hashes)
        db.add(_common(plan, article, one, marked, now=now))
    db.flush()
    return stored, refused


def _new(plan: Plan, names: Names, one: Prepared) -> NewArticle:
    said, slug = one.article, one.source.slug
    return NewArticle(
        slug=slug,
        words=_words(said),
        facts=names.facts(plan.found, one.source.shelf, said),
        status=said.status,
        rendered=one.rendered,
        images=tuple(_image_rows(one)),
        aliases=tuple(sorted(set(said.aliases) - {slug})),
        language=said.language,
    )


def _store_by_itself(
    db: Session, plan: Plan, names: Names, one: Prepared, outcome: Outcome, *, now: datetime
) -> None:
    path = one.source.path
    try:
        with db.begin_nested():
            done = _store(db, plan, names, one, now=now)
    except _ConflictError as error:
        outcome.conflicts.append(error.conflict)
    except SlugRefusedError as error:
        outcome.faults.append(_fault(one, "aliases:", error))
    except UnknownNameError as error:
        outcome.faults.append(_fault(one, f"{error.key}:", error))
    except (IntegrityError, DataError) as error:
        reason = str(error.orig).partition("\n")[0]
        outcome.faults.append(Fault(path, 1, f"can't be stored: {reason}. Import it again."))
    else:
        by_kind = {"added": outcome.added, "changed": outcome.changed, "same": outcome.unchanged}
        by_kind[done].append(path)
        outcome.notes += one.notes


def _fault(one: Prepared, words: str, error: Exception) -> Fault:
    return Fault(one.source.path, one.line_of(words), str(error))


def _store(db: Session, plan: Plan, names: Names, one: Prepared, *, now: datetime) -> str:
    """Store one file: whether its article was "added", "changed", or the "same" already.

    Raises SlugRefusedError, UnknownNameError or _ConflictError.
    """
    facts = names.facts(plan.found, one.source.shelf, one.article)
    article = _continued(db, plan, one)
    if article is None:
        article = add_article(
            db,
            slug=one.source.slug,
            words=_words(one.article),
            facts=facts,
            images=_image_rows(one),
            rendered=one.rendered,
            by=None,
            now=now,
            note=NOTE,
        )
        done = "added"
    else:
        before = filed(db, [article.id])[article.id]
        stands = _standing(db, plan, one, before, category=facts.category.slug)
        if stands is Standing.BOTH_CHANGED and not plan.wins(one):
            raise _ConflictError(_conflict(one, before))
        done = "same" if stands is Standing.SAME else "changed"
        if done == "changed":
            _change(db, one, article, _words(one.article), facts, now=now)
    if done != "same":
        aliases = {old.slug for old in aliases_of(db, article)} | set(one.article.aliases)
        set_aliases(db, article=article, aliases=aliases - {article.slug}, now=now)
        set_language(db, article=article, language=one.article.language, now=now)
        _bring_to(db, article, one.article, now=now)
        if article.original and not one.article.translation_of:
            unlink(db, article=article, now=now)
    db.flush()
    _note_common(db, plan, article, one, now=now)
    return done


def _continued(db: Session, plan: Plan, prepared: Prepared) -> Article | None:
    """The article that a file continues.

    The one with its slug; or the one it was before the file was renamed (its alias says so) or the
    article was given another address in the portal, unless that has a file of its own.
    """
    slug = prepared.source.slug
    article = db.scalar(select(Article).where(Article.slug == slug))
    if article is not None:
        return article
    moved = db.scalar(select(Article).join(OldSlug).where(OldSlug.slug == slug))
    if moved is not None and moved.slug not in plan.files:
        return moved
    former = sorted(set(prepared.article.aliases) - plan.files)
    return db.scalar(select(Article).where(Article.slug.in_(former)).limit(1)) if former else None


def _standing(db: Session, plan: Plan, one: Prepared, before: Filed, *, category: str) -> Standing:
    """How the file and the article it continues stand to their last common version."""
    aliases = {*before.said.aliases, *one.article.aliases}
    slug = before.article.slug
    if slug in one.article.aliases:
        slug = one.source.slug
        aliases |= {before.article.slug}
    said = replace(one.article, aliases=tuple(aliases))
    wanted = mark(said, slug=slug, category=category, images=one.image_hashes)
    article_id = before.article.id
    return standing(
        Sides(one.fingerprint, before.mark, wanted == before.mark, is_import=before.is_import),
        Commons(db, plan.source, [article_id]).of(article_id, one.fingerprint),
    )


def _conflict(one: Prepared, before: Filed) -> Conflict:
    latest = before.unpublished
    said = replace(before.said, body=latest.body, title=latest.title) if latest else before.said
    mine = replace(one.article, category=None)
    return Conflict(one.source.path, before.article.slug, dump(mine), dump(said))


def _change(
    db: Session, one: Prepared, article: Article, words: Words, facts: Facts, *, now: datetime
) -> None:
    if article.slug in one.article.aliases:
        change_slug(db, article=article, slug=one.source.slug, by=None, now=now)
    describe(db, article=article, facts=facts, by=None, now=now)
    if one.images or article.images:
        article.images.clear()
        db.flush()
        article.images.extend(_image_rows(one))
        db.flush()
    save_version(
        db, article=article, words=words, rendered=one.rendered, by=None, now=now, note=NOTE
    )


def _words(said: ArticleFile) -> Words:
    return Words(said.title, said.body, said.summary, said.applies_to, said.search_words)


def _image_rows(prepared: Prepared) -> list[ArticleImage]:
    return [
        ArticleImage(
            path=image.path,
            content_hash=prepared.image_hashes[image.path],
            name=image.name,
            media_type=image.media_type,
            size_bytes=image.file.stat().st_size,
            width=image.width,
            height=image.height,
        )
        for image in prepared.images
    ]


def _bring_to(db: Session, article: Article, said: ArticleFile, *, now: datetime) -> None:
    """Give the article the status its file says; a retired one is never readable in between."""
    if said.status is Status.DRAFT:
        unpublish(db, article=article, by=None, now=now)
        return
    publish(db, article=article, by=None, now=now)
    if said.status is Status.RETIRED:
        retire(db, article=article, by=None, now=now)


def _note_common(
    db: Session, plan: Plan, article: Article, one: Prepared, *, now: datetime
) -> None:
    marked = filed(db, [article.id])[article.id].mark_as_filed
    db.merge(_common(plan, article, one, marked, now=now))
    db.flush()


def _common(
    plan: Plan, article: Article, one: Prepared, marked: str, *, now: datetime
) -> ArticleSource:
    """The common version; a file that names another is read again until that is found."""
    return ArticleSource(
        article_id=article.id,
        source=plan.source,
        path=one.source.path,
        file_hash="" if one.article.heir or one.article.translation_of else one.fingerprint,
        article_hash=marked,
        at=now,
    )
