"""The editor's page: the form as it stands, what was typed and not saved, and all beside it."""

import json
import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import render_template
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from portal.clock import now
from portal.knowledge import addressing, categorising, drafts, holdings
from portal.knowledge.article import Article, ArticleType, Audience, Category, Version
from portal.knowledge.drafts import ArticleDraft
from portal.knowledge.feedback import verdicts
from portal.knowledge.holdings import Holding
from portal.knowledge.reviewing import remarks
from portal.knowledge.verifying import next_check
from portal.knowledge.waiting import facts_to_come
from portal.knowledge.words import Facts
from portal.search.learned import evidence_for
from portal.web.transaction import db
from portal.web.writing.forms import FACTS, AddressForm, ArticleForm, lines_of, values_of
from portal.web.writing.languages import title_of, translations_for_writers
from portal.web.writing.loading import learning, offer_choices, writer
from portal.web.writing.words import STAGE_TONES, STATUS_TONES, STATUS_WORDS, stage_words


def values_now(holding: Holding) -> dict[str, Any]:
    """What the form shows of the article as it was saved last."""
    aliases = [old.slug for old in addressing.aliases_of(db(), holding.article)]
    facts = facts_to_come(db(), holding.article, holding.latest)
    return values_of(holding.article, holding.latest, facts, aliases)


def form_of(holding: Holding) -> ArticleForm:
    """The form as it was saved last."""
    return form_from(values_now(holding))


def form_from(values: Mapping[str, Any]) -> ArticleForm:
    """A form with these values, marked with the facts that its writer sees."""
    form = offer_choices(ArticleForm(formdata=None, data=values))
    form.seen.data = seen_of(values)
    return form


def form_as_typed(draft: ArticleDraft) -> ArticleForm:
    """The form as the writer left it without saving."""
    typed = MultiDict([(name, one) for name, many in draft.fields.items() for one in many])
    return offer_choices(ArticleForm(formdata=typed))


def seen_of(values: Mapping[str, Any]) -> str:
    """The facts among these values, for the form to carry."""
    return json.dumps({name: values[name] for name in FACTS if name in values}, sort_keys=True)


def kept_draft(holding: Holding) -> ArticleDraft | None:
    """What the writer typed at this article and didn't save."""
    return drafts.kept(db(), person=writer(), key=str(holding.article.id))


def page(holding: Holding, form: ArticleForm, **more: Any) -> str:
    """The article's page: the form, the acts, and every version with what readers said."""
    article, person = holding.article, writer()
    values: dict[str, Any] = {
        "preview": None,
        "findings": None,
        "similar": [],
        "merged": None,
        "kept": None,
        "found_links": None,
        "later": None,
        "kept_at": None,
        "address_form": AddressForm(formdata=None, slug=article.slug),
    }
    return render_template(
        "writing/article.html",
        **values | more,
        form=form,
        holding=holding,
        article=article,
        body=Markup(holding.latest.html),  # noqa: S704  (cleaned when it was saved)
        others=drafts.others_at(db(), article_id=article.id, person=person, now=now()),
        versions=holdings.versions(db(), article),
        verdicts=verdicts(db(), article),
        evidence=evidence_for(db(), article, now=now(), learning=learning()),
        remarks=remarks(db(), article),
        due_on=next_check(article),
        translations=translations_for_writers(article),
        title_of=title_of,
        status_words=STATUS_WORDS,
        status_tones=STATUS_TONES,
        stage_words=stage_words(),
        stage_tones=STAGE_TONES,
    )


def new_page(form: ArticleForm, **more: Any) -> str:
    """The page of an article that was never saved; it gives itself a name to keep its text by."""
    if not form.draft_key.data:
        form.draft_key.data = new_key()
    values: dict[str, Any] = {
        "preview": None,
        "findings": None,
        "similar": [],
        "kept": None,
        "found_links": None,
        "begun": drafts.kept_new(db(), person=writer()),
    }
    return render_template("writing/new.html", form=form, **values | more)


def new_key() -> str:
    return f"new-{secrets.token_urlsafe(9)}"


def author_of(version: Version) -> str:
    return holdings.author_name(db(), version)


def set_aliases(form: ArticleForm, article: Article) -> None:
    """Let the further addresses that were typed lead here. Raises SlugRefusedError."""
    aliases = set(lines_of(form.aliases.data)) - {article.slug}
    addressing.set_aliases(db(), article=article, aliases=aliases, now=now())


def facts_from(form: ArticleForm) -> Facts:
    """The facts that were typed; a new category is made."""
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
    return categorising.ensure_category(db(), title=form.new_category.text)
