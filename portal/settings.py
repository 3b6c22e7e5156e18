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

from portal.languages import read_tag

MINIMUM_CONTRAST = 4.5
MINIMUM_SECRET_LENGTH = 32
_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?")


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
    mail_listen: str = ""
    mail_recipients: str = ""
    mail_tagged_addresses: bool = False
    mail_authserv_id: str = ""
    mail_limit_bytes: int = 30 * 1024 * 1024
    imap_host: str = ""
    imap_port: int = 993
    imap_user: str = ""
    imap_password: str = ""
    imap_tls: str = "tls"
    imap_folder: str = "INBOX"
    imap_taken_folder: str = "Taken"
    trusted_proxies: int = 0
    attachment_limit_bytes: int = 20 * 1024 * 1024
    case_attachments_limit: int = 10
    reopen_days: int = 14
    confirm_days: int = 7
    answer_days: int = 0
    close_reminder_days: int = 2
    shows_staff_names: bool = True
    draft_days: int = 7
    learning_half_life_days: int = 90
    learning_days: int = 400
    publishes_promises: bool = False
    search_log_days: int = 400
    search_engine: str = "whoosh"
    golden_drop: str = "warn"
    articles_access: str = "open"
    cases_access: str = "open"
    accounts: str = "on_request"
    widget_origins: str = ""
    comments_held: bool = True
    languages: str = "en"
    search_meaning: bool = False
    search_model: str = ""
    search_model_sha256: str = ""

    @property
    def index_folder(self) -> Path:
        return self.home / "index"

    @property
    def meaning_folder(self) -> Path:
        return self.home / "meaning"

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
    def opens_articles(self) -> bool:
        """Whether anyone may read public articles without signing in."""
        return self.articles_access == "open"

    @property
    def opens_cases(self) -> bool:
        """Whether anyone may open a case without signing in."""
        return self.cases_access == "open"

    @property
    def widget_sites(self) -> tuple[str, ...]:
        """The sites whose pages may show help in a frame."""
        return tuple(self.widget_origins.split())

    @property
    def library_languages(self) -> tuple[str, ...]:
        """The languages that articles are in, the library's first one first."""
        return tuple(read_tag(said) or said for said in self.languages.split())

    @property
    def takes_account_requests(self) -> bool:
        """Whether a stranger may ask for an account, which a manager approves or refuses."""
        return self.accounts == "on_request"

    @property
    def takes_mail(self) -> bool:
        """Whether a way in is set; the pipe needs none."""
        return bool(self.mail_listen or self.imap_host)

    @property
    def sends_mail(self) -> bool:
        """Without an SMTP host, mail stays in the outbox page for the administrator."""
        return bool(self.smtp_host)


def home_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where all state lies: PORTAL_HOME, else var/ in the current folder."""
    return Path(environment.get("PORTAL_HOME", "var")).resolve()


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check all settings.

    Raises SettingsError, naming every setting that is wrong, with its remedy.
    """
    home = home_folder(environment)
    path = home / "settings.toml"
    written = _read_file(path)
    values: dict[str, Any] = {"home": home, "database_url": f"sqlite:///{home / 'portal.db'}"}
    wrong = _unknown(written)
    for field in fields(Settings):
        if field.name != "home" and (raw := _raw(field.name, written, environment)) is not None:
            try:
                values[field.name] = _convert(field.name, raw, field.type)
            except SettingsError as error:
                wrong.append(str(error))
    missing = [name for name in ("secret", "base_url") if not values.get(name)]
    if missing:
        raise SettingsError(
            f"{path} has no {' and no '.join(missing)}: run `portal init` "
            "(or `portal demo`) first, or set PORTAL_HOME to the folder of an installation."
        )
    settings = Settings(**values)
    wrong += _faults(settings)
    if wrong:
        raise SettingsError("\n".join(_as_given(one, path, environment) for one in wrong))
    return settings


def _unknown(written: Mapping[str, Any]) -> list[str]:
    known = {field.name for field in fields(Settings)} - {"home"}
    return [
        f"PORTAL_{name.upper()} is no setting: remove it, or correct its name."
        for name in written
        if name not in known
    ]


def _as_given(fault: str, path: Path, environment: Mapping[str, str]) -> str:
    """Name a setting as it was given: by its variable, else by its key in the file."""
    name = re.match("PORTAL_[^ :]+", fault)
    if name is None or name[0] in environment:
        return fault
    return f"{path}: {name[0].removeprefix('PORTAL_').lower()}{fault[name.end() :]}"


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
        except (TypeError, ValueError):
            raise SettingsError(f"PORTAL_{name.upper()}: {raw!r} is no whole number.") from None
    if kind is bool or kind == "bool":
        return raw if isinstance(raw, bool) else str(raw).lower() in {"1", "true", "yes", "on"}
    return str(raw)


def _faults(settings: Settings) -> list[str]:
    """Everything that is wrong with the values, each beginning with its variable."""
    checks = {
        f"PORTAL_SECRET is shorter than {MINIMUM_SECRET_LENGTH} characters: write "
        f"{MINIMUM_SECRET_LENGTH} or more random ones, such as this prints: "
        'python3 -c "import secrets; print(secrets.token_urlsafe(48))"': (
            len(settings.secret) >= MINIMUM_SECRET_LENGTH
        ),
        f"PORTAL_BASE_URL: {settings.base_url!r} must be like https://help.example.com, "
        "without a path.": bool(re.fullmatch(r"https?://[^/\s?#@]+", settings.base_url)),
        "PORTAL_SMTP_TLS must be one of none, starttls, tls.": (
            settings.smtp_tls in {"none", "starttls", "tls"}
        ),
        "PORTAL_ARTICLES_ACCESS must be open or signed_in.": (
            settings.articles_access in {"open", "signed_in"}
        ),
        "PORTAL_CASES_ACCESS must be open or signed_in.": (
            settings.cases_access in {"open", "signed_in"}
        ),
        "PORTAL_ACCOUNTS must be on_request or by_invitation.": (
            settings.accounts in {"on_request", "by_invitation"}
        ),
        "PORTAL_WIDGET_ORIGINS must be sites with blanks between, without a path, like "
        "https://app.example.com https://*.example.org.": (
            all(map(_ORIGIN.fullmatch, settings.widget_sites))
        ),
        "PORTAL_LANGUAGES must be language tags with blanks between, each once, the first language "
        "first, like `en de pt-BR ar`.": (
            all(map(read_tag, settings.languages.split()))
            and len(set(settings.library_languages)) == len(settings.library_languages) > 0
        ),
        "PORTAL_MAIL_FROM must be one plain e-mail address.": bool(
            re.fullmatch(r"[^\s@,;<>]+@[^\s@,;<>]+", settings.mail_from)
        ),
        "PORTAL_MAIL_LISTEN must be like lmtp://127.0.0.1:8024 or smtp://127.0.0.1:8025.": (
            not settings.mail_listen
            or bool(re.fullmatch(r"(lmtp|smtp)://[\w.-]+:\d{1,5}", settings.mail_listen))
        ),
        "PORTAL_IMAP_TLS must be one of none, starttls, tls.": (
            settings.imap_tls in {"none", "starttls", "tls"}
        ),
        "PORTAL_IMAP_USER: a mailbox needs the name and the password to sign in with.": (
            not settings.imap_host or bool(settings.imap_user and settings.imap_password)
        ),
        "PORTAL_SEARCH_ENGINE must be one of whoosh, tantivy, postgres.": (
            settings.search_engine in {"whoosh", "tantivy", "postgres"}
        ),
        "PORTAL_GOLDEN_DROP must be warn or block.": settings.golden_drop in {"warn", "block"},
        "PORTAL_SEARCH_MODEL_SHA256 must be the 64 hexadecimal digits of the SHA-256 of "
        "model.safetensors in PORTAL_SEARCH_MODEL: this prints it: sha256sum model.safetensors": (
            not settings.search_model
            or bool(re.fullmatch(r"[0-9a-fA-F]{64}", settings.search_model_sha256))
        ),
        "PORTAL_SEARCH_ENGINE: postgres needs PORTAL_DATABASE_URL to be a PostgreSQL.": (
            settings.search_engine != "postgres" or settings.database_url.startswith("postgresql")
        ),
    }
    for name, least in (("confirm_days", 1), ("answer_days", 0), ("close_reminder_days", 0)):
        words = f"PORTAL_{name.upper()} must be {least} or more days."
        checks[words] = getattr(settings, name) >= least
    found = [fault for fault, is_good in checks.items() if not is_good]
    try:
        check_accent(settings.accent)
    except SettingsError as error:
        found.append(str(error))
    return found


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
