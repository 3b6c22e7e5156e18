"""The settings file of a new installation: its own random secret, readable by its owner only."""

import json
import os
import secrets
from pathlib import Path

from portal.commands.remedy import Remedy
from portal.policy.loading import load_policy
from portal.policy.problems import PolicyError
from portal.policy.profiles import profile_names, profile_source


def write_settings(home: Path, values: dict[str, str | bool]) -> Path:
    """Write settings.toml into `home` with a new secret. Raises Remedy when it can't be written."""
    path = home / "settings.toml"
    told = {"secret": secrets.token_urlsafe(48), **values}
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in told.items()]
    try:
        home.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123  (a descriptor)
            file.write("\n".join(lines) + "\n")
    except FileExistsError:
        raise Remedy(f"{path} is there already: this folder holds an installation.") from None
    except OSError as error:
        raise Remedy(f"{path} can't be written: {error.strerror}. Check the rights.") from None
    return path


def policy_source(named: str) -> str:
    """The text of a policy: one of the portal's own by name, or a file; checked.

    Raises Remedy, naming every problem.
    """
    is_file = named.endswith(".toml") or "/" in named
    try:
        source = Path(named).read_text(encoding="utf-8") if is_file else profile_source(named)
        load_policy(source, file_name=named)
    except LookupError:
        known = ", ".join(profile_names())
        raise Remedy(f"There is no policy {named}: name a file, or one of {known}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise Remedy(f"{named} can't be read: {error}") from None
    except PolicyError as error:
        raise Remedy(str(error)) from None
    return source
