"""One article for its writers: begin it, edit it, save a version, publish it in the same step."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from portal.clock import now
from portal.knowledge import drafts, saving, versioning
from portal.knowledge.addressing import SlugRefusedError
from portal.knowledge.article import Article, Audience
from portal.knowledge.checks import NotReadyError
from portal.knowledge.front_matter import FrontMatterError
from portal.knowledge.holdings import Holding
from portal.knowledge.next_version import StageError
from portal.knowledge.picturing import rows_of, take_over
from portal.knowledge.rendering import RenderingRefusedError
from portal.knowledge.slugs import slug_of
from portal.knowledge.versioning import ChangedMeanwhileError
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.messages import tell
from portal.web.transaction import abandon, db
from portal.web.writing import blueprint
from portal.web.writing.editor import (
    facts_from,
    form_as_typed,
    form_of,
    kept_draft,
    new_page,
    page,
    set_aliases,
    values_now,
)
from portal.web.writing.forms import ArticleForm
from portal.web.writing.images import REQUEST_LIMIT_BYTES, add_chosen_image
from portal.web.writing.loading import load_holding, offer_choices, writer
from portal.web.writing.meeting import Meeting, bring_together, merge_facts, only_facts
from portal.web.writing.preview import seen_values, shown_of
from portal.web.writing.publication import DropError, back, publish_now, refusal_of
from portal.web.writing.source import source_page, typed_as_source


@blueprint.get("/writing/articles/new")
@allow(Who.WRITER)
def new_article() -> ResponseReturnValue:
    """An empty form, or one that was begun and not saved."""
    if key := request.args.get("draft"):
        draft = drafts.kept(db(), person=writer(), key=key) or abort(404)
        return new_page(form_as_typed(draft), kept=draft)
    title = request.args.get("title", "")[:200]
    values = {"audience": Audience.PUBLIC.value, "owner": writer().name, "title": title}
    return new_page(offer_choices(ArticleForm(formdata=None, data=values)))


@blueprint.get("/writing/articles")
@allow(Who.STAFF)
def articles() -> ResponseReturnValue:
    """Where the list is looked for by whoever shortens an article's address."""
    return redirect(url_for("writing.library"), 301)


@blueprint.post("/writing/articles")
@allow(Who.WRITER, limit_bytes=REQUEST_LIMIT_BYTES)
def add_article() -> ResponseReturnValue:
    """Keep a new article as a draft; "Publish now" publishes it in the same step."""
    try:
        form = _typed()
    except FrontMatterError as error:
        return source_page(None, error.problems), 422
    if not add_chosen_image(form, None) or not form.validate():
        return new_page(form), 422
    key = form.draft_key.text
    try:
        article = versioning.add_article(
            db(),
            slug=form.slug.text or slug_of(form.title.text),
            words=form.words,
            facts=facts_from(form),
            by=writer(),
            now=now(),
            note=form.note.text,
            images=rows_of(drafts.kept_at_all(db(), person=writer(), key=key), form.words.body),
        )
        set_aliases(form, article)
    except (SlugRefusedError, RenderingRefusedError) as error:
        return _refused(form, error, None)
    drafts.discard(db(), person=writer(), key=key)
    return _done(article, _("Saved as a draft. Readers don't see it yet."))


@blueprint.get("/writing/articles/<int:article_id>")
@allow(Who.STAFF)
def article(article_id: int) -> str:
    """The article as it was saved last, or as its writer left it without saving."""
    holding = load_holding(article_id)
    draft = kept_draft(holding)
    form = form_as_typed(draft) if draft else form_of(holding)
    if not writer().may_write_articles:
        return page(holding, form)
    return page(holding, form, kept=draft, **seen_values(shown_of(form, holding.article)))


@blueprint.post("/writing/articles/<int:article_id>")
@allow(Who.WRITER, limit_bytes=REQUEST_LIMIT_BYTES)
def save(article_id: int) -> ResponseReturnValue:
    """Save a version and the facts; nobody's later version is overwritten unseen."""
    holding = load_holding(article_id)
    try:
        form = _typed()
    except FrontMatterError as error:
        return source_page(holding, error.problems), 422
    if not add_chosen_image(form, holding) or not form.validate():
        return page(holding, form), 422
    if (met := _met(form, holding)) is not None:
        return page(holding, offer_choices(form), merged=met), 409
    try:
        _store(form, holding)
    except ChangedMeanwhileError:
        abandon()
        return save(article_id)
    except (SlugRefusedError, RenderingRefusedError) as error:
        return _refused(form, error, article_id)
    drafts.discard(db(), person=writer(), key=str(article_id))
    return _done(holding.article, _("Saved. Readers see it once it is published."))


def _met(form: ArticleForm, holding: Holding) -> Meeting | None:
    """What somebody else saved since the form was shown, brought together with it; None when that
    leaves nothing to decide or to look at.
    """
    if holding.latest.number != form.based_on_number:
        return bring_together(form, holding)
    theirs = merge_facts(form, values_now(holding))
    return only_facts(theirs) if theirs else None


def _store(form: ArticleForm, holding: Holding) -> None:
    """Keep a version with the images that its text names, and the facts beside it."""
    article = holding.article
    draft = drafts.kept_at_all(db(), person=writer(), key=str(article.id))
    take_over(db(), article, draft, form.words.body)
    saving.save(
        db(),
        article=article,
        words=form.words,
        facts=facts_from(form),
        by=writer(),
        now=now(),
        note=form.note.text,
        based_on=form.based_on_number,
    )
    set_aliases(form, article)


@blueprint.post("/writing/articles/<int:article_id>/draft-removal")
@allow(Who.WRITER)
def discard_draft(article_id: int) -> ResponseReturnValue:
    """Forget what was typed and not saved."""
    load_holding(article_id)
    drafts.discard(db(), person=writer(), key=str(article_id))
    tell("success", _("Discarded. This is the text as it was saved last."))
    return back(article_id)


@blueprint.post("/writing/drafts/<key>/removal")
@allow(Who.WRITER)
def discard_new(key: str) -> ResponseReturnValue:
    """Forget an article that was begun and never saved."""
    drafts.discard(db(), person=writer(), key=key)
    tell("success", _("Discarded."))
    return redirect(url_for("writing.new_article"), 303)


def _typed() -> ArticleForm:
    """What was typed, into the fields or as a file. Raises FrontMatterError."""
    if "source" in request.form:
        return offer_choices(ArticleForm(formdata=MultiDict(typed_as_source())))
    return offer_choices(ArticleForm())


def _done(article: Article, said: str) -> ResponseReturnValue:
    """Saved; and published, if that was the button."""
    if request.form.get("then") != "publish":
        tell("success", said)
        return back(article.id)
    try:
        publish_now(load_holding(article.id))
    except (StageError, NotReadyError, DropError) as error:
        reason = refusal_of(error)
        tell("warning", _("Saved, and not published yet. %(reason)s", reason=reason))
        return back(article.id, to_publishing=True)
    tell("success", _("Published. Readers see this version now."))
    return back(article.id)


def _refused(
    form: ArticleForm, error: SlugRefusedError | RenderingRefusedError, article_id: int | None
) -> ResponseReturnValue:
    """Nothing is kept but what was typed; the message stands at its field."""
    abandon()
    if isinstance(error, RenderingRefusedError):
        form.body.errors = [f"{str(error)[:1].upper()}{str(error)[1:]}"]
    else:
        (form.slug if article_id is None else form.aliases).errors = [str(error)]
    form = offer_choices(form)
    if article_id is None:
        return new_page(form), 422
    return page(load_holding(article_id), form), 422
