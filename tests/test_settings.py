"""Every wrong setting is told at once, by the name that it was given under."""

from pathlib import Path

import pytest

from portal.settings import SettingsError, load_settings

SECRET = "s" * 40


def refusal(home: Path, text: str, **environment: str) -> list[str]:
    (home / "settings.toml").write_text(text)
    with pytest.raises(SettingsError) as refused:
        load_settings({"PORTAL_HOME": str(home), **environment})
    return str(refused.value).splitlines()


def test_all_wrong_settings_are_told_at_once_as_they_were_given(tmp_path: Path) -> None:
    text = 'secret = "short"\nbase_url = "https://h.example/x"\naccent = "red"\nsmtp_port = "x"\n'
    told = refusal(tmp_path, text, PORTAL_SMTP_TLS="maybe")
    file = tmp_path / "settings.toml"
    assert told[0] == f"{file}: smtp_port: 'x' is no whole number."
    assert told[1].startswith(f"{file}: secret is shorter than 32 characters: write 32 or more")
    assert told[2].startswith(f"{file}: base_url: ")
    assert told[3] == "PORTAL_SMTP_TLS must be one of none, starttls, tls."
    assert told[4].startswith(f"{file}: accent: ")


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    text = f'secret = "{SECRET}"\nbase_url = "https://h.example"\nacent = "#1d5c8f"\n'
    told = refusal(tmp_path, text)
    assert told == [
        f"{tmp_path / 'settings.toml'}: acent is no setting: remove it, or correct its name."
    ]
