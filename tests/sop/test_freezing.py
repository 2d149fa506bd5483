"""A frozen version that was changed is found out; one that is not frozen may change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sop import version
from sop.freezing import fingerprint, frozen, gone, unfrozen


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """Return a folder of versions whose only one is frozen."""
    folder = Path(shutil.copytree(version.FOLDER / "2026-11", tmp_path / "2026-11"))
    (tmp_path / "frozen.toml").write_text(f'"2026-11" = "{fingerprint(folder)}"\n', encoding="utf-8")
    return tmp_path


def test_a_frozen_version_as_it_was_has_no_fault(versions: Path) -> None:
    assert unfrozen(versions, "2026-11") is None


@pytest.mark.parametrize("act", ["change", "add", "remove", "rename"])
def test_whatever_is_done_to_a_file_of_a_frozen_version_is_a_fault(versions: Path, act: str) -> None:
    file = versions / "2026-11" / "intake.toml"
    if act == "change":
        file.write_text(file.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    elif act == "add":
        file.with_name("more.toml").touch()
    elif act == "remove":
        file.unlink()
    else:
        file.rename(file.with_name("intakes.toml"))
    assert "frozen and was changed" in str(unfrozen(versions, "2026-11"))


def test_a_version_that_is_not_on_the_list_may_change(versions: Path) -> None:
    (versions / "frozen.toml").write_text("", encoding="utf-8")
    assert unfrozen(versions, "2026-11") is None


def test_a_frozen_version_whose_folder_is_gone_is_found_out(versions: Path) -> None:
    assert gone(versions) == ()
    shutil.rmtree(versions / "2026-11")
    assert gone(versions) == ("2026-11: -: the version is frozen and is gone",)


def test_every_frozen_version_of_this_program_is_there_as_it_was() -> None:
    """Holds nothing as long as no version is frozen: the tests above show that the check itself works."""
    assert gone(version.FOLDER) == ()
    assert [name for name in frozen(version.FOLDER) if unfrozen(version.FOLDER, name)] == []
