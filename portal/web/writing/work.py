"""The writers' work list: what readers could not find, what did not help them, what is due to be
checked, each with what to do about it. What is done closes by itself and says by what.
"""

from datetime import timedelta
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField

from portal.clock import now
from portal.insight import deciding
from portal.insight.cases_behind import cases_behind
from portal.insight.deciding import LONGEST_REASON, ReasonMissingError
from portal.insight.reviewing import settle_articles
from portal.insight.searches import TREND
from portal.insight.searching_figures import searching_figures
from portal.insight.work_item import ItemClosedError, WorkItem, WorkList, WorkState
from portal.insight.work_queries import closed_items, count_items, find_item, open_items
from portal.knowledge.article import Article
from portal.knowledge.queries import readable_articles
from portal.knowledge.reader import STAFF
from portal.knowledge.verifying import NotPublishedError, verify
from portal.locale import N_
from portal.locale import gettext as _
from portal.search import searching
from portal.search.directing import NoWordsError
from portal.search.similar import similar
from portal.web.access import Who, allow
from portal.web.filters import reader_zone
from portal.web.forms import Form, Line
from portal.web.messages import tell
from portal.web.parts import parts
from portal.web.shares import percent
from portal.web.transaction import db
from portal.web.writing import blueprint
from portal.web.writing.loading import load_holding, writer

LISTS = {
    WorkList.FAILED: (
        N_("Without result"),
        N_("Nothing was found, and nothing would be found now."),
    ),
    WorkList.UNOPENED: (
        N_("Without click"),
        N_("Articles were found, but none was opened, then or later."),
    ),
    WorkList.FILED: (N_("Led to a case"), N_("A case was opened after the search all the same.")),
    WorkList.NOT_HELPING: (
        N_("Did not help"),
        N_("Readers said No to the version that is published. A new version starts afresh."),
    ),
    WorkList.SHOWN: (
        N_("Shown before a case"),
        N_("Opened, or offered on the way to a case, which was sent all the same."),
    ),
    WorkList.OVERDUE: (
        N_("Check overdue"),
        N_("Nobody has said in time that the article is still true."),
    ),
    WorkList.HELP_KEY: (
        N_("Help keys"),
        N_("A product asked for help by this key, and no article stands behind it."),
    ),
    WorkList.TRANSLATION: (
        N_("Translations"),
        N_(
            "Not begun in one of the library’s languages, or older than the original; what is read "
            "most in a month stands first."
        ),
    ),
}
CLOSED = {
    WorkState.DONE: (N_("Done"), N_("What closed by itself or by a writer, for half a year.")),
    WorkState.DISMISSED: (
        N_("Dismissed"),
        N_(
            "Put aside with a reason. An item comes back by itself once it has happened as often "
            "again, and at least five times."
        ),
    ),
}
SEARCHES = {WorkList.FAILED, WorkList.UNOPENED, WorkList.FILED}


class DismissalForm(Form):
    """Why an item is put aside."""

    reason = Line(
        N_("Why is nothing to be done?"),
        required=N_("Say why, so that nobody asks again."),
        limit=LONGEST_REASON,
    )


class AnswerForm(Form):
    """Which article answers the question."""

    article = RadioField(N_("The article that answers it"), validate_choice=False)


@blueprint.get("/writing/searches")
@allow(Who.STAFF)
def searches() -> ResponseReturnValue:
    """Where the list of searches in vain stood before."""
    return redirect(url_for("writing.work_list"), 301)


@blueprint.get("/writing/work")
@allow(Who.STAFF)
def work_list() -> str:
    """One list at a time; the first that has something to do unless one is asked for."""
    by_list, by_state = count_items(db())
    asked = request.args.get("list", "")
    shown = _shown(asked, by_list)
    is_open = isinstance(shown, WorkList)
    return render_template(
        "writing/work.html",
        tabs=_tabs(shown, by_list, by_state),
        shown=shown,
        about=LISTS[shown] if isinstance(shown, WorkList) else CLOSED[shown],
        lists=LISTS,
        is_open=is_open,
        is_search=shown in SEARCHES,
        items=open_items(db(), shown) if isinstance(shown, WorkList) else closed_items(db(), shown),
        figures=searching_figures(db(), since=now() - TREND),
        share=lambda part, whole: percent(part / whole if whole else None),
        trend=trend,
        days=TREND // timedelta(days=1),
    )


@blueprint.get("/writing/work/<int:item_id>")
@allow(Who.STAFF)
def work_item(item_id: int) -> str:
    """One item with everything that can be done about it, and the cases behind it."""
    return _page(_load(item_id), AnswerForm(formdata=None), DismissalForm(formdata=None))


@blueprint.post("/writing/work/<int:item_id>/answer")
@allow(Who.WRITER)
def answer_work(item_id: int) -> ResponseReturnValue:
    """Let the question lead to an article."""
    item, form = _load(item_id), AnswerForm()
    article = _chosen(form)
    if article is None:
        form.article.errors = [_("Choose the article that answers it.")]
        return _page(item, form, DismissalForm(formdata=None)), 422
    try:
        deciding.lead_to(db(), item=item, article=article, by=writer(), now=now())
        said = _(
            "“%(text)s” leads to “%(title)s” from now on.", text=item.text, title=_title(article)
        )
        tell("success", said)
    except NoWordsError:
        form.article.errors = [_("There is no word in this question to recognise it by.")]
        return _page(item, form, DismissalForm(formdata=None)), 422
    except ItemClosedError:
        _tell_closed(item)
    return _back(item.kind)


@blueprint.post("/writing/work/<int:item_id>/dismissal")
@allow(Who.WRITER)
def dismiss_work(item_id: int) -> ResponseReturnValue:
    """Put it aside, with a reason."""
    item, form = _load(item_id), DismissalForm()
    if not form.validate():
        return _page(item, AnswerForm(formdata=None), form), 422
    try:
        deciding.dismiss(db(), item=item, reason=form.reason.text, by=writer(), now=now())
        said = _(
            "Dismissed: “%(text)s”. It stands under Dismissed, with your reason.", text=item.text
        )
        tell("success", said)
    except ReasonMissingError:
        form.reason.errors = [_("Say why, in letters that can be read.")]
        return _page(item, AnswerForm(formdata=None), form), 422
    except ItemClosedError:
        _tell_closed(item)
    return _back(item.kind)


@blueprint.post("/writing/work/<int:item_id>/taking-up")
@allow(Who.WRITER)
def take_up_work(item_id: int) -> ResponseReturnValue:
    """It is to be done after all."""
    item = _load(item_id)
    deciding.take_up(db(), item=item, by=writer(), now=now())
    tell("success", _("Back on the list: “%(text)s”.", text=item.text))
    return _back(WorkState.DISMISSED)


@blueprint.post("/writing/articles/<int:article_id>/verification")
@allow(Who.WRITER)
def verification(article_id: int) -> ResponseReturnValue:
    """The article was checked today and is true."""
    holding, at = load_holding(article_id), now()
    today = at.astimezone(reader_zone()).date()
    try:
        verify(db(), article=holding.article, on=today, by=writer(), now=at)
        tell("success", _("Checked today: “%(title)s”.", title=holding.latest.title))
    except NotPublishedError:
        tell("info", _("Readers don’t see it: publish it first, then say that it is true."))
    settle_articles(db(), parts().index, article_id=article_id, now=at)
    if "stay" in request.args:
        return redirect(url_for("writing.article", article_id=article_id), 303)
    return _back(WorkList.OVERDUE)


def trend(item: WorkItem) -> str:
    """How the last thirty days compare with the thirty before them."""
    if item.recent > item.before:
        return _("%(now)s, up from %(before)s", now=item.recent, before=item.before)
    if item.recent < item.before:
        return _("%(now)s, down from %(before)s", now=item.recent, before=item.before)
    return _("%(now)s, as before", now=item.recent)


def _shown(asked: str, by_list: dict[WorkList, int]) -> WorkList | WorkState:
    if asked in CLOSED:
        return WorkState(asked)
    first = next((one for one in LISTS if by_list.get(one)), WorkList.FAILED)
    return WorkList(asked) if asked in LISTS else first


def _tabs(
    shown: WorkList | WorkState, by_list: dict[WorkList, int], by_state: dict[WorkState, int]
) -> list[tuple[str, str, bool, int]]:
    places = [(one.value, _(said[0]), by_list.get(one, 0)) for one, said in LISTS.items()]
    places += [(state.value, _(said[0]), by_state[state]) for state, said in CLOSED.items()]
    return [
        (words, url_for("writing.work_list", list=name), name == shown.value, count)
        for name, words, count in places
    ]


def _page(item: WorkItem, answer: AnswerForm, dismissal: DismissalForm) -> str:
    asked = searching.tidy(request.values.get("q", "")) or item.text
    candidates = _candidates(asked) if item.kind in SEARCHES else []
    answer.article.choices = [(str(one.id), _title(one)) for one in candidates]
    values: dict[str, Any] = {"item": item, "asked": asked, "about": LISTS[item.kind][0]}
    return render_template(
        "writing/work_item.html",
        **values,
        answer=answer,
        dismissal=dismissal,
        form=answer if answer.errors else dismissal,
        is_search=item.kind in SEARCHES,
        is_open=item.state is WorkState.OPEN,
        cases=cases_behind(db(), item, person=writer(), now=now()),
        trend=trend,
        audiences={str(one.id): one.audience.value for one in candidates},
    )


def _candidates(text: str) -> list[Article]:
    """Published articles that may answer it, whoever may read them."""
    found = searching.search(db(), parts().index, text=text, reader=STAFF)
    ids = [one.article_id for one in found.items]
    near = similar(db(), parts().index, reader=STAFF, text=text)
    ids += [one.id for one in near if one.id not in ids]
    return readable_articles(db(), reader=STAFF, ids=ids)


def _chosen(form: AnswerForm) -> Article | None:
    """A published article, or none."""
    said = form.article.data or ""
    if not (said.isascii() and said.isdecimal() and len(said) < 10):
        return None
    return next(iter(readable_articles(db(), reader=STAFF, ids=[int(said)])), None)


def _title(article: Article) -> str:
    return article.published.title if article.published else article.slug


def _load(item_id: int) -> WorkItem:
    return find_item(db(), item_id) or abort(404)


def _tell_closed(item: WorkItem) -> None:
    said = _(
        "Nothing was changed: “%(text)s” is closed already (%(outcome)s).",
        text=item.text,
        outcome=item.said_outcome,
    )
    tell("info", said)


def _back(shown: WorkList | WorkState) -> ResponseReturnValue:
    return redirect(url_for("writing.work_list", list=shown.value), 303)
