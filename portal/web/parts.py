"""The parts a running portal is made of, wired once by portal.application."""

from dataclasses import dataclass

from flask import current_app

from portal.database import Database
from portal.files import FileStore
from portal.search.index import Index
from portal.settings import Settings


@dataclass(frozen=True)
class Parts:
    """What views may reach beyond the request: never more than this."""

    settings: Settings
    database: Database
    index: Index
    files: FileStore


def parts() -> Parts:
    """The parts of the application that answers this request."""
    found: Parts = current_app.extensions["portal"]
    return found
