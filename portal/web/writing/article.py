"""One article for its writers: edit it, save a version, see how each version was received."""

from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.clock import now
from portal.knowledge import holdings, publishing
from portal.knowledge.article import Article, ArticleType, Audience, Category, Version
from portal.knowledge.differences import differences
from portal.knowledge.feedback import verdicts
from portal.knowledge.holdings import Holding
from portal.knowledge.publishing import ChangedMeanwhileError, SlugRefusedError
from portal.knowledge.rendering import RenderingRefusedError
from portal.knowledge.slugs import slug_of
from portal.knowledge.words import Facts, words_of
from portal.search.learned import evidence_for
from portal.web.access import Who, allow
from portal.web.messages import tell
from portal.web.transaction import abandon, db
from portal.web.writing import blueprint
from portal.web.writing.forms import (
    AddressForm,
    ArticleForm,
    RetirementForm,
    lines_of,
    values_of,
)
from portal.web.writing.library import STATUS_TONES, STATUS_WORDS
from portal.web.writing.loading import learning, load_holding, offer_choices, writer


@blueprint.get("/writing/articles/new")
@allow(Who.WRITER)
def new_article() -> str:
    title = request.args.get("title", "")[:200]
    values = {"audience": Audience.PUBLIC.value, "owner": writer().name, "title": title}
    return new_page(offer_choices(ArticleForm(formdata=None, data=values)))


@blueprint.post("/writing/articles")
@allow(Who.WRITER)
def add_article() -> ResponseReturnValue:
    """Keep a new article as a draft; "Publish now" publishes it in the same step."""
    form = offer_choices(ArticleForm())
    if not form.validate():
        return new_page(form), 422
    try:
        article = publishing.add_article(
            db(),
            slug=form.slug.text or slug_of(form.title.text),
            words=form.words,
            facts=_facts(form),
            by=writer(),
            now=now(),
            note=form.note.text,
        )
        _set_aliases(form, article)
    except (SlugRefusedError, RenderingRefusedError) as error:
        return _refused(form, error, None)
    return _done(article, "Saved as a draft. Readers don't see it yet.")


@blueprint.get("/writing/articles/<int:article_id>")
@allow(Who.STAFF)
def article(article_id: int) -> str:
    holding = load_holding(article_id)
    return page(holding, form_of(holding))


@blueprint.post("/writing/articles/<int:article_id>")
@allow(Who.WRITER)
def save(article_id: int) -> ResponseReturnValue:
    """Save a version and the facts; nobody's later version is overwritten unseen."""
    holding, form = load_holding(article_id), offer_choices(ArticleForm())
    if not form.validate():
        return page(holding, form), 422
    try:
        publishing.save_version(
            db(),
            article=holding.article,
            words=form.words,
            by=writer(),
            now=now(),
            note=form.note.text,
            based_on=form.based_on_number or 0,
        )
        _set_aliases(form, holding.article)
        publishing.describe(
            db(), article=holding.article, facts=_facts(form), by=writer(), now=now()
        )
    except ChangedMeanwhileError:
        return _conflict(form, article_id)
    except (SlugRefusedError, RenderingRefusedError) as error:
        return _refused(form, error, article_id)
    return _done(holding.article, "Saved. Readers see it once it is published.")


def form_of(holding: Holding) -> ArticleForm:
    """The form as it stands before anything was typed."""
    aliases = [old.slug for old in publishing.aliases_of(db(), holding.article)]
    values = values_of(holding.article, holding.latest, aliases)
    return offer_choices(ArticleForm(formdata=None, data=values))


def page(holding: Holding, form: ArticleForm, **more: Any) -> str:
    """The article's page: the form, the acts, and every version with what readers said."""
    values: dict[str, Any] = {
        "preview": None,
        "conflict": None,
        "retirement_form": RetirementForm(formdata=None),
        "address_form": AddressForm(formdata=None, slug=holding.article.slug),
    }
    return render_template(
        "writing/article.html",
        **values | more,
        form=form,
        holding=holding,
        article=holding.article,
        body=Markup(holding.latest.html),  # noqa: S704  (cleaned when it was saved)
        versions=holdings.versions(db(), holding.article),
        verdicts=verdicts(db(), holding.article),
        evidence=evidence_for(db(), holding.article, now=now(), learning=learning()),
        status_words=STATUS_WORDS,
        status_tones=STATUS_TONES,
    )


def new_page(form: ArticleForm, preview: Markup | None = None) -> str:
    return render_template("writing/new.html", form=form, preview=preview)


def _done(article: Article, said: str) -> ResponseReturnValue:
    """Saved; and published, if that was the button."""
    if request.form.get("then") == "publish":
        publishing.publish(db(), article=article, by=writer(), now=now())
        said = "Published. Readers see this version now."
    tell("success", said)
    return redirect(url_for("writing.article", article_id=article.id), 303)


def _conflict(form: ArticleForm, article_id: int) -> ResponseReturnValue:
    """Somebody saved meanwhile: show what they changed, keep what was typed, save nothing."""
    abandon()
    holding = load_holding(article_id)
    before = holdings.find_version(db(), holding.article, form.based_on_number or 0)
    changed = differences(words_of(before), words_of(holding.latest)) if before else []
    form = offer_choices(form)
    form.based_on.data = str(holding.latest.number)
    conflict = {"version": holding.latest, "lines": changed, "author": author_of(holding.latest)}
    return page(holding, form, conflict=conflict), 409


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


def author_of(version: Version) -> str:
    return holdings.author_name(db(), version)


def _set_aliases(form: ArticleForm, article: Article) -> None:
    aliases = set(lines_of(form.aliases.data)) - {article.slug}
    publishing.set_aliases(db(), article=article, aliases=aliases, now=now())


def _facts(form: ArticleForm) -> Facts:
    audience = Audience(form.audience.data)
    is_restricted = audience is Audience.ORGANISATIONS
    named = set(form.organisations.data or []) if is_restricted else set()
    chosen = [one for one in holdings.organisations(db()) if one.slug in named]
    return Facts(
        category=_category(form),
        type=ArticleType(form.type.data),
        audience=audience,
        organisations=tuple(sorted(chosen, key=lambda one: one.slug)),
        owner=form.owner.text,
        verified_on=date.fromisoformat(form.verified_on.text) if form.verified_on.data else None,
        review_every_days=int(form.review_every.text) if form.review_every.data else None,
        is_pinned=bool(form.pinned.data),
    )


def _category(form: ArticleForm) -> Category:
    """The chosen category; the new one, if none was chosen."""
    found = {one.slug: one for one in holdings.categories(db())}
    if form.category.data:
        return found[form.category.data]
    return publishing.ensure_category(db(), title=form.new_category.text)
