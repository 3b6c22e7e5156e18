"""`portal policy adopt` takes a file into force after the checks that the page makes."""

from pathlib import Path

from portal.policy.profiles import profile_source
from tests.running import portal


def test_a_policy_is_adopted_and_said_in_one_line(installed: Path, tmp_path: Path) -> None:
    file = tmp_path / "next.toml"
    source = profile_source("communicado")
    file.write_text(
        source.replace("version = 1", "version = 90", 1).replace("2026-01-01", "2099-01-05")
    )
    done = portal(installed, "policy", "adopt", str(file))
    assert done.returncode == 0, done.stderr
    assert "communicado version 90 holds from 2099-01-05" in done.stdout
    assert "no open case has moved" in done.stdout
    assert len(done.stdout.splitlines()) == 1
    again = portal(installed, "policy", "adopt", str(file))
    assert again.returncode == 1
    assert again.stdout == ""


def test_a_wrong_policy_is_refused_with_file_line_and_remedy(
    installed: Path, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(profile_source("communicado").replace("11 business hours", "2 business days"))
    done = portal(installed, "policy", "adopt", str(file))
    assert done.returncode == 1
    assert f"error: {file}:" in done.stderr
    assert "Write hours" in done.stderr
