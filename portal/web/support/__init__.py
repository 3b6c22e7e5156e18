"""Customers: opening a case and following it."""

from flask import Blueprint

blueprint = Blueprint("support", __name__)
