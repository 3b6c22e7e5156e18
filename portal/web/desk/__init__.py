"""Staff: the queue of cases by what is promised next, and the work on them."""

from flask import Blueprint

blueprint = Blueprint("desk", __name__)
