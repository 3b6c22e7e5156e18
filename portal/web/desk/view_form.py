"""The form that keeps a view under a name."""

from wtforms import BooleanField

from portal.web.forms import Form, Line


class ViewForm(Form):
    """The name stands on a tab, so it is short."""

    name = Line("Name of the view", required="Give the view a name.", limit=40, id="view-name")
    is_shared = BooleanField("Show it to everybody at the desk", id="view-shared")
