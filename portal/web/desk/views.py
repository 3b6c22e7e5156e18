"""Saved views: kept, renamed and removed where they are used, on the queue."""

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.desk import saving_views
from portal.desk.saved_view import SavedView
from portal.locale import N_
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.loading import worker
from portal.web.desk.narrowing import queue_address, sent_address
from portal.web.desk.queue import queue_page
from portal.web.desk.view_form import ViewForm
from portal.web.messages import tell
from portal.web.transaction import db

_NOT_KEPT = ("saved", "page")
_TAKEN = [N_("There is a view of this name already. Choose another name.")]


@blueprint.post("/desk/views")
@allow(Who.AGENT)
def save_view() -> ResponseReturnValue:
    """Keep what the queue is narrowed to now."""
    form, asked = ViewForm(), sent_address()
    if not form.validate():
        return queue_page(asked, view_form=form), 422
    try:
        view = saving_views.save_view(
            db(),
            name=form.name.text,
            address={name: said for name, said in asked.items() if name not in _NOT_KEPT},
            by=worker(),
            now=now(),
            is_shared=bool(form.is_shared.data) and worker().may_manage,
        )
    except saving_views.NameTakenError:
        form.name.errors = _TAKEN
        return queue_page(asked, view_form=form), 422
    except saving_views.TooManyViewsError:
        form.name.errors = [
            _(
                "You have %(count)s views. Remove one that you no longer need first.",
                count=saving_views.MOST_VIEWS,
            )
        ]
        return queue_page(asked, view_form=form), 422
    if view.is_shared:
        tell("success", _("The view “%(name)s” is saved for everybody.", name=view.name))
    else:
        tell("success", _("The view “%(name)s” is saved.", name=view.name))
    return _to(view)


@blueprint.post("/desk/views/<int:view_id>/name")
@allow(Who.AGENT)
def rename_view(view_id: int) -> ResponseReturnValue:
    """Another name for the same view."""
    view, form = _load(view_id), ViewForm()
    if not form.validate():
        return queue_page(sent_address(), view_form=form), 422
    try:
        saving_views.rename_view(db(), view=view, name=form.name.text, by=worker(), now=now())
    except saving_views.NameTakenError:
        form.name.errors = _TAKEN
        return queue_page(sent_address(), view_form=form), 422
    tell("success", _("The view is called “%(name)s” now.", name=view.name))
    return _to(view)


@blueprint.post("/desk/views/<int:view_id>/removal")
@allow(Who.AGENT)
def remove_view(view_id: int) -> ResponseReturnValue:
    """The tab goes; the cases stay as they are."""
    view = _load(view_id)
    saving_views.remove_view(db(), view=view, by=worker(), now=now())
    tell("success", _("The view “%(name)s” is removed.", name=view.name))
    return redirect(url_for("desk.queue"), 303)


def _load(view_id: int) -> SavedView:
    """A view that this person may change; every other one is not there."""
    view = db().get(SavedView, view_id)
    return view if view and view.may_be_changed_by(worker()) else abort(404)


def _to(view: SavedView) -> ResponseReturnValue:
    return redirect(queue_address(view.address | {"saved": str(view.id)}), 303)
