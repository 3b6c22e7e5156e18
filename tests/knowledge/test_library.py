"""A folder comes in file by file, bad ones told by line, and goes out again with nothing lost."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.database import Database
from portal.files import FileStore
from portal.knowledge.addressing import change_slug
from portal.knowledge.article import Article, ArticleType, Audience, Category, Status, Version
from portal.knowledge.front_matter import ArticleFile, dump
from portal.knowledge.library import check_library
from portal.knowledge.library_export import export_library, note_exported
from portal.knowledge.library_folder import scan
from portal.knowledge.library_status import Comparison, compare
from portal.knowledge.publishing import publish
from portal.knowledge.queries import Gone, Moved, find_article
from portal.knowledge.reader import ANYONE, STAFF, Reader
from portal.knowledge.versioning import save_version
from portal.knowledge.withdrawing import retire
from portal.knowledge.words import Words
from portal.people.organisation import Organisation
from tests.knowledge.shelves import AT, article, bring_in, held, lay_out, png
from tests.knowledge.test_front_matter import article_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return lay_out(
        tmp_path / "library", {"using/how.md": article("How?"), "using/why.md": article("Why?")}
    )


def said(faults: list) -> list[str]:
    return sorted(str(fault) for fault in faults)


def test_files_become_articles_and_folders_categories(database: Database, folder: Path) -> None:
    lay_out(folder, {"using/_category.yaml": "title: Using it\nsummary: Daily work\nposition: 3\n"})
    lay_out(folder, {"using/deep-down/what.md": article("What?")})
    outcome = bring_in(database, folder)
    assert (len(outcome.added), outcome.faults, outcome.notes) == (3, [], [])
    with database.reading() as db:
        found = held(db)
    assert set(found["articles"]) == {"how", "why", "what"}
    assert found["categories"] == {
        "using": ("Using it", "Daily work", 3, None),
        "using-deep-down": ("Deep down", "", 100, "using"),
    }


def test_an_unchanged_import_changes_nothing(database: Database, folder: Path) -> None:
    bring_in(database, folder)
    with database.reading() as db:
        before = held(db)
        versions = db.scalar(select(func.count()).select_from(Version))
    outcome = bring_in(database, folder)
    assert (len(outcome.unchanged), outcome.added, outcome.changed) == (2, [], [])
    with database.reading() as db:
        assert held(db) == before
        assert db.scalar(select(func.count()).select_from(Version)) == versions


def test_a_changed_file_becomes_a_version(database: Database, folder: Path) -> None:
    bring_in(database, folder)
    lay_out(folder, {"using/how.md": article("How?", "Better.\n")})
    assert bring_in(database, folder).changed == ["using/how.md"]
    with database.reading() as db:
        found = find_article(db, "how", reader=ANYONE)
        assert isinstance(found, Article)
        assert [version.number for version in found.versions] == [1, 2]
        assert found.published is found.versions[1]


def test_each_bad_file_is_told_with_its_line_and_the_others_come_in(
    database: Database, folder: Path
) -> None:
    lay_out(
        folder,
        {
            "using/a.md": "no head",
            "using/b.md": article(verified_on="soon"),
            "using/c.md": article(body="fine\n\n" + "[" * 300),
            "using/Bad Name.md": article(),
            "using/d.md": b"---\ntitle: \xff\n---\n",
            "other/how.md": article(),
            "loose.md": article(),
            "using/e.md": article(audience="{organisations: [nobody]}"),
            "using/f.md": article(aliases="[why]"),
            "using/g.md": article(status="retired", heir="nowhere"),
            "using/_category.yaml": "title: X\norder: 3\n",
        },
    )
    outcome = bring_in(database, folder)
    assert set(outcome.added) == {"other/how.md", "using/why.md", "using/g.md"}
    told = "\n".join(said(outcome.faults))
    for expected in (
        "using/a.md:1: the file must begin with",
        "using/b.md:5: `verified_on` can't be “soon”",
        "using/c.md:9: more than 200 brackets",
        "using/Bad Name.md:1: the name “Bad Name” can't be an address",
        "using/d.md:2: the file is not UTF-8",
        "using/how.md:1: has the same address “how” as other/how.md",
        "loose.md:1: lies in no category",
        "using/e.md:3: `audience` names nobody",
        "using/f.md:5: `aliases`: “why” leads to using/why.md",
        "using/g.md:5: `heir`: there is no published article “nowhere”",
        "using/_category.yaml:2: `order` is no known key",
    ):
        assert expected in told
    assert len(outcome.faults) == 11


def test_a_renamed_file_keeps_its_article_and_its_old_address(
    database: Database, folder: Path
) -> None:
    bring_in(database, folder)
    (folder / "using/how.md").unlink()
    lay_out(folder, {"moved/how-now.md": article("How?", aliases="[how]")})
    bring_in(database, folder)
    with database.reading() as db:
        assert find_article(db, "how", reader=ANYONE) == Moved("how-now")
        assert db.scalar(select(func.count()).select_from(Article)) == 2


def test_what_a_writer_did_in_the_portal_outlives_an_unchanged_file(
    database: Database, folder: Path
) -> None:
    bring_in(database, folder)
    with database.writing() as db:
        how = db.scalars(select(Article).where(Article.slug == "how")).one()
        why = db.scalars(select(Article).where(Article.slug == "why")).one()
        save_version(db, article=how, words=Words("How?", "By hand.\n"), by=None, now=AT)
        publish(db, article=how, by=None, now=AT)
        change_slug(db, article=how, slug="how-to", by=None, now=AT)
        retire(db, article=why, by=None, now=AT)
    outcome = bring_in(database, folder)
    assert (len(outcome.unchanged), outcome.faults) == (2, [])
    with database.reading() as db:
        found = find_article(db, "how-to", reader=ANYONE)
        assert isinstance(found, Article)
        assert found.published is not None
        assert found.published.body == "By hand.\n"
        assert isinstance(find_article(db, "why", reader=ANYONE), Gone)


def test_retired_files_lead_to_their_heirs_whatever_the_order(
    database: Database, tmp_path: Path
) -> None:
    folder = lay_out(
        tmp_path / "library",
        {
            "c/a.md": article("A?", status="retired", heir="z"),
            "c/b.md": article("B?", status="retired"),
            "c/d.md": article("D?", status="draft"),
            "c/z.md": article("Z?"),
        },
    )
    assert bring_in(database, folder).faults == []
    with database.reading() as db:
        assert find_article(db, "a", reader=ANYONE) == Moved("z")
        assert find_article(db, "b", reader=ANYONE) == Gone("B?")
        assert find_article(db, "d", reader=STAFF) is None


def test_A20_an_article_for_one_customer_stays_with_that_customer(
    database: Database, folder: Path
) -> None:
    with database.writing() as db:
        acme = Organisation(slug="acme", name="Acme", created_at=AT)
        db.add(acme)
        db.flush()
        acme_id = acme.id
    lay_out(folder, {"using/own.md": article("Own?", audience="{organisations: [acme]}")})
    assert bring_in(database, folder).faults == []
    with database.reading() as db:
        assert find_article(db, "own", reader=Reader("contact", acme_id))
        assert find_article(db, "own", reader=Reader("contact", acme_id + 1)) is None
        assert find_article(db, "own", reader=ANYONE) is None


@pytest.mark.parametrize("kind", ["how-to", "manual", "reference", "training", "faq", "release"])
def test_A19_D7_help_of_several_kinds_has_its_own_type(
    kind: str, database: Database, folder: Path
) -> None:
    lay_out(folder, {"using/how.md": article("How?", type=kind)})
    bring_in(database, folder)
    with database.reading() as db:
        found = find_article(db, "how", reader=ANYONE)
        assert isinstance(found, Article)
        assert found.type is ArticleType(kind)


def test_A21_every_import_of_changed_words_can_be_looked_up_later(
    database: Database, folder: Path
) -> None:
    for body in ("First.\n", "Second.\n", "Third.\n"):
        lay_out(folder, {"using/how.md": article("How?", body)})
        bring_in(database, folder)
    with database.reading() as db:
        found = find_article(db, "how", reader=ANYONE)
        assert isinstance(found, Article)
        assert [v.body for v in found.versions] == ["First.\n", "Second.\n", "Third.\n"]


def test_images_come_with_their_article_and_their_size(database: Database, folder: Path) -> None:
    lay_out(
        folder,
        {
            "using/how.md": article("How?", "![The form](../images/form.png)\n"),
            "images/form.png": png(40, 30),
        },
    )
    assert bring_in(database, folder).faults == []
    with database.reading() as db:
        found = find_article(db, "how", reader=ANYONE)
        assert isinstance(found, Article)
        (image,) = found.images
        assert found.published is not None
        assert f'src="/files/{image.content_hash}/form.png"' in found.published.html
        assert 'height="30"' in found.published.html
        kept = FileStore(folder.parent / "store").path(image.content_hash)
    assert kept.read_bytes() == png(40, 30)
    lay_out(folder, {"images/form.png": png(50, 30)})
    assert bring_in(database, folder).changed == ["using/how.md"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.svg", b"<svg onload='alert(1)'/>", "is not a PNG, JPEG, GIF or WebP"),
        ("x.png", b"<html><script>alert(1)</script>", "is not a PNG, JPEG, GIF or WebP"),
        ("x.png", png()[:14], "has no readable size"),
        ("x.png", png()[:16] + b"\x00\x00\x20\x00" * 2 + png()[24:], "million pixels"),
        ("x.gif", b"GIF89a" + b"\xff\xff\xff\xff" + b"\x00" * 20, "has no readable size"),
    ],
)
def test_what_is_no_image_is_refused(
    name: str, content: bytes, told: str, database: Database, folder: Path
) -> None:
    lay_out(
        folder, {"using/how.md": article(body=f"Text\n\n![x]({name})\n"), f"using/{name}": content}
    )
    (fault,) = bring_in(database, folder).faults
    assert (fault.path, fault.line) == ("using/how.md", 9)
    assert told in fault.message


def test_nothing_outside_the_folder_is_read(database: Database, folder: Path) -> None:
    lay_out(folder.parent, {"secret.png": png(), "secret.md": article("Secret?")})
    (folder / "using/link.md").symlink_to(folder.parent / "secret.md")
    (folder / "using/link.png").symlink_to(folder.parent / "secret.png")
    lay_out(folder, {"using/how.md": article(body="![x](../../secret.png) ![y](link.png)\n")})
    outcome = bring_in(database, folder)
    assert said(outcome.faults) == [
        "using/link.md:1: is no plain file within the library. Replace the link by the file itself."
    ]
    assert {note.message for note in outcome.notes} == {
        "names ../../secret.png, which isn't there.",
        "names link.png, which isn't there.",
    }
    assert not (folder.parent / "store").exists()


def test_links_that_lead_nowhere_are_noted(database: Database, folder: Path) -> None:
    lay_out(folder, {"using/how.md": article(body="[a](why.md)\n\n[b](gone.md)\n")})
    (note,) = bring_in(database, folder).notes
    assert str(note).startswith("using/how.md:9: links to “gone”")
    (note,) = check_library(scan(folder)).notes
    assert str(note).startswith("using/how.md:9: links to “gone”")


def test_progress_is_told_to_the_end(folder: Path) -> None:
    told: list[tuple[int, int]] = []
    lay_out(folder, {f"using/a{n}.md": article() for n in range(118)})
    check_library(scan(folder), progress=lambda done, total: told.append((done, total)))
    assert told == [(100, 120), (120, 120)]


def test_an_export_tells_what_it_leaves_behind(database: Database, folder: Path) -> None:
    bring_in(database, folder)
    with database.writing() as db:
        how = db.scalars(select(Article).where(Article.slug == "how")).one()
        save_version(db, article=how, words=Words("How?", "Unpublished.\n"), by=None, now=AT)
    with database.reading() as db:
        exported = export_library(db, FileStore(folder.parent / "store"), folder.parent / "out")
    assert said(exported.notes)[0].startswith("using/how.md:1: version 2 is not published")
    assert "An answer." in (folder.parent / "out/using/how.md").read_text()


shelves = st.sampled_from(["one", "two", "one/inner", "one/inner/core"])


@st.composite
def libraries(draw: st.DrawFn) -> dict[str, ArticleFile]:
    """Libraries that are right: distinct addresses, heirs that are published."""
    found = draw(
        st.dictionaries(st.sampled_from(["a", "b-c", "d", "e1"]), article_files(), min_size=1)
    )
    public = [slug for slug, one in found.items() if one.status is Status.PUBLISHED]
    library = {}
    for n, (slug, one) in enumerate(found.items()):
        organisations = ("acme",) if one.audience is Audience.ORGANISATIONS else ()
        heir = public[0] if one.heir and public else None
        aliases = tuple(f"{alias[:100]}-was-{n}" for alias in one.aliases)
        body = one.body if one.body.isprintable() else "![x](x.png)\n\nText\n"
        library[f"{draw(shelves)}/{slug}.md"] = replace(
            one, category=None, organisations=organisations, heir=heir, aliases=aliases, body=body
        )
    return library


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(libraries())
def test_import_export_import_loses_nothing(
    empty_database_file: Path, tmp_path: Path, library: dict[str, ArticleFile]
) -> None:
    work = tmp_path / "round"
    shutil.rmtree(work, ignore_errors=True)
    first = lay_out(work / "first", {path: dump(one) for path, one in library.items()})
    lay_out(first, {f"{path.rpartition('/')[0]}/x.png": png() for path in library})
    lay_out(first, {"one/_category.yaml": "title: One\nsummary: 'Of: one'\nposition: 7\n"})
    states = []
    for source, target in (("first", "second"), ("second", "third")):
        shutil.copy(empty_database_file, work / f"{source}.db")
        database = Database(f"sqlite:///{work / source}.db")
        with database.writing() as db:
            db.add(Organisation(slug="acme", name="Acme", created_at=AT))
        assert bring_in(database, work / source).faults == []
        with database.reading() as db:
            states.append(held(db))
            exported = export_library(db, FileStore(work / "store"), work / target)
            assert exported.faults == []
        with database.writing() as db:
            note_exported(db, exported, work / target, now=AT)
        with database.reading() as db:
            told = compare(db, scan(work / target), str(work / target))
            assert told == Comparison(same=len(library))
        database.close()
    assert states[0] == states[1]
    assert len(states[0]["articles"]) == len(library)
    for file in (work / "second").rglob("*"):
        if file.is_file():
            assert (
                file.read_bytes()
                == (work / "third" / file.relative_to(work / "second")).read_bytes()
            )


def _readers(database: Database) -> tuple[str, list[str]]:
    with database.reading() as db:
        found = db.scalars(select(Category)).one()
        return found.audience.value, [one.slug for one in found.organisations]


def test_who_may_read_on_a_category_comes_with_its_file_and_is_never_widened_by_silence(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    with database.writing() as db:
        db.add(Organisation(slug="acme", name="Acme", created_at=AT))
    said = "title: Using\naudience: {organisations: [acme]}\n"
    lay_out(folder, {"using/_category.yaml": said})
    bring_in(database, folder)
    assert _readers(database) == ("organisations", ["acme"])
    with database.reading() as db:
        assert find_article(db, "how", reader=ANYONE) is None
        export_library(db, FileStore(tmp_path / "files"), tmp_path / "out")
    assert "acme" in (tmp_path / "out" / "using" / "_category.yaml").read_text()
    lay_out(folder, {"using/_category.yaml": "title: Using it\n"})
    bring_in(database, folder)
    assert _readers(database) == ("organisations", ["acme"])
    lay_out(folder, {"using/_category.yaml": said.replace("acme", "globex")})
    assert "globex" in str(bring_in(database, folder).faults)
    assert _readers(database) == ("staff", [])


def test_a_category_whose_file_is_faulty_is_for_staff(database: Database, folder: Path) -> None:
    lay_out(folder, {"using/_category.yaml": "title: Using\naudience: everybody\n"})
    assert bring_in(database, folder).faults
    assert _readers(database) == ("staff", [])
