"""A customer at the browser: opens pages, fills in forms, and reads what is there."""

import html
import io
import re
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient

Uploads = list[tuple[bytes, str]]


@dataclass
class Visitor:
    """One browser; `page` is the HTML last seen, `path` its address, `status` its code."""

    client: FlaskClient
    page: str = ""
    path: str = ""
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    last_token: str = ""

    def open(self, path: str) -> str:
        """Go to an address as a browser would, redirects included."""
        return self._seen(self.client.get(path, follow_redirects=True))

    def send(self, path: str, files: Uploads | None = None, **fields: Any) -> str:
        """Send a form of the page last seen to `path`."""
        data: dict[str, Any] = {"csrf_token": self.token, **fields}
        if files is not None:
            data["files"] = [(io.BytesIO(content), name) for content, name in files]
        response = self.client.post(
            path, data=data, content_type="multipart/form-data", follow_redirects=True
        )
        return self._seen(response)

    @property
    def token(self) -> str:
        """The form's token; on a page without a form, the one of the page before (Back)."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.page)
        self.last_token = found.group(1) if found else self.last_token
        return self.last_token

    @property
    def text(self) -> str:
        """What a person reads: no tags, single blanks, plain hyphens."""
        body = self.page[self.page.index("<main") : self.page.index("</main>")]
        plain = re.sub(r"<(script|style|template)\b.*?</\1>|<[^>]+>", " ", body, flags=re.S)
        return re.sub(r"\s+", " ", html.unescape(plain)).replace("\u2011", "-").strip()

    @property
    def title(self) -> str:
        found = re.search(r"<title>(.*?)</title>", self.page, re.S)
        return html.unescape(found.group(1)).strip() if found else ""

    @property
    def heading(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.page, re.S)
        return html.unescape(re.sub(r"<[^>]+>", "", found.group(1))).strip() if found else ""

    @property
    def draft(self) -> str:
        """The address of the draft that is being written."""
        found = re.match(r"/cases/drafts/[^/]+", self.path)
        assert found, f"not at a draft: {self.path}"
        return found.group(0)

    @property
    def reference(self) -> str:
        """The case number or receipt on the page."""
        found = re.search(r'class="case-number"[^>]*>([^<]+)<', self.page)
        assert found, self.text
        return found.group(1)

    def _seen(self, response: Any) -> str:
        self.page, self.status = response.get_data(as_text=True), response.status_code
        self.path = response.request.path
        self.headers = dict(response.headers)
        return self.page

    # The way through the guided case

    def tell(self, subject: str = "Exports fail since Monday", **more: Any) -> str:
        """Step 1."""
        self.open("/cases/new")
        fields = {"kind": "problem", "subject": subject, "description": "It stops at 40 percent."}
        self.send("/cases/new", **{**fields, **more})
        if self.path.endswith("/answers"):
            self.send(self.path, outcome="continue")
        return self.page

    def say_effect(self, **answers: str) -> str:
        """Step 2: what isn't said to be true is not ticked; then on with the result."""
        while re.search(r'name="(holds|cause)"', self.page) and self.status == 200:
            offered = re.findall(r'name="holds"\s+value="([^"]+)"', self.page)
            ticked = [each for each in offered if answers.get(each) == "yes"]
            said = {"holds": ticked or ["none"]} if offered else {"cause": self._cause(answers)}
            self.send(self.action, **said)
        return self.page

    def _cause(self, answers: dict[str, str]) -> str:
        return answers.get("outside_cause", "no")

    @property
    def action(self) -> str:
        """Where the form of a question page goes."""
        found = re.search(r'<form class="question-form"[^>]*?action="([^"]+)"', self.page, re.S)
        assert found, self.text
        return html.unescape(found.group(1))

    def value_of(self, name: str) -> str:
        """What stands in a field of the page."""
        control = re.search(rf'<input[^>]*\bname="{name}"[^>]*>', self.page)
        found = re.search(r'value="([^"]*)"', control.group(0)) if control else None
        return html.unescape(found.group(1)) if found else ""

    def accept(self, **more: str) -> str:
        return self.send(f"{self.draft}/effect", outcome="accept", **more)

    def give_details(self, **answers: str) -> str:
        """Step 3: every field that is on the page, with some text unless told otherwise."""
        if not self.path.endswith("/details"):
            return self.page
        names = set(re.findall(r'name="(detail-[^"]+)"', self.page))
        given = dict.fromkeys(names, "Avaya") | dict.fromkeys(self._radios(names), "no")
        given |= {f"detail-{name}": answer for name, answer in answers.items()}
        return self.send(f"{self.draft}/details", remote_access="y", **given)

    def _radios(self, names: set[str]) -> list[str]:
        found = re.findall(r'<input type="radio"\s+id="[^"]+"\s+name="([^"]+)"', self.page)
        return [name for name in found if name in names]

    def give_contact(self, files: Uploads | None = None, **more: str) -> str:
        """Step 4: what is filled in already stays, the rest is a guest's."""
        fields = {
            "name": self.value_of("name") or "Gus Varga",
            "email": self.value_of("email") or "gus@guest.example",
            "phone": "+1 415 555 0100",
            "time_zone": "Europe/Berlin",
            "reachable_at": "Gus, +1 415 555 0100",
        }
        return self.send(f"{self.draft}/contact", files=files, **{**fields, **more})

    def send_case(self) -> str:
        return self.send(f"{self.draft}/check")

    def up_to_check(self, effect: dict[str, str] | None = None, **tell: Any) -> str:
        """All four pages with ordinary answers."""
        self.tell(**tell)
        self.say_effect(**(effect or {}))
        self.accept(business_effect="Nobody can work.")
        self.give_details()
        return self.give_contact()
