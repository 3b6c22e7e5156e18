"""The command as a whole: quick to start, and plain about what is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.commands import COMMANDS, portal
from tests.running import portal as run_portal
from tests.running import portal_process


def test_help_names_every_command_with_its_use() -> None:
    said = CliRunner().invoke(portal, ["--help"]).output
    for name, use in COMMANDS.items():
        assert f"{name} " in said
        assert use.partition(",")[0] in said


@pytest.mark.parametrize("name", list(COMMANDS))
def test_each_command_loads_and_explains_itself(name: str) -> None:
    done = CliRunner().invoke(portal, [name, "--help"])
    assert done.exit_code == 0, done.output
    assert "Usage:" in done.output


def test_an_unknown_command_is_named() -> None:
    done = CliRunner().invoke(portal, ["serv"])
    assert done.exit_code == 2
    assert "No such command 'serv'" in done.output


@pytest.mark.parametrize(
    "arguments", [["serve"], ["work"], ["check"], ["migrate"], ["people", "list"]]
)
def test_an_empty_folder_is_told_in_one_line_with_the_remedy(
    tmp_path: Path, arguments: list[str]
) -> None:
    done = portal_process(tmp_path, *arguments)
    assert done.returncode == 2
    assert "run `portal init`" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("secret = ", "Correct the file; it is TOML"),
        ('secret = "short"\nbase_url = "http://x"', "write 32 or more random ones"),
        (f'secret = "{"s" * 40}"\nbase_url = "x"', "must be like https://help.example.com"),
        (
            f'secret = "{"s" * 40}"\nbase_url = "http://x"\naccent = "#ffff00"',
            "Choose a darker colour",
        ),
    ],
)
def test_a_wrong_setting_is_told_in_one_line_with_the_remedy(
    tmp_path: Path, text: str, remedy: str
) -> None:
    (tmp_path / "settings.toml").write_text(text)
    done = run_portal(tmp_path, "check")
    assert done.returncode == 2
    assert remedy in done.stderr
    assert "Traceback" not in done.stderr


LOADED_FOR_HELP = """
import sys
from portal.commands import portal
portal(["--help"], standalone_mode=False)
print([name for name in ("flask", "sqlalchemy", "whoosh") if name in sys.modules])
"""


def test_help_comes_at_once_for_it_loads_nothing_of_the_portal() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED_FOR_HELP], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
