"""Libraries of other tools come in with words, links and images, and say what needs a look."""

from pathlib import Path

import pytest

from portal.database import Database
from tests.knowledge.foreign.folders import FOLDERS, bring_over, brought
from tests.knowledge.shelves import lay_out, png


@pytest.fixture
def over(database: Database, tmp_path: Path):
    def bring(preset: str):
        folder = lay_out(tmp_path / "theirs", FOLDERS[preset])
        return bring_over(database, folder, preset), brought(database)

    return bring


def said(notes: list) -> str:
    return "\n".join(str(note) for note in notes)


@pytest.mark.parametrize("preset", FOLDERS)
def test_each_comes_in_whole_and_a_second_time_changes_nothing(
    preset: str, database: Database, tmp_path: Path
) -> None:
    folder = lay_out(tmp_path / "theirs", FOLDERS[preset])
    first = bring_over(database, folder, preset)
    assert (first.faults, first.conflicts) == ([], [])
    before = brought(database)
    again = bring_over(database, folder, preset)
    assert sorted(again.unchanged) == sorted(first.added)
    assert (again.added, again.changed, again.conflicts) == ([], [], [])
    assert brought(database) == before


def test_mkdocs(over) -> None:
    outcome, found = over("mkdocs")
    assert set(found) == {"index", "guide-install", "admin-install"}
    guide = found["guide-install"]
    assert (guide["title"], guide["summary"]) == ("Install it", "How it gets in")
    assert guide["words"] == ["setup", "linux"]
    assert '<div class="admonition note">' in guide["html"]
    assert "Have a disk." in guide["html"]
    assert "Linux" in guide["html"]
    assert 'src="/files/' in guide["html"]
    assert 'href="/articles/index"' in guide["html"]
    assert 'href="/articles/guide-install#section-linux"' in found["index"]["html"]
    assert "docs/guide/install.md:17: links to “missing”" in said(outcome.notes)


def test_docusaurus(over) -> None:
    outcome, found = over("docusaurus")
    assert set(found) == {"intro", "settings"}
    intro, settings = found["intro"], found["settings"]
    assert (intro["title"], intro["shelf"]) == ("Introduction", "Getting started")
    assert "import Tabs" not in intro["body"]
    assert '<p class="admonition-title">Read this</p>' in intro["html"]
    assert "It is <strong>short</strong>." in intro["html"]
    assert "```js\n:::note\n```" in intro["body"]
    assert 'href="/articles/settings"' in intro["html"]
    assert intro["images"] == ["images/intro-logo.png"]
    assert settings["status"] == "draft"
    assert 'href="/articles/intro"' in settings["html"]
    assert "03-settings.mdx:8: “<Tabs>” is another tool's sign" in said(outcome.notes)


def test_jekyll(over) -> None:
    outcome, found = over("jekyll")
    pay, refunds = found["how-to-pay"], found["refunds"]
    assert (pay["shelf"], pay["aliases"]) == ("Billing", ["paying"])
    assert "puts" in pay["html"]
    assert "{{ x }}" in pay["html"].replace('<span class="si">', "").replace("</span>", "")
    assert 'href="/articles/refunds"' in pay["html"]
    assert "{: .note}" not in pay["body"]
    assert refunds["status"] == "draft"
    assert "“{%” is another tool's sign" in said(outcome.notes)


def test_github_docs(over) -> None:
    _, found = over("github-docs")
    creating = found["creating"]
    assert (creating["summary"], creating["aliases"]) == ("Make *it*", ["create-a-repo"])
    assert '<div class="admonition warning">' in creating["html"]
    assert "So think." in creating["html"]
    assert creating["html"].count('href="/articles/repositories"') == 2


def test_hugo(over) -> None:
    outcome, found = over("hugo")
    first = found["first"]
    assert (first["summary"], first["verified"]) == ("Short", "2024-05-01")
    assert first["aliases"] == ["old-first"]
    assert 'href="/articles/second"' in first["html"]
    assert 'alt="A picture"' in first["html"]
    assert '<div class="admonition warning">' in first["html"]
    assert "guide" in found
    assert "“{{<” is another tool's sign" in said(outcome.notes)


def test_html_pages(over) -> None:
    _, found = over("html")
    start = found["start"]
    assert (start["title"], start["summary"]) == ("Start here", "How to start")
    assert "Menu" not in start["body"]
    assert "alert" not in start["body"]
    assert "<strong>this</strong>" in start["html"]
    assert 'href="/articles/next#section-b"' in start["html"]
    assert "run *it*" in start["body"]
    assert "<table>" in start["html"]
    assert start["images"] == ["images/start-a.png"]


def test_zendesk(over) -> None:
    _, found = over("zendesk")
    pay, refunds = found["how-do-i-pay"], found["refunds"]
    assert (pay["shelf"], pay["words"], pay["audience"]) == (
        "Billing",
        ["card", "invoice"],
        "public",
    )
    assert 'href="/articles/refunds"' in pay["html"]
    assert pay["images"] == ["images/how-do-i-pay-card.png"]
    assert (refunds["status"], refunds["audience"]) == ("draft", "staff")
    assert 'href="/articles/how-do-i-pay"' in refunds["html"]


def test_a_mapping_says_what_the_preset_does_not(database: Database, tmp_path: Path) -> None:
    folder = lay_out(
        tmp_path / "theirs",
        {"docs/a/page.md": "---\nname: A page\nteam: Docs\nseen: 3/4/2026\nrank: 3\n---\nText\n"},
    )
    mapping = (
        '[keys]\ntitle = ["name"]\nowner = ["team"]\nverified_on = ["seen"]\n'
        '[constants]\naudience = "customers"\ncategory = "Handbook"\n'
    )
    assert bring_over(database, folder, "mkdocs", mapping).faults == []
    page = brought(database)["page"]
    assert (page["title"], page["audience"], page["shelf"]) == ("A page", "customers", "Handbook")
    assert page["verified"] == "2026-03-04"


def test_a_page_changed_on_both_sides_is_a_conflict_here_too(
    database: Database, tmp_path: Path
) -> None:
    folder = lay_out(tmp_path / "theirs", FOLDERS["hugo"])
    bring_over(database, folder, "hugo")
    lay_out(folder, {"static/images/pic.png": png(60, 50)})
    assert bring_over(database, folder, "hugo").changed == ["content/guide/first.md"]
