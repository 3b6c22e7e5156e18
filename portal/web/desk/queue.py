"""The queue: the next promise that falls due stands on top, the broken ones above all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases.case import Case
from portal.cases.queue import MOST_COUNTED, Queue, View, count_each
from portal.cases.queue import queue as find_queue
from portal.cases.telling import priority_name
from portal.cases.words import STAFF_STATUS_WORDS, STATUS_TONES, next_promise
from portal.clock import now
from portal.desk.bulk_change import BulkChange
from portal.desk.changing_many import find_change
from portal.desk.saved_view import SavedView
from portal.desk.saving_views import views_of
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.bulk_form import BulkForm, bulk_form
from portal.web.desk.loading import worker
from portal.web.desk.narrowing import (
    GROUP_WORDS,
    MAIN,
    VIEW_WORDS,
    address_of,
    moments,
    narrowing_of,
    offer_choices,
    queue_address,
    read_form,
    view_of,
)
from portal.web.desk.view_form import ViewForm
from portal.web.transaction import db

_LARGEST_PAGE = 100_000


@dataclass(frozen=True)
class Page:
    """Where the pager leads."""

    number: int
    count: int
    kept: dict[str, str]

    def url(self, number: int) -> str:
        return queue_address(self.kept | {"page": str(number)})


@blueprint.get("/desk")
@allow(Who.AGENT)
def queue() -> ResponseReturnValue:
    """Open cases by the next promise; views and filters are part of the address."""
    return queue_page(request.args)


def queue_page(
    asked: Any,
    *,
    bulk: BulkForm | None = None,
    chosen: Sequence[str] = (),
    view_form: ViewForm | None = None,
) -> str:
    """The page; `bulk` and `view_form` are forms that could not be taken, `chosen` the rows that
    were ticked.
    """
    view, form = view_of(asked), offer_choices(read_form(asked))
    found = find_queue(
        db(),
        person=worker(),
        moments=moments(now()),
        view=view,
        to=narrowing_of(form),
        page=_page_number(asked),
    )
    kept = address_of(view, form)
    saved = views_of(db(), person=worker())
    current = next((each for each in saved if str(each.id) == asked.get("saved")), None)
    return render_template(
        "desk/queue.html",
        queue=found,
        narrow=form,
        form=bulk or view_form or form,
        main_fields=MAIN,
        is_filtered=len(kept) > 1,
        is_folded_open=any(name not in {"view", *MAIN} for name in kept),
        kept=kept | ({"saved": str(current.id)} if current else {}),
        view_tabs=_tabs(found, view, current),
        saved_tabs=_saved_tabs(saved, current),
        current=current,
        view_form=view_form or ViewForm(formdata=None, name=current.name if current else ""),
        page=Page(found.number, found.count, kept),
        view_words=current.name if current else _(VIEW_WORDS[view]),
        group_words=GROUP_WORDS,
        bulk=bulk or bulk_form(),
        chosen=set(chosen),
        change=_change(asked),
        row_value=row_value,
        status_words=STAFF_STATUS_WORDS,
        status_tones=STATUS_TONES,
        next_promise=next_promise,
        priority_name=priority_name,
    )


def row_value(case: Case) -> str:
    """What a ticked row sends: which case, and in which state it was seen."""
    return f"{case.reference}.{case.revision}"


def _page_number(asked: Any) -> int:
    said = str(asked.get("page", ""))
    return int(said) % _LARGEST_PAGE if said.isascii() and said.isdigit() else 1


def _tabs(found: Queue, view: View, current: SavedView | None) -> list[tuple[Any, ...]]:
    tabs: list[tuple[Any, ...]] = []
    for each, words in VIEW_WORDS.items():
        tab = (_(words), url_for("desk.queue", view=each.value), each is view and not current)
        count = found.view_counts.get(each)
        tabs.append(tab if count is None else (*tab, count))
    return tabs


def _saved_tabs(saved: Sequence[SavedView], current: SavedView | None) -> list[tuple[Any, ...]]:
    """The saved views, each with its count, all counted in one query."""
    at = moments(now())
    wanted = [(view_of(each.address), narrowing_of(read_form(each.address))) for each in saved]
    counts = count_each(db(), person=worker(), moments=at, wanted=wanted)
    return [
        (
            each.name,
            queue_address(each.address | {"saved": str(each.id)}),
            each is current,
            _counted(count),
        )
        for each, count in zip(saved, counts, strict=True)
    ]


def _counted(count: int) -> str:
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)


def _change(asked: Any) -> BulkChange | None:
    public_id = str(asked.get("change", ""))
    return find_change(db(), public_id, by=worker()) if public_id else None
