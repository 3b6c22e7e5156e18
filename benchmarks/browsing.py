"""A small browser for measured journeys: keeps cookies, reads forms, sends them."""

import http.client
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

Fields = dict[str, str]


@dataclass
class _Form:
    action: str
    known: Fields = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class _Forms(HTMLParser):
    """The POST forms of a page: address, all field names, and what is filled in already."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("method", "get").lower() == "post"
            if self._inside:
                self.forms.append(_Form(given.get("action", "")))
        elif self._inside and "name" in given and tag != "meta":
            self.forms[-1].names.add(given["name"])
            if tag == "input" and _counts(given):
                self.forms[-1].known[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


def _counts(given: Fields) -> bool:
    kind = given.get("type", "text")
    if kind in {"submit", "file"}:
        return False
    return kind not in {"radio", "checkbox"} or "checked" in given


class Browser:
    """One visitor on one kept connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._cookies: Fields = {}
        self.path = "/"
        self.page = ""

    @property
    def cookie_header(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}

    def open(self, path: str) -> None:
        """Fetch a page and follow redirects."""
        self._send("GET", path, None)

    def send(self, holding: str, **fields: str) -> None:
        """Fill in the POST form that has a field called `holding`, send it, follow on."""
        form = self._form(holding)
        self._send("POST", form.action or self.path, {**form.known, **fields})

    def known(self, holding: str) -> Fields:
        """What is filled in already in the form that has a field called `holding`."""
        return self._form(holding).known

    def _form(self, holding: str) -> _Form:
        forms = _Forms()
        forms.feed(self.page)
        found = [
            form for form in forms.forms if holding in form.names and "/sign-out" not in form.action
        ]
        if not found:
            raise SystemExit(f"{self.path} has no form with a field {holding}")
        return found[0]

    def _send(self, method: str, path: str, fields: Fields | None) -> None:
        body = urlencode(fields) if fields is not None else None
        headers = {**self.cookie_header, "Origin": f"http://127.0.0.1:{self._port}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        self.page = response.read().decode("utf-8", "replace")
        self._keep_cookies(response)
        self.path = path
        if response.status in {301, 302, 303, 307, 308}:
            self._send("GET", response.headers["Location"], None)
        elif response.status != 200:
            raise SystemExit(f"{method} {path} answered {response.status}")

    def _keep_cookies(self, response: http.client.HTTPResponse) -> None:
        for header in response.headers.get_all("Set-Cookie") or []:
            name, _, rest = header.partition("=")
            self._cookies[name] = rest.partition(";")[0]
