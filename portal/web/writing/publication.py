"""The page on which an article is published: what it changes for readers, and each way to do it.

Publishing and taking away hold for the next request.
"""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.knowledge import holdings, publishing
from portal.knowledge.announcing import announcement_of
from portal.knowledge.article import Article, ArticleType
from portal.knowledge.checks import NotReadyError, check, draft_of
from portal.knowledge.differences import differences
from portal.knowledge.holdings import Holding
from portal.knowledge.next_version import StageError
from portal.knowledge.releasing import release
from portal.knowledge.reviewing import remarks
from portal.knowledge.waiting import facts_to_come, needs_approval
from portal.knowledge.words import Facts, facts_of, words_of
from portal.locale import gettext as _
from portal.search.consequences import DAYS, Consequences, consequences
from portal.web.access import Who, allow
from portal.web.languages import tag_of
from portal.web.messages import tell
from portal.web.parts import parts
from portal.web.transaction import db
from portal.web.writing import blueprint
from portal.web.writing.announcement import offered_plans
from portal.web.writing.facts import changed_facts
from portal.web.writing.forms import RemarkForm, ReturnForm, ScheduleForm
from portal.web.writing.loading import load_holding, writer
from portal.web.writing.resembling import similar_to
from portal.web.writing.words import (
    STAGE_TONES,
    STATUS_TONES,
    STATUS_WORDS,
    WILL_READ,
    stage_words,
)


@blueprint.get("/writing/articles/<int:article_id>/publication")
@allow(Who.STAFF)
def publishing_page(article_id: int) -> str:
    """What publishing the latest version will do, and how to go about it."""
    return publishing_page_of(load_holding(article_id))


@blueprint.post("/writing/articles/<int:article_id>/publication")
@allow(Who.WRITER)
def publication(article_id: int) -> ResponseReturnValue:
    """Publish the version saved last."""
    holding = load_holding(article_id)
    try:
        publish_now(holding)
    except (StageError, NotReadyError, DropError) as error:
        return publishing_page_of(holding, refusal=refusal_of(error)), 409
    number = holding.latest.number
    tell("success", _("Published. Readers see version %(number)s now.", number=number))
    return back(article_id)


@blueprint.post("/writing/articles/<int:article_id>/revival")
@allow(Who.WRITER)
def revival(article_id: int) -> ResponseReturnValue:
    """Show readers again what they saw before it was retired or withdrawn."""
    article = load_holding(article_id).article
    if article.published is not None and not article.is_published:
        publishing.publish(db(), article=article, version=article.published, by=writer(), now=now())
        number = article.published.number
        tell("success", _("Readers see version %(number)s again.", number=number))
    return back(article_id)


class DropError(Exception):
    """Golden queries would be answered worse than now, and the setting forbids it."""


def publish_now(holding: Holding) -> None:
    """Publish the latest version. Raises StageError, NotReadyError or DropError."""
    if parts().settings.golden_drop == "block" and foreseen(holding).drops:
        raise DropError
    release(db(), article=holding.article, by=writer(), now=now())


def refusal_of(error: Exception) -> str:
    """Why it was not published, for the page that shows the details below."""
    if isinstance(error, NotReadyError):
        return _("Readers would stumble over something. Put right what is marked as a fault below.")
    if isinstance(error, DropError):
        return _(
            "Golden queries would be answered worse than now, and this portal asks for none to "
            "drop. Change the text, or the golden query if another article answers it now."
        )
    return str(error)


def foreseen(holding: Holding) -> Consequences:
    """What publishing the latest version does to what people find."""
    article, latest = holding.article, holding.latest
    if article.is_published and not holding.is_ahead:
        return Consequences()
    facts = facts_to_come(db(), article, latest)
    return consequences(
        db(), parts().index, article=article, version=latest, facts=facts, now=now()
    )


def publishing_page_of(holding: Holding, **more: Any) -> str:
    """The page of a holding; `more` are forms that were refused, or the reason."""
    article, latest, now_read = holding.article, holding.latest, holding.article.published
    to_come = facts_to_come(db(), article, latest)
    values: dict[str, Any] = {
        "refusal": "",
        "schedule_form": ScheduleForm(formdata=None),
        "return_form": ReturnForm(formdata=None),
        "remark_form": RemarkForm(formdata=None),
    } | _announcement(article, to_come)
    return render_template(
        "writing/publication.html",
        **values | more,
        holding=holding,
        article=article,
        author=holdings.author_name(db(), latest),
        is_own=latest.author_id == writer().id,
        is_news=not article.is_published or holding.is_ahead,
        changes=differences(words_of(now_read), words_of(latest)) if now_read else [],
        needs_approval=needs_approval(article, to_come),
        facts=changed_facts(facts_of(article), to_come),
        to_come=to_come,
        findings=check(db(), draft_of(latest, to_come.type, tag_of(article.language))),
        similar=similar_to(latest, article.id),
        foreseen=foreseen(holding),
        drop_blocks=parts().settings.golden_drop == "block",
        days=DAYS,
        will_read=WILL_READ[to_come.audience],
        remarks=remarks(db(), article),
        status_words=STATUS_WORDS,
        status_tones=STATUS_TONES,
        stage_words=stage_words(),
        stage_tones=STAGE_TONES,
    )


def _announcement(article: Article, to_come: Facts) -> dict[str, Any]:
    """What the page needs for a release that isn't before readers yet."""
    is_first = not article.is_published or article.type is not ArticleType.RELEASE
    if to_come.type is not ArticleType.RELEASE or not is_first:
        return {"plan_form": None}
    return {"plan_form": offered_plans(), "planned": announcement_of(db(), article)}


def back(article_id: int, *, to_publishing: bool = False) -> ResponseReturnValue:
    """After an act, to the article, or to the page it was done on."""
    page = "publishing_page" if to_publishing or "publishing" in request.args else "article"
    return redirect(url_for(f"writing.{page}", article_id=article_id), 303)
