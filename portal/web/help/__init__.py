"""Anyone: finding, reading and judging answers, without an account."""

from flask import Blueprint

blueprint = Blueprint("help", __name__)
