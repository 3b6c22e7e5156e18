"""What an installation is told from outside: one frozen object, validated once.

Values come from PORTAL_* variables, else from settings.toml in the portal's home folder (written
by `portal init`), else from a default that is safe.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

MINIMUM_CONTRAST = 4.5
MINIMUM_SECRET_LENGTH = 32


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it, its place and the remedy."""


@dataclass(frozen=True)
class Settings:
    """All settings. Durations say their unit; sizes are bytes."""

    home: Path
    secret: str
    base_url: str
    database_url: str
    demonstration: bool = False
    name: str = "Answerfirst"
    logo: str = ""
    accent: str = "#1d5c8f"
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_tls: str = "starttls"
    mail_from: str = "support@localhost"
    trusted_proxies: int = 0
    attachment_limit_bytes: int = 20 * 1024 * 1024
    case_attachments_limit: int = 10
    reopen_days: int = 14
    draft_days: int = 7
    learning_half_life_days: int = 90
    learning_days: int = 400
    search_log_days: int = 400
    search_engine: str = "whoosh"

    @property
    def index_folder(self) -> Path:
        return self.home / "index"

    @property
    def files_folder(self) -> Path:
        return self.home / "files"

    @property
    def host(self) -> str:
        """The host name that the portal answers to, with its port if any."""
        return urlsplit(self.base_url).netloc

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def sends_mail(self) -> bool:
        """Without an SMTP host, mail stays in the outbox page for the administrator."""
        return bool(self.smtp_host)


def home_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where all state lies: PORTAL_HOME, else var/ in the current folder."""
    return Path(environment.get("PORTAL_HOME", "var")).resolve()


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check all settings.

    Raises SettingsError, naming the setting and the remedy, when one is missing or wrong.
    """
    home = home_folder(environment)
    written = _read_file(home / "settings.toml")
    values: dict[str, Any] = {"home": home, "database_url": f"sqlite:///{home / 'portal.db'}"}
    for field in fields(Settings):
        if field.name != "home" and (raw := _raw(field.name, written, environment)) is not None:
            values[field.name] = _convert(field.name, raw, field.type)
    missing = [name for name in ("secret", "base_url") if not values.get(name)]
    if missing:
        raise SettingsError(
            f"{home / 'settings.toml'} has no {' and no '.join(missing)}: run `portal init` "
            "(or `portal demo`) first, or set PORTAL_HOME to the folder of an installation."
        )
    return _checked(Settings(**values))


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}. Correct the file; it is TOML.") from error


def _raw(name: str, written: Mapping[str, Any], environment: Mapping[str, str]) -> Any:
    return environment.get(f"PORTAL_{name.upper()}", written.get(name))


def _convert(name: str, raw: Any, kind: Any) -> Any:
    if kind is int or kind == "int":
        try:
            return int(raw)
        except ValueError:
            raise SettingsError(f"PORTAL_{name.upper()}: {raw!r} is no whole number.") from None
    if kind is bool or kind == "bool":
        return raw if isinstance(raw, bool) else raw.lower() in {"1", "true", "yes", "on"}
    return str(raw)


def _checked(settings: Settings) -> Settings:
    if len(settings.secret) < MINIMUM_SECRET_LENGTH:
        raise SettingsError(
            f"PORTAL_SECRET is shorter than {MINIMUM_SECRET_LENGTH} characters: "
            "`portal init` writes a good one."
        )
    if not re.fullmatch(r"https?://[^/\s?#@]+", settings.base_url):
        raise SettingsError(
            f"PORTAL_BASE_URL: {settings.base_url!r} must be like https://help.example.com, "
            "without a path."
        )
    if settings.smtp_tls not in {"none", "starttls", "tls"}:
        raise SettingsError("PORTAL_SMTP_TLS must be one of none, starttls, tls.")
    if settings.search_engine not in {"whoosh", "tantivy", "postgres"}:
        raise SettingsError("PORTAL_SEARCH_ENGINE must be one of whoosh, tantivy, postgres.")
    if settings.search_engine == "postgres" and not settings.database_url.startswith("postgresql"):
        raise SettingsError(
            "PORTAL_SEARCH_ENGINE: postgres needs PORTAL_DATABASE_URL to be a PostgreSQL."
        )
    check_accent(settings.accent)
    return settings


def check_accent(accent: str) -> None:
    """Refuse an accent colour on which neither white nor black text could be read.

    Contrast as WCAG 2.2, 1.4.3. Raises SettingsError.
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", accent):
        raise SettingsError(f"PORTAL_ACCENT: {accent!r} must be like #1d5c8f.")
    found = contrast(accent, "#ffffff")
    if found < MINIMUM_CONTRAST:
        raise SettingsError(
            f"PORTAL_ACCENT: {accent} has a contrast of {found:.1f} to 1 with white; links and "
            f"buttons need {MINIMUM_CONTRAST} to 1. Choose a darker colour."
        )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two #rrggbb colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
