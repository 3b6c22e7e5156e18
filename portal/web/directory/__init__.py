"""Managers: organisations, their people, contracts and installations, and who may sign in."""

from flask import Blueprint

blueprint = Blueprint("directory", __name__)

from portal.web.directory import (  # noqa: E402  (the views need the blueprint)
    contracts,
    history,
    importing,
    installations,
    organisation,
    organisations,
    people,
    person,
    requests,
)

__all__ = [
    "blueprint",
    "contracts",
    "history",
    "importing",
    "installations",
    "organisation",
    "organisations",
    "people",
    "person",
    "requests",
]
