"""Where templates, static files and the starter articles lie.

In a source tree they are the top-level folders; an installed wheel carries them inside the package.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "_resources"


def folder(name: str) -> Path:
    """The folder called templates, static or articles, wherever this installation keeps it."""
    installed = _INSTALLED / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def program_folder() -> Path:
    """Where the program's own modules lie."""
    return _PACKAGE
