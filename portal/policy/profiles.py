"""The policies that come with the portal: four organisations, each with pages of its own.

The rule: every figure of a page is kept exactly; the words around it are this portal's.
"""

from importlib.resources import files

from portal.policy.loading import load_policy
from portal.policy.model import Policy

_SUFFIX = ".toml"


def profile_names() -> tuple[str, ...]:
    found = (entry.name for entry in (files("portal.policy") / "profiles").iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX)))


def profile_source(name: str) -> str:
    """The text of a profile, as a manager would edit it."""
    if name not in profile_names():
        known = ", ".join(profile_names())
        raise LookupError(f'There is no profile "{name}"; there is {known}.')
    return (files("portal.policy") / "profiles" / f"{name}{_SUFFIX}").read_text(encoding="utf-8")


def profile(name: str) -> Policy:
    """The profile as a policy, ready to be asked."""
    return load_policy(profile_source(name), file_name=f"{name}{_SUFFIX}")
