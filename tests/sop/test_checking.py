"""The commands that officials check and compare the procedure with."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from registry.cli import main
from sop import version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

EIGHT = "[education]\naccept_days = 8\n"


@pytest.fixture(autouse=True)
def _no_local_rules() -> Iterator[None]:
    yield
    version.use_overlay(None)


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    folder = tmp_path / "nanjing"
    folder.mkdir()
    (folder / "services.toml").write_text(EIGHT, encoding="utf-8")
    return folder


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(version.FOLDER / "2026-11", tmp_path / "2026-11"))


def said(*arguments: object, overlay: Path | None = None) -> Result:
    environment = {"REGISTRY_SOP_OVERLAY": str(overlay) if overlay else ""}
    return CliRunner().invoke(main, ["sop", *map(str, arguments)], env=environment)


def test_all_versions_are_checked_and_their_hash_is_told() -> None:
    answer = said("check")
    assert (answer.exit_code, answer.output.splitlines()[-1]) == (0, "No fault.")
    assert "Version 2026-11: " in answer.output


def test_the_local_rules_of_the_deployment_are_checked_and_listed(overlay: Path) -> None:
    answer = said("check", overlay=overlay)
    assert answer.exit_code == 0
    assert "Local rules in nanjing, over version 2026-11: 1 value differs." in answer.output
    assert "  services.toml: education.accept_days: was 10, is 8" in answer.output


def test_faults_of_the_local_rules_are_all_named_and_end_with_1(overlay: Path) -> None:
    (overlay / "services.toml").write_text("[education]\naccept_days = 0\nlimit = 3\n", encoding="utf-8")
    (overlay / "schools.toml").touch()
    answer = said("check", overlay=overlay)
    assert answer.exit_code == 1
    assert "nanjing/schools.toml: -: the version has no file of this name" in answer.output
    (overlay / "schools.toml").unlink()
    answer = said("check", "--folder", overlay)
    assert answer.exit_code == 1
    assert "nanjing/services.toml: education.accept_days: must be a number from 1" in answer.output
    assert "nanjing/services.toml: education.limit: unknown key" in answer.output
    assert "No fault" not in answer.output


def test_a_folder_of_local_rules_is_checked_whatever_is_wrong_with_those_in_use(overlay: Path, tmp_path: Path) -> None:
    answer = said("check", "--folder", overlay, overlay=tmp_path / "nowhere")
    assert (answer.exit_code, answer.output.splitlines()[-1]) == (0, "No fault.")


def test_a_folder_is_checked_as_local_rules_also_where_it_names_a_version(overlay: Path) -> None:
    (overlay / "version.toml").write_text('version = "2026-11"\nvalid_from = 2026-11-01\n', encoding="utf-8")
    answer = said("check", "--folder", overlay)
    assert answer.exit_code == 1
    assert "nanjing/version.toml: version: is the same everywhere" in answer.output
    assert "the file is missing" not in answer.output


def test_local_rules_that_name_a_version_are_compared_as_local_rules(overlay: Path) -> None:
    (overlay / "version.toml").write_text('version = "2026-11"\n', encoding="utf-8")
    assert said("diff", "2026-11", overlay).output.splitlines() == [
        "services.toml: education.accept_days: was 10, is 8",
        "1 value differs.",
    ]


@pytest.mark.parametrize("broken", ["overlay", "copied"])
def test_a_file_that_cannot_be_read_is_named_when_it_is_compared(broken: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(broken)
    (folder / "services.toml").write_text("[education", encoding="utf-8")
    for sides in (("2026-11", folder), (folder, "2026-11")):
        answer = said("diff", *sides)
        assert answer.exit_code == 1
        assert f"{folder}: services.toml: -: cannot be read" in answer.output
        assert "differ" not in answer.output


def test_a_folder_without_rules_is_not_said_to_differ_in_nothing(tmp_path: Path) -> None:
    (tmp_path / "services.TOML").write_text(EIGHT, encoding="utf-8")
    answer = said("diff", "2026-11", tmp_path)
    assert answer.exit_code == 1
    assert answer.output == f"{tmp_path}: -: the folder holds no file of rules\n"


def test_a_missing_folder_of_the_deployment_is_told_with_its_setting(tmp_path: Path) -> None:
    answer = said("check", overlay=tmp_path / "nowhere")
    assert answer.exit_code == 1
    assert f"REGISTRY_SOP_OVERLAY: {tmp_path / 'nowhere'} is no folder" in answer.output


def test_a_frozen_version_that_is_gone_is_a_fault(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (copied.parent / "frozen.toml").write_text('"2025-01" = "00"\n', encoding="utf-8")
    monkeypatch.setattr(version, "FOLDER", copied.parent)
    answer = said("check")
    assert answer.exit_code == 1
    assert "2025-01: -: the version is frozen and is gone" in answer.output


def test_faults_of_the_rules_in_use_end_every_other_command_with_their_names(overlay: Path) -> None:
    (overlay / "services.toml").write_text("[education]\naccept_days = 0\n", encoding="utf-8")
    answer = said("open-points", overlay=overlay)
    assert answer.exit_code == 1
    assert "nanjing/services.toml: education.accept_days" in answer.output
    assert "Traceback" not in answer.output


def test_two_versions_are_compared(copied: Path) -> None:
    text = (copied / "services.toml").read_text(encoding="utf-8")
    (copied / "services.toml").write_text(text.replace("accept_days = 10", "accept_days = 9"), encoding="utf-8")
    assert said("diff", "2026-11", copied).output.splitlines() == [
        "services.toml: education.accept_days: was 10, is 9",
        "1 value differs.",
    ]
    assert said("diff", copied, "2026-11").output.splitlines()[0].endswith("was 9, is 10")


def test_a_version_and_local_rules_are_compared_either_way_round(overlay: Path) -> None:
    assert said("diff", "2026-11", overlay).output.splitlines()[0].endswith("was 10, is 8")
    assert said("diff", overlay, "2026-11").output.splitlines()[0].endswith("was 8, is 10")
    assert said("diff", "2026-11", "2026-11").output == "Nothing differs.\n"


@pytest.mark.parametrize("named", ["2020-01", "nowhere"])
def test_what_is_neither_version_nor_folder_is_refused_in_a_sentence(named: str) -> None:
    answer = said("diff", "2026-11", named)
    assert answer.exit_code == 1
    assert f"{named} is neither a version (2026-11) nor a folder." in answer.output


def test_local_rules_cannot_be_compared_with_local_rules(overlay: Path) -> None:
    answer = said("diff", overlay, overlay)
    assert answer.exit_code == 1
    assert "is a version." in answer.output
