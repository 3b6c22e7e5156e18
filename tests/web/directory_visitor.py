"""A manager's browser for tests of the directory: forms are filled in as they stand on the page."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class _Controls(HTMLParser):
    """What each form of a page would send as it stands, by the form's address."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._now: dict[str, str] = {}
        self._choosing = self._writing = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "form":
            self._now = self.forms.setdefault(found.get("action", ""), {})
        elif tag == "input" and name:
            is_box = found.get("type") in {"checkbox", "radio"}
            if not is_box or "checked" in found:
                self._now[name] = found.get("value", "")
        elif tag == "select":
            self._choosing = name
        elif tag == "textarea":
            self._writing = name
            self._now[name] = ""
        elif tag == "option" and (
            "selected" in found or (self._choosing and self._choosing not in self._now)
        ):
            self._now[self._choosing] = found.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._writing:
            self._now[self._writing] += data.lstrip("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._writing = ""


def forms_of(page: str) -> dict[str, dict[str, str]]:
    parser = _Controls()
    parser.feed(page)
    return parser.forms


@dataclass
class Visitor:
    """Somebody at the directory."""

    browser: FlaskClient

    def page(self, path: str, status: int = 200) -> str:
        answer = self.browser.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.text

    def form(self, path: str, action: str = "") -> dict[str, str]:
        """The form on this page as a browser would send it."""
        return forms_of(self.page(path))[action]

    def send(self, path: str, fields: dict[str, Any]) -> TestResponse:
        """Send these fields; a None is a box that isn't ticked."""
        sent = {name: value for name, value in fields.items() if value is not None}
        return self.browser.post(path, data=sent)

    def fill(self, path: str, **fields: Any) -> TestResponse:
        """Fill in the form of this page, and send it."""
        return self.send(path, self.form(path) | fields)

    def press(self, page: str, action: str, **fields: Any) -> TestResponse:
        """Press the button of the form with this action that stands on the page."""
        return self.send(action, self.form(page, action) | fields)
