"""Everybody who has an account: signing in and out, and the own profile."""

from flask import Blueprint

blueprint = Blueprint("account", __name__)
