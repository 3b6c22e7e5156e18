"""What strangers' files hold never ends an import, widens an audience or leaves the folder."""

import json
from pathlib import Path

import pytest

from portal.database import Database
from portal.knowledge.foreign.mapping import MappingError, load, preset_names
from tests.knowledge.foreign.folders import bring_over, brought
from tests.knowledge.shelves import lay_out, png

GOOD = {"docs/a/good.md": "---\ntitle: Good\n---\nText\n"}
BOMB = "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (f"---\n{BOMB}---\n", "anchors"),
        ("---\ntitle: !!python/object:os.system x\n---\n", "tags (!)"),
        ("---\na: " + "[" * 500 + "\n---\n", "deep"),
        (f"---\na: {'x' * 70_000}\n---\n", "longer than 64 KB"),
        ("+++\na = [[[[[[[[\n+++\n", "no valid TOML"),
        ("+++\na = " + "[" * 5_000 + "\n+++\n", "no valid TOML"),
        (b"---\ntitle: \xff\xfe\n---\n", "not UTF-8"),
        ("---\ntitle: A\n---\n" + "[" * 400, "more than 200 brackets"),
        ("---\ntitle: A\n---\nA \x00 zero", "control character"),
        ("x" * 400_000, "has more than 320 KB"),
        ("---\ntitle: A\naudience: [staff]\n---\n", "seems to say who may read"),
        ("---\ntitle: A\naudiance: staff\n---\n", "seems to say who may read"),
    ],
)
def test_a_bad_file_is_told_and_the_good_one_comes_in(
    content: str | bytes, told: str, database: Database, tmp_path: Path
) -> None:
    folder = lay_out(tmp_path / "theirs", {**GOOD, "docs/a/bad.md": content})
    outcome = bring_over(database, folder, "docusaurus")
    assert outcome.added == ["docs/a/good.md"]
    (fault,) = outcome.faults
    assert fault.path == "docs/a/bad.md"
    assert told in fault.message


def test_nothing_outside_the_folder_is_read(database: Database, tmp_path: Path) -> None:
    lay_out(tmp_path, {"secret.png": png(), "secret.md": "# Secret\n"})
    folder = lay_out(
        tmp_path / "theirs",
        {"docs/a/good.md": "![a](../../../secret.png) ![b](/../secret.png) ![c](link.png)\n"},
    )
    (folder / "docs/a/link.md").symlink_to(tmp_path / "secret.md")
    (folder / "docs/a/link.png").symlink_to(tmp_path / "secret.png")
    outcome = bring_over(database, folder, "mkdocs")
    assert [fault.path for fault in outcome.faults] == ["docs/a/link.md"]
    assert brought(database)["good"]["images"] == []


def test_an_image_that_is_none_refuses_its_page_only(database: Database, tmp_path: Path) -> None:
    folder = lay_out(
        tmp_path / "theirs",
        {
            **GOOD,
            "docs/a/bad.md": "# Bad\n\n![x](x.png)\n",
            "docs/a/x.png": b"<svg onload='alert(1)'/>",
        },
    )
    outcome = bring_over(database, folder, "mkdocs")
    assert outcome.added == ["docs/a/good.md"]
    assert "is not a PNG, JPEG, GIF or WebP" in outcome.faults[0].message


@pytest.mark.parametrize(
    "body",
    ["<div>" * 20_000, "<p>" + "<b>" * 5_000, "<table>" * 3_000, "&#0;" * 9, "<![CDATA[" * 99],
)
def test_hostile_html_is_bounded(body: str, database: Database, tmp_path: Path) -> None:
    folder = lay_out(
        tmp_path / "theirs", {"a/bad.html": body, "a/good.html": "<h1>Good</h1><p>Text</p>"}
    )
    outcome = bring_over(database, folder, "html")
    assert "a/good.html" in outcome.added
    assert all(fault.path == "a/bad.html" for fault in outcome.faults)


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[" * 100_000,
        "[]",
        "null",
        '{"articles": 3}',
        '{"articles": [1, null, {"id": "x"}, {"id": null}]}',
        json.dumps({"articles": [{"id": 9, "title": "\ud800", "body": "\ud800 \x00"}]}),
        json.dumps({"articles": [{"id": 9, "title": ["x"], "body": {"a": 1}, "section_id": []}]}),
        '{"articles": [{"id": 1e999, "body": ""}]}',
    ],
)
def test_hostile_json_stops_nothing(content: str, database: Database, tmp_path: Path) -> None:
    good = {"articles": [{"id": 5, "title": "Good", "body": "<p>Text</p>"}]}
    folder = lay_out(tmp_path / "theirs", {"bad.json": content, "good.json": json.dumps(good)})
    bring_over(database, folder, "zendesk")
    assert "good" in brought(database)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("kind = ", "no valid TOML"),
        ('kind = "wiki"', "Choose one of"),
        ("speed = 3", "`speed` is no known key"),
        ('[keys]\nname = "x"', "`keys.name` isn't known"),
        ("[keys]\ntitle = 3", "must be a list of texts"),
        ('[constants]\naudience = "everybody"', "is no audience"),
        ("keys = 3", "must be a table"),
    ],
)
def test_a_mapping_that_can_t_be_used_says_why(text: str, told: str) -> None:
    with pytest.raises(MappingError, match=told.replace("(", r"\(")):
        load("mkdocs", text)


def test_every_preset_is_good_and_says_who_may_read() -> None:
    assert {"mkdocs", "docusaurus", "jekyll", "github-docs", "hugo", "zendesk", "html"} <= set(
        preset_names()
    )
    for name in preset_names():
        assert load(name, None).defaults["audience"]
