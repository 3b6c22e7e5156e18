"""Translations as files: what a folder says comes in, goes out the same, and is checked."""

from pathlib import Path

from sqlalchemy import select

from portal.database import Database
from portal.files import FileStore
from portal.knowledge.article import Article
from portal.knowledge.library import check_library
from portal.knowledge.library_export import export_library
from portal.knowledge.library_folder import scan
from portal.knowledge.publishing import publish
from portal.knowledge.versioning import save_version
from portal.knowledge.words import Words
from tests.knowledge.shelves import AT, article, bring_in, lay_out

FILES: dict[str, str | bytes] = {
    "a/zz-original.md": article("Reset a password"),
    "a/aa-german.md": article("Zurücksetzen", language="de", translation_of="zz-original"),
}


def _exported(database: Database, folder: Path) -> str:
    with database.reading() as db:
        export_library(db, FileStore(folder.parent / "store"), folder)
    return (folder / "a" / "aa-german.md").read_text(encoding="utf-8")


def test_a_translation_comes_in_before_its_original_and_goes_out_the_same(
    database: Database, tmp_path: Path
) -> None:
    outcome = bring_in(database, lay_out(tmp_path / "in", FILES))
    assert (len(outcome.added), outcome.faults) == (2, [])
    with database.writing() as db:
        german = db.scalars(select(Article).where(Article.slug == "aa-german")).one()
        original = german.original
        assert original is not None
        assert (original.slug, german.language, german.is_outdated) == ("zz-original", "de", False)
        assert "outdated" not in _exported(database, tmp_path / "before")
        save_version(db, article=original, words=Words("Reset it", "New."), by=None, now=AT)
        publish(db, article=original, by=None, now=AT)
        assert german.is_outdated
    written = _exported(database, tmp_path / "after")
    for line in ("language: de", "translation_of: zz-original", "outdated: true"):
        assert line in written
    assert bring_in(database, tmp_path / "in").changed == [], "unchanged files are left alone"
    with database.reading() as db:
        assert db.scalars(select(Article).where(Article.slug == "aa-german")).one().is_outdated
    (tmp_path / "in" / "a" / "aa-german.md").write_text(
        article("Neu zurücksetzen", language="de", translation_of="zz-original"), encoding="utf-8"
    )
    assert bring_in(database, tmp_path / "in").changed == ["a/aa-german.md"]
    with database.reading() as db:
        assert not db.scalars(select(Article).where(Article.slug == "aa-german")).one().is_outdated


def test_a_check_names_what_is_wrong_with_translations(tmp_path: Path) -> None:
    more = {
        "a/second.md": article("Noch einmal", language="de", translation_of="zz-original"),
        "a/alone.md": article("Allein", language="de", translation_of="not-there"),
        "a/unknown.md": article("Fremd", language="xx"),
        "a/chained.md": article("Kette", language="fr", translation_of="aa-german"),
        "a/speechless.md": article("Ohne", translation_of="zz-original"),
    }
    outcome = check_library(scan(lay_out(tmp_path / "in", {**FILES, **more})))
    faults = outcome.faults
    assert set(outcome.added).isdisjoint(fault.path for fault in faults), "bad is not good as well"
    said = {fault.path: str(fault) for fault in faults}
    assert "there is no article “not-there”" in said["a/alone.md"]
    assert "says the same in Deutsch already" in said["a/second.md"]
    assert "can't be “xx”" in said["a/unknown.md"]
    assert "is a translation itself" in said["a/chained.md"]
    assert "needs a language" in said["a/speechless.md"]
    assert set(said) == set(more)
