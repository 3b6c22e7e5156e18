"""The only place where the parts of a portal are wired together."""

from collections import Counter
from collections.abc import MutableMapping
from functools import partial
from typing import Any

from flask import Flask, Response
from flask.templating import Environment
from flask.typing import ResponseReturnValue
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

import portal.entities  # noqa: F401  (the whole schema, before anything asks the database)
from portal import logs, resources
from portal.clock import now
from portal.database import Database
from portal.files import FileStore
from portal.knowledge.reading import count_reads
from portal.knowledge.revisions import Revisions
from portal.search.opening import open_index
from portal.settings import Settings
from portal.template_words import SpokenTemplates
from portal.web import (
    access,
    account,
    assets,
    compression,
    csrf,
    desk,
    directory,
    errors,
    filters,
    guard,
    headers,
    health,
    help,
    identity,
    languages,
    messages,
    support,
    transaction,
    visits,
    writing,
)
from portal.web.kept_pages import KeptPages
from portal.web.live import NothingNew
from portal.web.parts import Parts

REQUEST_LIMIT_BYTES = 2 * 1024 * 1024
FORM_TEXT_LIMIT_BYTES = 1024 * 1024
FORM_PARTS_LIMIT = 300
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Templates(SpokenTemplates, Environment):
    """Flask's templates, all with the same globals: so a file of macros is made once, and not
    compared name by name with each template that imports it.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return self.globals if d is None else super().make_globals(d)


class RowNumber(IntegerConverter):
    """A number in an address: one that no row can have leads nowhere, like any other."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**31 - 1)


class Portal(Flask):
    """Flask with one addition: what a view did is committed as soon as the view has returned."""

    jinja_environment = Templates

    def dispatch_request(self) -> ResponseReturnValue:
        answer = super().dispatch_request()
        transaction.commit()
        return answer


def create_app(settings: Settings) -> Flask:
    """A portal with these settings, ready to be served by any WSGI server."""
    logs.set_up()
    app = Portal("portal", static_folder=None, template_folder=str(resources.folder("templates")))
    app.url_map.converters["int"] = RowNumber
    app.config.update(_configuration(settings))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    _wire_parts(app, settings)
    _wire_requests(app, settings)
    for package in (help, support, writing, desk, directory, account, assets, health):
        app.register_blueprint(package.blueprint)
    access.check_inventory(app)
    _wire_servers(app, settings)
    return app


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret,
        "TRUSTED_HOSTS": list(trusted_hosts(settings)),
        "MAX_CONTENT_LENGTH": REQUEST_LIMIT_BYTES,
        "MAX_FORM_MEMORY_SIZE": FORM_TEXT_LIMIT_BYTES,
        "MAX_FORM_PARTS": FORM_PARTS_LIMIT,
        "SESSION_COOKIE_NAME": "__Host-form" if settings.is_https else "form",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_PATH": "/",
        "WTF_I18N_ENABLED": False,  # forms say their own words, by portal.locale
    }


def trusted_hosts(settings: Settings) -> tuple[str, ...]:
    """The host names that the portal answers to; loopback only in a demonstration."""
    own = settings.host.rsplit(":", 1)[0] if not settings.host.endswith("]") else settings.host
    return (own, *LOOPBACK) if settings.demonstration else (own,)


def _wire_parts(app: Flask, settings: Settings) -> None:
    app.extensions["portal"] = Parts(
        settings=settings,
        database=Database(settings.database_url),
        index=open_index(settings),
        files=FileStore(settings.files_folder),
    )
    app.extensions["assets"] = assets.load_assets(settings)


def _wire_requests(app: Flask, settings: Settings) -> None:
    """Before a view: who may. After it: commit, say, compress, protect. In this order."""
    languages.prepare(app, own_language=identity.own_language)
    csrf.prepare(app)
    identity.prepare(app)
    filters.prepare(app)
    errors.prepare(app)
    app.before_request(guard.admit)
    always = headers.security_headers(settings)

    def finish(response: Response) -> Response:
        identity.tidy(visits.send(messages.send(response)))
        return headers.protect(compression.compress(response), always)

    app.after_request(finish)
    app.teardown_request(transaction.close)


def _wire_servers(app: Flask, settings: Settings) -> None:
    """Kept pages in front of Flask, and behind as many proxies as the settings trust."""
    database: Database = app.extensions["portal"].database

    def write_reads(counts: Counter[int]) -> None:
        with database.writing() as session:
            count_reads(session, counts, now=now())

    pages = KeptPages(
        app.wsgi_app,
        revisions=Revisions(database),
        personal_cookies=("sign-in=", f"{messages.COOKIE}="),
        always=headers.security_headers(settings),
        count_reads=write_reads,
        language_of=partial(languages.wanted_language, tags=settings.library_languages),
    )
    app.extensions["kept_pages"] = pages
    app.wsgi_app = NothingNew(  # type: ignore[method-assign]
        pages,
        database=database,
        secret=settings.secret,
        always=headers.security_headers(settings),
    )
    if settings.trusted_proxies > 0:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=0, x_port=0, x_prefix=0
        )
