"""The store of finished public pages, in front of the whole framework.

It answers before Flask sees the request, which makes a read as cheap as it can be in Python. The
database's revision counter decides at each request whether what is kept is still true.
"""

import gzip
import hashlib
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from portal.knowledge.revisions import Revisions, RevisionsUnknownError
from portal.web.headers import PUBLIC
from portal.web.languages import VARY

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]
Headers = list[tuple[str, str]]

COMPRESSION_LEVEL = 6
LARGEST_STORE_BYTES = 32 * 1024 * 1024
LARGEST_PLAIN_BYTES = 2 * 1024 * 1024
MOST_HOSTS = 16


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as it goes over the wire, with what makes it wrong."""

    packed: bytes
    size: int
    etag: str
    tags: frozenset[str]
    media_type: str
    fresh_until: float | None
    article_id: int | None

    @classmethod
    def make(
        cls,
        body: bytes,
        *,
        tags: frozenset[str],
        media_type: str,
        fresh_until: float | None,
        article_id: int | None,
    ) -> "KeptPage":
        packed = gzip.compress(body, COMPRESSION_LEVEL, mtime=0)
        etag = hashlib.sha256(body).hexdigest()[:24]
        return cls(packed, len(body), etag, tags | {"site"}, media_type, fresh_until, article_id)


class KeptPages:
    """All kept pages of a process, found by path and language, dropped by tag."""

    def __init__(
        self,
        wsgi: Wsgi,
        *,
        revisions: Revisions,
        personal_cookies: tuple[str, ...],
        always: tuple[tuple[str, str], ...],
        count_reads: Callable[[Counter[int]], None],
        language_of: Callable[[Environ], str],
    ) -> None:
        self._wsgi = wsgi
        self._revisions = revisions
        self._personal_cookies = personal_cookies
        self._always = list(always)
        self._language_of = language_of
        self._reads = ReadCounter(count_reads)
        self._pages: OrderedDict[str, KeptPage] = OrderedDict()
        self._plain: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = self._plain_bytes = 0
        self._revision = -1
        self._hosts: set[str] = set()
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        kept = self._find(environ)
        if kept is None:
            return self._wsgi(environ, start_response)
        status, headers, body = self.answer(environ, kept)
        start_response(status, headers)
        return (body,)

    def is_personal(self, environ: Environ) -> bool:
        """Whether the visitor has a cookie that can change what a public page shows."""
        cookies = environ.get("HTTP_COOKIE", "")
        return any(name in cookies for name in self._personal_cookies)

    def keep(self, environ: Environ, page: KeptPage) -> None:
        """Keep a page made for this request, unless something was published meanwhile."""
        if not _is_plain_read(environ):
            return
        with self._lock:
            if environ.get("portal.revision") != self._revision:
                return
            if len(self._hosts) < MOST_HOSTS:
                self._hosts.add(environ.get("HTTP_HOST", ""))
            key = self._key(environ)
            self._drop(key)
            self._pages[key] = page
            self._bytes += len(page.packed)
            while self._bytes > LARGEST_STORE_BYTES:
                self._drop(next(iter(self._pages)))

    def answer(self, environ: Environ, page: KeptPage) -> tuple[str, Headers, bytes]:
        """Status, headers and body for this request: 304, no body for HEAD, packed if accepted."""
        packs = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
        etag = f'"{page.etag}-gz"' if packs else f'"{page.etag}"'
        vary = VARY if self._language_of(environ) else "Accept-Encoding"
        headers = [("ETag", etag), ("Cache-Control", PUBLIC), ("Vary", vary)]
        headers += self._always
        if page.article_id is not None and environ["REQUEST_METHOD"] == "GET":
            self._reads.count(page.article_id)
        if page.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            return "304 NOT MODIFIED", headers, b""
        size = len(page.packed) if packs else page.size
        headers += [("Content-Type", page.media_type), ("Content-Length", str(size))]
        if packs:
            headers.append(("Content-Encoding", "gzip"))
        if environ["REQUEST_METHOD"] == "HEAD":
            return "200 OK", headers, b""
        return "200 OK", headers, page.packed if packs else self._unpacked(page)

    def revision(self) -> int:
        """How far the library has come. Raises RevisionsUnknownError."""
        return self._revisions.latest()

    def flush_reads(self) -> None:
        """Write the reads counted so far."""
        self._reads.flush()

    def _find(self, environ: Environ) -> KeptPage | None:
        if not _is_plain_read(environ) or self.is_personal(environ):
            return None
        self._catch_up(environ)
        page = self._pages.get(self._key(environ))
        if page is None or environ.get("HTTP_HOST", "") not in self._hosts:
            return None
        if page.fresh_until is not None and page.fresh_until <= time.time():
            return None
        return page

    def _key(self, environ: Environ) -> str:
        """A page's path; behind its language where there are several."""
        path: str = environ["PATH_INFO"]
        language = self._language_of(environ)
        return f"{language} {path}" if language else path

    def _catch_up(self, environ: Environ) -> None:
        """Drop what has changed. While the database can't be asked, what is kept is kept."""
        try:
            revision = self._revisions.latest()
            if revision != self._revision:
                with self._lock:
                    self._drop_changed(revision)
        except RevisionsUnknownError:
            return
        environ["portal.revision"] = revision

    def _drop_changed(self, revision: int) -> None:
        tags = self._revisions.tags_between(self._revision, revision)
        for key in [k for k, page in self._pages.items() if tags is None or page.tags & tags]:
            self._drop(key)
        self._revision = revision

    def _drop(self, key: str) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self._bytes -= len(page.packed)

    def _unpacked(self, page: KeptPage) -> bytes:
        body = self._plain.get(page.etag)
        if body is None:
            body = gzip.decompress(page.packed)
            with self._lock:
                self._plain[page.etag] = body
                self._plain_bytes += len(body)
                while self._plain_bytes > LARGEST_PLAIN_BYTES:
                    self._plain_bytes -= len(self._plain.popitem(last=False)[1])
        return body


class ReadCounter:
    """Counts reads in memory and writes them once a minute, outside any request."""

    def __init__(self, write: Callable[[Counter[int]], None], every_seconds: float = 60.0) -> None:
        self._write = write
        self._every_seconds = every_seconds
        self._counts: Counter[int] = Counter()
        self._written_at = time.monotonic()
        self._lock = threading.Lock()

    def count(self, article_id: int) -> None:
        self._counts[article_id] += 1
        if time.monotonic() - self._written_at > self._every_seconds:
            self._written_at = time.monotonic()
            threading.Thread(target=self.flush, daemon=True).start()

    def flush(self) -> None:
        with self._lock:
            counts, self._counts = self._counts, Counter()
            if counts:
                self._write(counts)


def _is_plain_read(environ: Environ) -> bool:
    return environ["REQUEST_METHOD"] in {"GET", "HEAD"} and not environ.get("QUERY_STRING")
