"""Write the two lock files from pyproject.toml: `make lock`."""

import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

FOLDER = Path(__file__).parent
COMPILE = [
    *(sys.executable, "-m", "piptools", "compile", "--quiet", "--generate-hashes"),
    *("--strip-extras", "--allow-unsafe", "--no-emit-index-url", "--no-emit-trusted-host"),
    *("--no-emit-find-links", "--no-emit-options", "--no-header", "--no-annotate"),
]


def main() -> None:
    project = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = project["project"]["dependencies"] + project["build-system"]["requires"]
    _compile("runtime", [*runtime, "editables"])
    extras = project["project"]["optional-dependencies"]
    wanted = (extras[name] for name in ("postgres", "fast", "semantic"))
    development = [*project["dependency-groups"]["dev"], *chain.from_iterable(wanted)]
    _compile("development", [*development, "-c runtime.txt"])


def _compile(name: str, wanted: list[str]) -> None:
    asked = FOLDER / f".{name}.in"
    asked.write_text("\n".join(wanted) + "\n", encoding="utf-8")
    try:
        target = FOLDER / f"{name}.txt"
        subprocess.run([*COMPILE, "-o", target.name, asked.name], cwd=FOLDER, check=True)  # noqa: S603
    finally:
        asked.unlink()
    print(f"wrote {target}")


if __name__ == "__main__":
    main()
