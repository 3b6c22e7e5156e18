"""People are taken up with a link, never with a password."""

from pathlib import Path

from tests.running import portal


def test_a_person_is_added_listed_and_gets_a_link(installed: Path) -> None:
    done = portal(
        installed, "people", "add", "wren@desk.example", "--name", "Wren", "--role", "writer"
    )
    assert done.returncode == 0, done.stderr
    assert "https://help.harbour.example/sign-in/link/" in done.stdout
    said = portal(installed, "people", "list").stdout
    assert "wren@desk.example" in said
    assert "writer" in said


def test_what_is_wrong_with_a_person_is_told_with_the_remedy(installed: Path) -> None:
    add = ("people", "add")
    taken = portal(installed, *add, "ada@desk.example", "--name", "Ada")
    assert "`portal people link ada@desk.example`" in taken.stderr
    nowhere = portal(installed, *add, "x@desk.example", "--name", "X", "--organisation", "nope")
    assert "There is no organisation nope; there is none yet." in nowhere.stderr
    broken = portal(installed, *add, "x", "--name", "X")
    assert "is no e-mail address" in broken.stderr
    assert {done.returncode for done in (taken, nowhere, broken)} == {2}


def test_a_new_link_goes_only_to_somebody_known(installed: Path) -> None:
    assert "/sign-in/link/" in portal(installed, "people", "link", "ada@desk.example").stdout
    assert portal(installed, "people", "link", "nobody@desk.example").returncode == 2


def test_a_table_is_tried_then_taken_in_and_every_bad_row_is_named(
    installed: Path, tmp_path: Path
) -> None:
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("email,name\nno address,Ada\nbob@x.example,\n")
    good.write_text("email;name\nbob@x.example;Bob\n")
    refused = portal(installed, "people", "import", str(bad))
    assert refused.returncode == 1
    assert f"{bad}: line 2, email: “no address” is no e-mail address." in refused.stdout
    assert f"{bad}: line 3, name: Nothing stands here." in refused.stdout
    assert "2 faults; nothing was stored." in refused.stdout
    tried = portal(installed, "people", "import", str(good), "--dry-run")
    assert "1 people: 1 new, 0 changed, 0 unchanged would be stored" in tried.stdout
    assert "bob@x.example" not in portal(installed, "people", "list").stdout
    assert portal(installed, "people", "import", str(good)).returncode == 0
    assert "bob@x.example" in portal(installed, "people", "list").stdout
    assert portal(installed, "people", "import", str(tmp_path / "none.csv")).returncode == 2
    exported = tmp_path / "people.csv"
    portal(installed, "people", "export", "people", "--to", str(exported))
    again = portal(installed, "people", "import", str(exported))
    assert "0 new, 0 changed, 1 unchanged" in again.stdout
