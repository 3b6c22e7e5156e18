"""Publish at an instant, named on the writer's own clock."""

from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.knowledge import scheduling
from portal.knowledge.checks import NotReadyError
from portal.knowledge.next_version import PastInstantError, StageError
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.filters import reader_zone, when
from portal.web.messages import tell
from portal.web.transaction import abandon, db
from portal.web.writing import blueprint
from portal.web.writing.forms import ScheduleForm
from portal.web.writing.loading import load_holding, writer
from portal.web.writing.publication import back, publishing_page_of, refusal_of


@blueprint.post("/writing/articles/<int:article_id>/schedule")
@allow(Who.WRITER)
def schedule(article_id: int) -> ResponseReturnValue:
    """Publish the version saved last at the instant that was named."""
    holding, form, refusal = load_holding(article_id), ScheduleForm(), ""
    if form.validate() and (publish_at := form.at.instant):
        try:
            scheduling.schedule(
                db(),
                article=holding.article,
                publish_at=publish_at,
                zone=reader_zone().key,
                by=writer(),
                now=now(),
            )
        except PastInstantError as error:
            form.on.errors = [str(error)]
        except (StageError, NotReadyError) as error:
            refusal = refusal_of(error)
        else:
            number = holding.latest.number
            said = _(
                "Version %(number)s is published on %(at)s.", number=number, at=when(publish_at)
            )
            tell("success", said)
            return back(article_id, to_publishing=True)
    abandon()
    page = publishing_page_of(load_holding(article_id), schedule_form=form, refusal=refusal)
    return page, 409 if refusal else 422


@blueprint.post("/writing/articles/<int:article_id>/schedule-withdrawal")
@allow(Who.WRITER)
def schedule_withdrawal(article_id: int) -> ResponseReturnValue:
    """Take it off the schedule."""
    try:
        article = load_holding(article_id).article
        scheduling.unschedule(db(), article=article, by=writer(), now=now())
        tell("success", _("Taken off the schedule. It is published when you say so."))
    except StageError:
        tell("info", _("Nothing is scheduled any more."))
    return back(article_id, to_publishing=True)
