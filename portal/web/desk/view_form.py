"""The form that keeps a view under a name."""

from wtforms import BooleanField

from portal.locale import N_
from portal.web.forms import Form, Line


class ViewForm(Form):
    """The name stands on a tab, so it is short."""

    name = Line(
        N_("Name of the view"), required=N_("Give the view a name."), limit=40, id="view-name"
    )
    is_shared = BooleanField(N_("Show it to everybody at the desk"), id="view-shared")
