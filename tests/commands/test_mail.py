"""`portal mail receive`: what a mail server pipes in is taken, and the exit status tells it so."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mail.written import raw
from tests.running import environment, portal


@pytest.fixture
def installation(home: Path) -> Path:
    answers = {
        "--name": "Harbour Support",
        "--base-url": "https://help.example",
        "--administrator": "ada@desk.example",
        "--administrator-name": "Ada Kowalski",
    }
    done = portal(home, "init", *(word for pair in answers.items() for word in pair))
    assert done.returncode == 0, done.stderr
    return home


def receive(home: Path, mail: bytes, *options: str) -> tuple[int, dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-m", "portal", "mail", "receive", *options],
        env=environment(home),
        input=mail,
        capture_output=True,
        check=False,
    )
    return done.returncode, json.loads(done.stdout)


def test_a_mail_by_pipe_is_taken_and_told_as_json(installation: Path) -> None:
    status, told = receive(installation, raw(sender="gus@guest.example"))
    assert (status, told["did"]) == (0, "case")
    assert str(told["case"]).startswith("R-")
    status, told = receive(installation, raw(), "--sender", "")
    assert (status, told["did"]) == (0, "ignored")
    status, told = receive(installation, b"From: nobody\r\n\r\nhello")
    assert (status, told["did"]) == (0, "quarantined")


def test_what_cannot_be_kept_now_is_to_be_brought_again(tmp_path: Path) -> None:
    status, told = receive(tmp_path, raw())
    assert (status, told["did"]) == (75, "nothing")
    assert told["reason"]
