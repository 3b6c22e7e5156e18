"""Every page says all its own words through the catalogues; what people wrote is left out."""

import pytest
from flask import Flask

from portal.locale import ROOMS
from tests.translations.crawling import Said, Visitor, unspoken

AS_STORED = {"desk.mail_html": "a mail as it was sent, in the language of whoever it was for"}
"""Pages that show nothing but what is stored, and why."""
ROOM_OF = {"account": "help", "directory": "desk", "nowhere": "help"}


@pytest.fixture(scope="module")
def found(pseudo_app: Flask, visitors: list[Visitor]) -> list[Said]:
    return unspoken(pseudo_app, visitors)


@pytest.mark.parametrize("room", ROOMS)
def test_all_words_of_a_room_come_from_its_catalogue(found: list[Said], room: str) -> None:
    left = [one for one in found if _room(one) == room and one.endpoint not in AS_STORED]
    assert not left, "\n".join(f"{one.endpoint} {one.address}: {one.words}" for one in left)


def _room(one: Said) -> str:
    blueprint = one.endpoint.partition(".")[0]
    return ROOM_OF.get(blueprint, blueprint)
