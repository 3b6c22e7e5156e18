"""`portal library` as operators and writers run it."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select, update

from portal.database import Database
from portal.knowledge.article import Version
from tests.knowledge.foreign.folders import FOLDERS
from tests.knowledge.shelves import article, lay_out, png
from tests.running import portal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return lay_out(
        tmp_path / "articles",
        {
            "using/how.md": article("How?", "Press **it**. ![x](x.png)\n"),
            "using/x.png": png(),
        },
    )


def test_a_folder_comes_in_once_and_goes_out_again(installed: Path, folder: Path) -> None:
    first = portal(installed, "library", "import", str(folder))
    assert (first.returncode, first.stdout) == (
        0,
        "1 new, 0 changed, 0 unchanged, 0 bad, 0 to look at.\n",
    )
    assert (
        "0 new, 0 changed, 1 unchanged"
        in portal(installed, "library", "import", str(folder)).stdout
    )
    out = folder.parent / "out"
    assert portal(installed, "library", "export", str(out)).returncode == 0
    assert (out / "using/x.png").read_bytes() == png()
    assert "Press **it**." in (out / "using/how.md").read_text()


def test_every_bad_file_is_told_and_the_status_says_so(installed: Path, folder: Path) -> None:
    lay_out(folder, {"using/bad.md": "no head", "using/worse.md": article(status="live")})
    done = portal(installed, "library", "import", str(folder))
    assert done.returncode == 1
    assert "using/bad.md:1: the file must begin" in done.stderr
    assert "using/worse.md:4: `status` can't be “live”" in done.stderr
    assert done.stdout == "1 new, 0 changed, 0 unchanged, 2 bad, 0 to look at.\n"
    assert "Traceback" not in done.stderr


def test_check_needs_no_installation(tmp_path: Path, folder: Path) -> None:
    done = portal(tmp_path / "nowhere", "library", "check", str(folder))
    assert (done.returncode, done.stdout) == (0, "1 good, 0 bad, 0 to look at.\n")
    lay_out(folder, {"using/bad.md": "no head"})
    assert portal(tmp_path / "nowhere", "library", "check", str(folder)).returncode == 1


def test_a_file_is_rendered_as_it_would_be_served(installed: Path, folder: Path) -> None:
    done = portal(installed, "library", "render", str(folder / "using/how.md"))
    assert done.stdout.startswith('<p>Press <strong>it</strong>. <img alt="x" height="20"')
    assert 'src="/files/' in done.stdout
    lay_out(folder, {"using/bad.md": "no head"})
    bad = portal(installed, "library", "render", str(folder / "using/bad.md"))
    assert (bad.returncode, bad.stdout) == (1, "")
    assert "bad.md:1: the file must begin" in bad.stderr


def test_what_an_earlier_release_rendered_is_rendered_again(installed: Path, folder: Path) -> None:
    portal(installed, "library", "import", str(folder))
    database = Database(f"sqlite:///{installed / 'portal.db'}")
    for command in (("migrate",), ("library", "refresh")):
        with database.writing() as db:
            db.execute(update(Version).values(html="<p onclick=x>old</p>", cleaner="older"))
        done = portal(installed, *command)
        assert done.returncode == 0, done.stderr
        with database.reading() as db:
            assert "<strong>it</strong>" in db.scalars(select(Version.html)).one()
    database.close()
    assert "1 rendered again, 0 shown as plain text." in done.stdout


def test_a_conflict_is_shown_and_ends_with_its_own_status(installed: Path, folder: Path) -> None:
    copy = folder.parent / "copy"
    portal(installed, "library", "import", str(folder))
    portal(installed, "library", "export", str(copy))
    lay_out(folder, {"using/how.md": article("How?", "By file.\n")})
    lay_out(copy, {"using/how.md": article("How?", "By another file.\n")})
    assert portal(installed, "library", "import", str(copy)).returncode == 0
    for command in ("import", "export", "status"):
        done = portal(installed, "library", command, str(folder))
        assert done.returncode == 3, command
        assert "using/how.md:1: the file and the article “how” have both changed" in done.stderr
        assert "    -By file." in done.stderr
        assert "    +By another file." in done.stderr
    told = json.loads(portal(installed, "library", "status", str(folder), "--json").stdout)
    assert [one["slug"] for one in told["conflicts"]] == ["how"]
    won = portal(installed, "library", "import", str(folder), "--overwrite", "how")
    assert (won.returncode, "1 changed" in won.stdout) == (0, True)
    assert portal(installed, "library", "status", str(folder)).returncode == 0


def test_a_folder_has_a_name_wherever_it_lies(installed: Path, folder: Path) -> None:
    portal(installed, "library", "import", str(folder), "--source", "site")
    moved = folder.rename(folder.parent / "moved")
    lay_out(moved, {"using/how.md": article("How?", "Better.\n")})
    done = portal(installed, "library", "import", str(moved), "--source", "site")
    assert "1 changed" in done.stdout


def test_another_tool_s_folder_is_looked_at_and_then_imported(
    installed: Path, tmp_path: Path
) -> None:
    folder = lay_out(tmp_path / "theirs", FOLDERS["hugo"])
    report = tmp_path / "report.json"
    bringing = ("library", "import", str(folder), "--from", "hugo")
    looked = portal(installed, *bringing, "--dry-run", "--report", str(report))
    assert looked.stdout == "3 good, 0 bad, 1 to look at.\n"
    told = json.loads(report.read_text())
    assert told["counts"]["added"] == 3
    assert told["notes"][0]["path"] == "content/guide/first.md"
    assert portal(installed, *bringing).stdout.startswith("3 new,")
    assert portal(installed, *bringing).stdout.startswith("0 new, 0 changed, 3 unchanged")


def test_a_mapping_that_can_t_be_used_is_told_in_one_line(installed: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "our.toml"
    mapping.write_text("speed = 3\n")
    done = portal(installed, "library", "check", str(tmp_path), "--mapping", str(mapping))
    assert done.returncode == 2
    assert "our.toml can't be used: `speed` is no known key" in done.stderr


def test_an_archive_is_not_unpacked(installed: Path, tmp_path: Path) -> None:
    archive = tmp_path / "site.zip"
    archive.write_bytes(b"PK\x03\x04")
    done = portal(installed, "library", "import", str(archive), "--from", "hugo")
    assert done.returncode == 2
    assert "is a file" in done.stderr
