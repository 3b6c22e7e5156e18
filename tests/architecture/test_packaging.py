"""`pip install .` gives the whole portal: code, templates, static files, articles, migrations."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this source tree without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = (
        "import sys, os; os.chdir(sys.argv[1]);"
        "from hatchling.build import build_wheel; build_wheel(sys.argv[2])"
    )
    command = [sys.executable, "-c", build, str(ROOT), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    [built] = folder.glob("*.whl")
    return built


def test_everything_that_runs_is_inside_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    for folder in ("templates", "static", "articles"):
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
        assert files
        missing = {f"portal/_resources/{path.relative_to(ROOT)}" for path in files} - inside
        assert missing == set()
    code = [p for p in (ROOT / "portal").rglob("*") if p.suffix in {".py", ".toml", ".mako", ".gz"}]
    assert {str(path.relative_to(ROOT)) for path in code} - inside == set()
    assert not [name for name in inside if name.startswith(("tests/", "benchmarks/", "var/"))]


def test_the_command_works_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    place, home = tmp_path / "site", tmp_path / "home"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    told = {**os.environ, "PYTHONPATH": str(place), "PORTAL_HOME": str(home)}

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=tmp_path,
            env=told,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert str(place) in run("-c", "import portal; print(portal.__file__)")
    run("-m", "portal", "demo")
    said = run("-m", "portal", "check")
    assert "PROBLEM" not in said


def test_the_locks_name_no_place_and_pin_every_file() -> None:
    for name in ("runtime", "development"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        assert "://" not in text
        pinned = [line for line in text.splitlines() if line and line[0].isalpha()]
        assert all("==" in line for line in pinned)
        assert text.count("==") <= text.count("--hash=sha256:")
