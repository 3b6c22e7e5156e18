"""Writers: the library, its articles and their publication."""

from flask import Blueprint

blueprint = Blueprint("writing", __name__)
