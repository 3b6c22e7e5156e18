"""One version of the portal at a time writes to a data folder."""

from pathlib import Path

import pytest

from portal.commands import holding
from portal.commands.holding import held
from portal.commands.remedy import Remedy


def test_processes_of_one_version_share_the_folder(tmp_path: Path) -> None:
    with held(tmp_path), held(tmp_path):
        assert (tmp_path / "portal.lock").read_text().startswith(holding.THIS_VERSION)


def test_another_version_is_refused_while_the_first_one_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held(tmp_path):
        monkeypatch.setattr(holding, "THIS_VERSION", "99.0")
        with pytest.raises(Remedy, match="stop that one first"), held(tmp_path):
            pass
    with held(tmp_path):
        assert (tmp_path / "portal.lock").read_text().startswith("99.0")
