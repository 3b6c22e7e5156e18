"""Style sheets, scripts and images: read once at start, kept compressed, and served under an
address that changes with their content, so that browsers may keep them for ever.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request

from portal import resources
from portal.settings import Settings, SettingsError
from portal.web.accent import accent_style
from portal.web.access import Cache, Who, allow

BUNDLE = "css/portal.css"
LOGO_KINDS = (".svg", ".png", ".jpg", ".jpeg", ".webp")
FOREVER = "public, max-age=31536000, immutable"
FOR_AN_HOUR = "public, max-age=3600"
_WORTH_COMPRESSING = ("text/", "application/json", "image/svg+xml")

blueprint = Blueprint("assets", __name__)
mimetypes.add_type("text/javascript", ".js")


class MissingAssetError(Exception):
    """A template names a static file that doesn't exist."""


@dataclass(frozen=True)
class Asset:
    """One file with its media type, plain and (where that helps) compressed."""

    body: bytes
    packed: bytes | None
    media_type: str


class Assets:
    """All static files of this installation under one fingerprint."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.by_name = {name: _asset(name, body) for name, body in files.items()}
        digest = hashlib.sha256()
        for name in sorted(files):
            digest.update(name.encode() + b"\0" + files[name])
        self.fingerprint = digest.hexdigest()[:16]

    def address(self, name: str) -> str:
        """Where the file is served. Raises MissingAssetError."""
        name = BUNDLE if name == "css" else name
        if name not in self.by_name:
            raise MissingAssetError(f"static/{name} does not exist")
        return f"/static/{self.fingerprint}/{name}"


def load_assets(settings: Settings) -> Assets:
    """Read static/: the style sheets as one bundle, everything else as it stands."""
    root = resources.folder("static")
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
    sheets = [files.pop(name) for name in sorted(files) if _is_sheet(name)]
    files[BUNDLE] = b"\n".join([*sheets, accent_style(settings.accent).encode()])
    if settings.logo:
        files[_logo_name(settings)] = _read_logo(Path(settings.logo))
    return Assets(files)


def asset(name: str) -> str:
    """The address of a static file: asset("css"), asset("js/search.js"). For templates."""
    return _assets().address(name)


def logo_address(settings: Settings) -> str | None:
    """Where the organisation's logo is served, if it has one."""
    return asset(_logo_name(settings)) if settings.logo else None


@blueprint.get("/static/<fingerprint>/<path:name>")
@allow(Who.ANYONE, cache=Cache.PUBLIC)
def file(fingerprint: str, name: str) -> Response:
    """One static file; an outdated address gives the present file, not to be kept."""
    assets = _assets()
    found = assets.by_name.get(name) or abort(404)
    packs = found.packed is not None and "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(found.packed if packs else found.body, mimetype=found.media_type)
    if packs:
        response.headers["Content-Encoding"] = "gzip"
    if found.packed is not None:
        response.headers["Vary"] = "Accept-Encoding"
    is_current = fingerprint == assets.fingerprint
    response.headers["Cache-Control"] = FOREVER if is_current else "no-cache"
    return response


def script_at_stable_address(name: str) -> Response:
    """A script for other sites, whose address can't change with its content: looked at again after
    an hour.
    """
    answer = file(_assets().fingerprint, name)
    answer.headers["Cache-Control"] = FOR_AN_HOUR
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _logo_name(settings: Settings) -> str:
    return f"logo{Path(settings.logo).suffix.lower()}"


def _read_logo(path: Path) -> bytes:
    if path.suffix.lower() not in LOGO_KINDS:
        raise SettingsError(f"PORTAL_LOGO: {path} must be one of {', '.join(LOGO_KINDS)}.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(f"PORTAL_LOGO: {path} can't be read: {error.strerror}.") from None


def _is_sheet(name: str) -> bool:
    return name.startswith("css/") and name.endswith(".css")


def _asset(name: str, body: bytes) -> Asset:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    worth = media_type.startswith(_WORTH_COMPRESSING) and len(body) > 500
    return Asset(body, gzip.compress(body, 9, mtime=0) if worth else None, media_type)


def _assets() -> Assets:
    found: Assets = current_app.extensions["assets"]
    return found
