"""Every page says all its own words through the catalogues; what people wrote is left out."""

import pytest
from flask import Flask

from portal.locale import ROOMS
from tests.translations.crawling import Said, Visitor, unspoken

COMPLETE = ("help", "support", "writing")
"""The rooms in which nothing may be left; `--runxfail -k desk` lists what is left in another."""
ROOM_OF = {"account": "help", "directory": "desk", "nowhere": "help"}


@pytest.fixture(scope="module")
def found(pseudo_app: Flask, visitors: list[Visitor]) -> list[Said]:
    return unspoken(pseudo_app, visitors)


@pytest.mark.parametrize(
    "room",
    [
        pytest.param(room, marks=() if room in COMPLETE else pytest.mark.xfail(strict=False))
        for room in ROOMS
    ],
)
def test_all_words_of_a_room_come_from_its_catalogue(found: list[Said], room: str) -> None:
    left = [one for one in found if _room(one) == room]
    assert not left, "\n".join(f"{one.endpoint} {one.address}: {one.words}" for one in left)


def _room(one: Said) -> str:
    blueprint = one.endpoint.partition(".")[0]
    return ROOM_OF.get(blueprint, blueprint)
