"""Customers who press Send at a real server until it says that their case was kept."""

import http.client
import json
import random
import re
import secrets
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from portal.cases import drafting
from portal.cases.policies import policy_in_force
from portal.clock import now
from portal.database import Database
from portal.web.support.steps import ORDER
from tests.casework import answers_to

PATIENCE_SECONDS = 60


@dataclass
class Ready:
    """A draft with every answer; `files` are the tokens of uploads that were acknowledged."""

    public_id: str
    secret: str
    subject: str
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/cases/drafts/{self.public_id}"


def ready_drafts(database: Database, count: int) -> list[Ready]:
    """Drafts of guests that only have to be sent."""
    with database.writing() as db:
        _, policy = policy_in_force(db, now=now())
        made = []
        for number in range(count):
            draft, secret = drafting.start_draft(db, owner=None, now=now())
            said = {
                "summary": f"Question {number}",
                "description": f"Question {number}.\nIt stops.",
                "contact_name": "Gus Guest",
                "contact_email": f"gus{number}@guest.example",
                "contact_phone": "+49 30 5550100",
            }
            answers = answers_to(policy, **said) | {"steps": list(ORDER[:-1])}
            drafting.save_answers(db, draft=draft, answers=answers, now=now())
            made.append(Ready(draft.public_id, secret, said["summary"]))
    return made


class Sender:
    """One browser that never gives up."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.cookie, self.token = "", ""
        self.failures = 0

    def upload(self, draft: Ready, content: bytes) -> None:
        """Send a file until it is acknowledged."""
        body, kind = _multipart(self._signed(), content)
        status, answer = self._insist("POST", f"{draft.path}/files", draft, body, kind)
        assert status == 200, answer
        draft.files[json.loads(answer)["id"]] = content

    def send(self, draft: Ready) -> None:
        """Press Send until the confirmation is there."""
        status, answer = self._insist(
            "POST",
            f"{draft.path}/check",
            draft,
            f"csrf_token={self._signed()}".encode(),
            "application/x-www-form-urlencoded",
        )
        assert status == 303, answer

    def _signed(self) -> str:
        """A form token, fetched once: it outlives the server's death."""
        if not self.token:
            _, page = self._insist("GET", "/sign-in", None, b"", "text/plain")
            found = re.search(r'name="csrf_token" value="([^"]+)"', page)
            assert found, page[:500]
            self.token = found[1]
        return self.token

    def _insist(
        self, method: str, path: str, draft: Ready | None, body: bytes, kind: str
    ) -> tuple[int, str]:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                status, answer = self._ask(method, path, draft, body, kind)
            except (OSError, http.client.HTTPException):
                status, answer = 0, ""
            if status and status < 500:
                return status, answer
            self.failures += 1
            time.sleep(random.uniform(0.005, 0.05))
        raise AssertionError(f"{path} was not answered within {PATIENCE_SECONDS} s: {answer[:500]}")

    def _ask(
        self, method: str, path: str, draft: Ready | None, body: bytes, kind: str
    ) -> tuple[int, str]:
        cookies = [self.cookie, f"draft-{draft.public_id}={draft.secret}" if draft else ""]
        headers = {"Content-Type": kind, "Cookie": "; ".join(filter(None, cookies))}
        connection = http.client.HTTPConnection(self.host, timeout=20)
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            told = answer.read().decode()
            self._keep_cookie(answer.headers.get_all("Set-Cookie") or [])
        finally:
            connection.close()
        return answer.status, told

    def _keep_cookie(self, told: list[str]) -> None:
        for each in told:
            if each.startswith("form=") and not self.cookie:
                self.cookie = each.partition(";")[0]


def _multipart(token: str, content: bytes) -> tuple[bytes, str]:
    mark = secrets.token_hex(12)
    head = (
        f'--{mark}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="notes.txt"\r\n\r\n'
    )
    body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
    return body, f"multipart/form-data; boundary={mark}"
