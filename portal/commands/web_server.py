"""The web part of `portal serve`: Gunicorn with threads, on a socket that its parent opened.

Run as `python -m portal.commands.web_server DESCRIPTOR PROCESSES PARENT`; it ends when the
process PARENT does.
"""

import errno
import gc
import importlib
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker
from sqlalchemy.exc import OperationalError

from portal.application import create_app
from portal.commands.context import unreachable
from portal.commands.remedy import Remedy
from portal.database import Database
from portal.migrations.standing import at_head
from portal.settings import Settings, load_settings
from portal.web.parts import Parts

THREADS = 8
COLLECT_AFTER = 20_000
"""So many new objects before the collector of garbage looks at them (Python's own: 700)."""
FAST_FOLDER = Path("/dev/shm")  # noqa: S108  (Gunicorn's heartbeat must not wait for a disk)


class Threads(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's threads; a socket that was closed for the end of the server is no fault."""

    def accept(self, listener: Any) -> None:
        """Take the next connection, if the socket still listens."""
        try:
            super().accept(listener)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise


class WebServer(BaseApplication):  # type: ignore[misc]
    """Gunicorn, told by code alone; it reads no file and no variable of its own."""

    def __init__(self, descriptor: int, processes: int, parent: int) -> None:
        self._wanted: dict[str, Any] = {
            "bind": f"fd://{descriptor}",
            "workers": processes,
            "worker_class": Threads,
            "threads": THREADS,
            "timeout": 60,
            "graceful_timeout": 3,
            "keepalive": 5,
            "loglevel": "warning",
            "proc_name": "portal",
            "control_socket_disable": True,
            "worker_tmp_dir": str(FAST_FOLDER) if FAST_FOLDER.is_dir() else None,
            "when_ready": _end_with(parent),
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._wanted.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Called in each process: the code is shared, connections and caches are not.

        What is loaded by now stays, so the collector of garbage need not look at it again and
        again while requests are answered; and as a page makes some ten thousand objects, of which
        hardly any refer to each other in a circle, it looks after a few pages, not within each.
        """
        app = create_app(load_settings())
        parts: Parts = app.extensions["portal"]
        threading.Thread(target=parts.index.open, name="index", daemon=True).start()
        gc.collect()
        gc.freeze()
        gc.set_threshold(COLLECT_AFTER)
        return app


def _end_with(parent: int) -> Any:
    """A hook that ends this server when the process that started it is gone."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    def start(_server: Any) -> None:
        threading.Thread(target=watch, daemon=True).start()

    return start


def refuse_old_schema(settings: Settings) -> None:
    """Raises Remedy when the database is not at this version's schema, or not there."""
    database = Database(settings.database_url)
    try:
        if not at_head(database):
            raise Remedy("The database's schema is of another version: run `portal migrate`.")
    except OperationalError as error:
        raise Remedy(unreachable(settings, error)) from None
    finally:
        database.close()


def _read_before_they_part() -> None:
    """What is imported now, the web processes share; each would have it for itself otherwise."""
    with suppress(ImportError):
        importlib.import_module("portal.search.meaning.opening")
        importlib.import_module("onnxruntime")


def main(descriptor: int, processes: int, parent: int) -> None:
    try:
        settings = load_settings()
        refuse_old_schema(settings)
    except Remedy as remedy:
        remedy.show()
        sys.exit(remedy.exit_code)
    if settings.search_meaning:
        _read_before_they_part()
    WebServer(descriptor, processes, parent).run()


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
