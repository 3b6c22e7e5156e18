"""A real installation has nothing that anybody could guess."""

import stat
import tomllib
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.cases.policies import policy_in_force
from portal.clock import now
from portal.database import Database
from portal.mail.outbox import OutgoingMail
from portal.people import sign_in_links
from portal.people.person import Person, Role
from tests.commands.conftest import initialise
from tests.running import portal


def database_of(home: Path) -> Database:
    return Database(f"sqlite:///{home / 'portal.db'}")


def test_the_settings_hold_a_random_secret_and_only_the_owner_reads_them(
    tmp_path: Path, installed: Path, empty_database_file: Path
) -> None:
    settings = tomllib.loads((installed / "settings.toml").read_text())
    assert len(settings["secret"]) >= 48
    assert settings["base_url"] == "https://help.harbour.example"
    assert stat.S_IMODE((installed / "settings.toml").stat().st_mode) == 0o600

    other = tmp_path / "other"
    other.mkdir()
    (other / "portal.db").write_bytes(empty_database_file.read_bytes())
    initialise(other)
    assert tomllib.loads((other / "settings.toml").read_text())["secret"] != settings["secret"]


def test_the_administrator_has_no_password_and_a_link_that_works_once(fresh: Path) -> None:
    said = initialise(fresh).stdout
    token = said.partition("/sign-in/link/")[2].split()[0]
    database = database_of(fresh)
    with database.writing() as db:
        ada = db.scalars(select(Person)).one()
        assert (ada.email, ada.role, ada.password_hash) == (
            "ada@desk.example",
            Role.ADMINISTRATOR,
            None,
        )
        assert sign_in_links.use(db, token, now=now()) is ada
        assert sign_in_links.use(db, token, now=now()) is None
        mail = db.scalars(select(OutgoingMail)).one()
        assert f"https://help.harbour.example/sign-in/link/{token}" in mail.text
    database.close()


@pytest.mark.parametrize("name", ["cipplanner", "civicplus", "cts", "communicado"])
def test_each_of_the_four_policies_can_be_chosen(fresh: Path, name: str) -> None:
    assert initialise(fresh, "--policy", name).returncode == 0
    database = database_of(fresh)
    with database.reading() as db:
        assert policy_in_force(db, now=now())[1].id == name
    database.close()


def test_a_policy_file_can_be_chosen_and_a_wrong_one_changes_nothing(fresh: Path) -> None:
    file = fresh / "mine.toml"
    file.write_text('[policy]\nid = "mine"\n')
    done = initialise(fresh, "--policy", str(file))
    assert done.returncode == 2
    assert "mine.toml" in done.stderr
    assert not (fresh / "settings.toml").exists()


def test_a_wrong_address_is_refused_and_can_be_corrected(fresh: Path) -> None:
    done = initialise(fresh, "--base-url", "help.harbour.example")
    assert done.returncode == 2
    assert "https://help.example.com" in done.stderr
    assert initialise(fresh).returncode == 0


def test_an_installation_is_never_overwritten(installed: Path) -> None:
    before = (installed / "settings.toml").read_bytes()
    done = initialise(installed)
    assert done.returncode == 2
    assert "is there already" in done.stderr
    assert (installed / "settings.toml").read_bytes() == before
    assert portal(installed, "demo").returncode == 2


def test_it_asks_for_what_was_not_given(fresh: Path) -> None:
    typed = "Harbour Support\nhttps://help.harbour.example\nada@desk.example\nAda Kowalski\n"
    done = portal(fresh, "init", typed=typed)
    assert done.returncode == 0, done.stderr
    assert "Ada Kowalski signs in once" in done.stdout


def test_check_finds_a_new_installation_in_order_but_for_its_index(installed: Path) -> None:
    done = portal(installed, "check")
    problems = [line for line in done.stdout.splitlines() if line.startswith("PROBLEM")]
    assert [line.split(":")[0] for line in problems] == ["PROBLEM  search index"]
    (installed / "settings.toml").chmod(0o644)
    assert "chmod 600" in portal(installed, "check").stdout
