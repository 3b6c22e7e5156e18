"""A file and its article go on together: whoever alone has changed wins, nobody is overwritten."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.database import Database
from portal.files import FileStore
from portal.knowledge.addressing import change_slug
from portal.knowledge.article import Article, Category, Version
from portal.knowledge.article_source import EARLIER, ArticleSource
from portal.knowledge.describing import describe
from portal.knowledge.library import import_library
from portal.knowledge.library_comparing import Common, Sides, Standing, standing
from portal.knowledge.library_export import Exported, export_library, note_exported
from portal.knowledge.library_folder import scan
from portal.knowledge.library_outcome import Outcome
from portal.knowledge.library_status import Comparison, compare
from portal.knowledge.publishing import publish
from portal.knowledge.versioning import save_version
from portal.knowledge.words import Words, facts_of
from tests.knowledge.shelves import AT, article, bring_in, lay_out, png


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return lay_out(
        tmp_path / "library", {"using/how.md": article("How?"), "using/why.md": article("Why?")}
    )


def write(database: Database, slug: str, body: str, *, published: bool = True) -> None:
    """What a writer does on the page."""
    with database.writing() as db:
        found = db.scalars(select(Article).where(Article.slug == slug)).one()
        title = found.versions[-1].title
        save_version(db, article=found, words=Words(title, body), by=None, now=AT)
        if published:
            publish(db, article=found, by=None, now=AT)


def body_of(database: Database, slug: str) -> str:
    with database.reading() as db:
        return db.scalars(select(Article).where(Article.slug == slug)).one().versions[-1].body


def import_over(database: Database, folder: Path, *slugs: str) -> Outcome:
    files = FileStore(folder.parent / "store")
    return import_library(database, files, scan(folder), overwritten=slugs, now=AT)


def take_out(database: Database, folder: Path, *slugs: str) -> Exported:
    with database.reading() as db:
        exported = export_library(db, FileStore(folder.parent / "store"), folder, overwritten=slugs)
    with database.writing() as db:
        note_exported(db, exported, folder, now=AT)
    return exported


def compared(database: Database, folder: Path) -> Comparison:
    with database.reading() as db:
        return compare(db, scan(folder), str(folder))


hashes = st.sampled_from(["a", "b", "c"])


@given(hashes, hashes, st.none() | st.builds(Common, hashes, hashes))
def test_only_the_side_that_changed_alone_goes_on(
    file_hash: str, article_hash: str, common: Common | None
) -> None:
    found = standing(Sides(file_hash, article_hash, are_equal=False), common)
    file_changed = common is None or file_hash != common.file_hash
    article_changed = common is None or article_hash != common.article_hash
    assert (found is Standing.BOTH_CHANGED) == (file_changed and article_changed)
    assert (found is Standing.FILE_CHANGED) == (file_changed and not article_changed)
    assert (found is Standing.ARTICLE_CHANGED) == (article_changed and not file_changed)


def test_what_changed_on_the_page_alone_is_left_alone(database: Database, folder: Path) -> None:
    bring_in(database, folder)
    write(database, "how", "By hand.\n")
    outcome = bring_in(database, folder)
    assert (outcome.changed, outcome.conflicts, outcome.faults) == ([], [], [])
    assert body_of(database, "how") == "By hand.\n"


def test_a_conflict_is_told_with_both_sides_and_overwrites_neither(
    database: Database, folder: Path
) -> None:
    bring_in(database, folder)
    write(database, "how", "By hand.\n")
    lay_out(folder, {"using/how.md": article("How?", "By file.\n")})
    (conflict,) = bring_in(database, folder).conflicts
    assert str(conflict).startswith("using/how.md:1: the file and the article “how” have both")
    assert "-By file." in conflict.difference
    assert "+By hand." in conflict.difference
    assert body_of(database, "how") == "By hand.\n"
    (again,) = bring_in(database, folder).conflicts
    assert again == conflict


def test_the_file_wins_where_somebody_says_so_and_the_page_s_words_are_kept(
    database: Database, folder: Path
) -> None:
    bring_in(database, folder)
    write(database, "how", "By hand.\n")
    write(database, "why", "By hand too.\n")
    lay_out(folder, {f"using/{slug}.md": article(f"{slug}?", "File.\n") for slug in ("how", "why")})
    outcome = import_over(database, folder, "how")
    assert outcome.changed == ["using/how.md"]
    assert [one.slug for one in outcome.conflicts] == ["why"]
    with database.reading() as db:
        found = db.scalars(select(Article).where(Article.slug == "how")).one()
        assert [version.body for version in found.versions][-2:] == ["By hand.\n", "File.\n"]
    assert import_over(database, folder).unchanged == ["using/how.md"]


def test_the_same_change_on_both_sides_is_no_conflict(database: Database, folder: Path) -> None:
    bring_in(database, folder)
    write(database, "how", "Better.\n")
    lay_out(folder, {"using/how.md": article("How?", "Better.\n")})
    outcome = bring_in(database, folder)
    assert (outcome.conflicts, sorted(outcome.unchanged)) == ([], ["using/how.md", "using/why.md"])
    lay_out(folder, {"using/how.md": article("How?", "Still better.\n")})
    assert bring_in(database, folder).changed == ["using/how.md"]


def test_words_that_a_writer_saved_but_did_not_publish_are_not_overwritten(
    database: Database, folder: Path
) -> None:
    bring_in(database, folder)
    write(database, "how", "Half done.\n", published=False)
    lay_out(folder, {"using/how.md": article("How?", "By file.\n")})
    (conflict,) = bring_in(database, folder).conflicts
    assert "+Half done." in conflict.difference


def test_facts_and_images_count_as_changes_too(database: Database, folder: Path) -> None:
    bring_in(database, folder)
    with database.writing() as db:
        found = db.scalars(select(Article).where(Article.slug == "how")).one()
        facts = facts_of(found)
        facts.__dict__["owner"] = "Wren"
        describe(db, article=found, facts=facts, by=None, now=AT)
    lay_out(folder, {"using/how.md": article("How?", "![A](a.png)\n"), "using/a.png": png()})
    (conflict,) = bring_in(database, folder).conflicts
    assert "+owner: Wren" in conflict.difference


def test_two_that_were_never_the_same_are_a_conflict(database: Database, folder: Path) -> None:
    bring_in(database, folder)
    other = lay_out(
        folder.parent / "other",
        {"using/how.md": article("How?"), "using/why.md": article("Why?", "Other.\n")},
    )
    outcome = bring_in(database, other)
    assert outcome.unchanged == ["using/how.md"]
    assert [one.path for one in outcome.conflicts] == ["using/why.md"]


def test_a_copy_of_a_folder_stands_where_the_folder_stood(database: Database, folder: Path) -> None:
    bring_in(database, folder)
    copy = lay_out(
        folder.parent / "copy",
        {"using/how.md": article("How?"), "using/why.md": article("Why?")},
    )
    assert len(bring_in(database, copy).unchanged) == 2
    lay_out(copy, {"using/how.md": article("How?", "Better.\n")})
    assert bring_in(database, copy).changed == ["using/how.md"]


def test_what_an_earlier_release_imported_goes_on(database: Database, folder: Path) -> None:
    bring_in(database, folder)
    with database.writing() as db:
        for row in db.scalars(select(ArticleSource)):
            row.source, row.article_hash = EARLIER, ""
    write(database, "why", "By hand.\n")
    lay_out(folder, {f"using/{slug}.md": article(f"{slug}?", "File.\n") for slug in ("how", "why")})
    outcome = bring_in(database, folder)
    assert outcome.changed == ["using/how.md"]
    assert [one.slug for one in outcome.conflicts] == ["why"]


class KilledError(Exception):
    """The import ends here."""


def import_until(database: Database, folder: Path, end: int) -> None:
    def kill(done: int, _total: int) -> None:
        if done >= end:
            raise KilledError

    store = FileStore(folder.parent / "store")
    with pytest.raises(KilledError):
        import_library(database, store, scan(folder), now=AT, progress=kill)


def test_an_import_that_is_killed_goes_on_where_it_stopped(
    database: Database, tmp_path: Path
) -> None:
    names = [f"using/a{n:03}.md" for n in range(250)]
    folder = lay_out(tmp_path / "library", {name: article(name) for name in names})
    import_until(database, folder, 200)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Article)) == 200
    outcome = bring_in(database, folder)
    assert (len(outcome.unchanged), len(outcome.added)) == (200, 50)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Version)) == 250


def test_an_heir_that_a_killed_import_did_not_name_is_named_by_the_next(
    database: Database, tmp_path: Path
) -> None:
    folder = lay_out(
        tmp_path / "library",
        {"c/a.md": article("A?", status="retired", heir="z"), "c/z.md": article("Z?")},
    )
    import_until(database, folder, 2)
    assert bring_in(database, folder).conflicts == []
    with database.reading() as db:
        heir = db.scalars(select(Article).where(Article.slug == "a")).one().heir
        assert heir is not None
        assert heir.slug == "z"
    assert len(bring_in(database, folder).unchanged) == 2


def test_an_export_writes_what_changed_on_the_page_and_keeps_how_a_file_is_written(
    database: Database, folder: Path
) -> None:
    lay_out(folder, {"using/why.md": article("Why?", summary="'Short'   # by hand")})
    bring_in(database, folder)
    before = (folder / "using/why.md").read_text()
    write(database, "how", "By hand.\n")
    assert compared(database, folder).changed_articles == ["using/how.md"]
    exported = take_out(database, folder)
    assert (exported.written, exported.unchanged) == (["using/how.md"], ["using/why.md"])
    assert "By hand." in (folder / "using/how.md").read_text()
    assert (folder / "using/why.md").read_text() == before
    assert compared(database, folder) == Comparison(same=2)
    assert len(bring_in(database, folder).unchanged) == 2
    lay_out(folder, {"using/how.md": article("How?", "Then by file.\n")})
    assert bring_in(database, folder).changed == ["using/how.md"]


def test_an_export_leaves_a_file_that_changed_to_the_next_import(
    database: Database, folder: Path
) -> None:
    bring_in(database, folder)
    lay_out(folder, {"using/how.md": article("How?", "By file.\n"), "using/new.md": article()})
    told = compared(database, folder)
    assert (told.changed_files, told.only_files) == (["using/how.md"], ["using/new.md"])
    assert take_out(database, folder).waiting == ["using/how.md"]
    assert "By file." in (folder / "using/how.md").read_text()


def test_an_export_overwrites_neither_side_of_a_conflict_unless_told_to(
    database: Database, folder: Path
) -> None:
    bring_in(database, folder)
    write(database, "how", "By hand.\n")
    lay_out(folder, {"using/how.md": article("How?", "By file.\n")})
    (conflict,) = take_out(database, folder).conflicts
    assert {"-By file.", "+By hand."} <= set(conflict.difference)
    assert "By file." in (folder / "using/how.md").read_text()
    assert [one.slug for one in compared(database, folder).conflicts] == ["how"]
    assert take_out(database, folder, "how").written == ["using/how.md"]
    assert "By hand." in (folder / "using/how.md").read_text()
    assert compared(database, folder) == Comparison(same=2)


def test_a_file_moves_with_its_article(database: Database, folder: Path) -> None:
    bring_in(database, folder)
    with database.writing() as db:
        found = db.scalars(select(Article).where(Article.slug == "how")).one()
        change_slug(db, article=found, slug="how-to", by=None, now=AT)
    assert take_out(database, folder).written == ["using/how-to.md"]
    assert not (folder / "using/how.md").exists()
    outcome = bring_in(database, folder)
    assert (len(outcome.unchanged), outcome.faults, outcome.conflicts) == (2, [], [])


def test_an_image_replaced_on_the_page_replaces_the_one_in_the_folder(
    database: Database, folder: Path
) -> None:
    lay_out(folder, {"using/how.md": article("How?", "![A](a.png)\n"), "using/a.png": png()})
    bring_in(database, folder)
    other = lay_out(
        folder.parent / "other",
        {"using/how.md": article("How?", "![A](a.png)\n"), "using/a.png": png(50, 40)},
    )
    import_over(database, other, "how")
    assert take_out(database, folder).written == ["using/how.md"]
    assert (folder / "using/a.png").read_bytes() == png(50, 40)


def test_an_export_writes_nothing_outside_its_folder(database: Database, folder: Path) -> None:
    bring_in(database, folder)
    outside = folder.parent / "outside"
    outside.mkdir()
    target = folder.parent / "target"
    target.mkdir()
    (target / "using").symlink_to(outside)
    exported = take_out(database, target)
    assert len(exported.faults) == 3
    assert list(outside.iterdir()) == []


def describe_shelf(folder: Path, title: str) -> None:
    lay_out(folder, {"using/_category.yaml": f"title: {title}   # by hand\nposition: 3\n"})


def rename_shelf(database: Database, title: str) -> None:
    with database.writing() as db:
        db.scalars(select(Category).where(Category.slug == "using")).one().title = title


def shelf_title(database: Database) -> str:
    with database.reading() as db:
        return db.scalars(select(Category.title).where(Category.slug == "using")).one()


def test_a_category_and_its_file_are_one_and_only_who_changed_alone_wins(
    database: Database, folder: Path
) -> None:
    describe_shelf(folder, "Using")
    bring_in(database, folder)
    rename_shelf(database, "By hand")
    assert bring_in(database, folder).conflicts == []
    assert shelf_title(database) == "By hand", "what changed on the page alone is left alone"
    assert compared(database, folder).changed_articles == ["using/_category.yaml"]
    assert take_out(database, folder).conflicts == []
    assert "title: By hand" in (folder / "using/_category.yaml").read_text()
    assert compared(database, folder) == Comparison(same=2)
    describe_shelf(folder, "By file")
    assert compared(database, folder).changed_files == ["using/_category.yaml"]
    assert take_out(database, folder).waiting == ["using/_category.yaml"]
    bring_in(database, folder)
    assert shelf_title(database) == "By file"
    assert "# by hand" in (folder / "using/_category.yaml").read_text()


def test_a_category_and_its_file_that_both_changed_are_shown_and_neither_is_overwritten(
    database: Database, folder: Path
) -> None:
    describe_shelf(folder, "Using")
    bring_in(database, folder)
    rename_shelf(database, "By hand")
    describe_shelf(folder, "By file")
    (conflict,) = bring_in(database, folder).conflicts
    assert "the category “using” have both changed" in str(conflict)
    assert {"-title: By file", "+title: By hand"} <= set(conflict.difference)
    assert shelf_title(database) == "By hand"
    assert [one.slug for one in compared(database, folder).conflicts] == ["using"]
    assert [one.slug for one in take_out(database, folder).conflicts] == ["using"]
    assert "By file" in (folder / "using/_category.yaml").read_text()
    assert import_over(database, folder, "using").conflicts == []
    assert shelf_title(database) == "By file"
    assert compared(database, folder) == Comparison(same=2)
