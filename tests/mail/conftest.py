"""Mail goes out to a real server on loopback."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portal.settings import Settings
from tests.mail.smtp_server import Mailbox, mail_server


@pytest.fixture
def settings(home: Path, database_url: str) -> Settings:
    return Settings(
        home=home,
        secret="s" * 40,
        base_url="https://help.example",
        database_url=database_url,
        name="Harbour Support",
        mail_from="support@help.example",
    )


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture
def sending(settings: Settings, mailbox: Mailbox) -> Settings:
    """Settings with which mail really goes out."""
    return replace(settings, smtp_host="127.0.0.1", smtp_port=mailbox.port, smtp_tls="none")
