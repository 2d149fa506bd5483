"""Local rules: a folder that holds only what differs is laid over the version and checked like one."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.settings import Settings, SettingsError
from sop import version
from sop.freezing import fingerprint
from sop.identity import BirthDate
from sop.overlay import build_with
from sop.schooling import entry_year
from sop.version import SopError, Text, in_force, load, local_changes, use_overlay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BASE = version.FOLDER / "2026-11"


@pytest.fixture
def local(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a folder of local rules: file name without .toml → what stands in it."""

    def written(**files: str) -> Path:
        folder = tmp_path / "nanjing"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / f"{name}.toml").write_text(text, encoding="utf-8")
        return folder

    return written


@pytest.fixture
def deployed(local: Callable[..., Path]) -> Iterator[Callable[..., None]]:
    """Return a function that lets every version be answered with local rules, until the test ends."""
    yield lambda **files: use_overlay(local(**files))
    use_overlay(None)


def faults_of(folder: Path) -> tuple[str, ...]:
    with pytest.raises(SopError) as caught:
        build_with(BASE, folder)
    return caught.value.faults


def test_a_value_stands_instead_and_everything_else_stays(local: Callable[..., Path]) -> None:
    sop = build_with(BASE, local(services="[education]\naccept_days = 8\n"))
    general = load("2026-11").services
    assert (sop.services["education"].accept_days, general["education"].accept_days) == (8, 10)
    assert sop.services["education"].answer_days == general["education"].answer_days
    assert list(sop.services) == list(general)
    assert sop.services["vaccination"] == general["vaccination"]


def test_a_table_joins_those_that_are_there(local: Callable[..., Path]) -> None:
    sop = build_with(BASE, local(schooling="[areas.320106]\nage = 6\nmonth = 12\nday = 31\n"))
    born = BirthDate(2020, 10, 5)
    assert (entry_year(sop, born, "320106001"), entry_year(sop, born, "320402001")) == (2026, 2027)


def test_words_may_differ_in_one_language_alone(local: Callable[..., Path]) -> None:
    sop = build_with(BASE, local(codes='[sex]\n1 = { en = "Boy" }\n'))
    assert sop.codes["sex"].text("1") == Text("男", "Boy")
    assert [code.code for code in sop.codes["sex"]] == ["1", "2", "0", "9"]


def test_a_list_stands_for_the_whole_of_what_it_replaces(local: Callable[..., Path]) -> None:
    sop = build_with(BASE, local(eligibility='[centres.changzhou]\ndistricts = ["320402"]\n'))
    assert sop.eligibility.centres["changzhou"].districts == {"320402"}


FAULTS = [
    ("services", "[education]\naccept_days = 0", "nanjing/services.toml: education.accept_days: must be a number"),
    ("services", "[education]\naccept_days = 31", "nanjing/services.toml: education.answer_days: is shorter"),
    ("services", "[education]\naccept_day = 8", "nanjing/services.toml: education.accept_day: unknown key"),
    ("schooling", "[areas.x]\nage = 6\nmonth = 8\nday = 31", "nanjing/schooling.toml: areas: 'x' is no prefix"),
    ("wording", '[no_dose]\nen = "No {x}"', "nanjing/wording.toml: no_dose: placeholders differ"),
    ("visits", "[months]\nhigh = 2", "nanjing/visits.toml: frequency: has no words for 2 months"),
    ("eligibility", "age_below = [", "nanjing/eligibility.toml: -: cannot be read"),
    ("version", 'version = "2027-01"', "nanjing/version.toml: version: is the same everywhere"),
    ("version", "valid_from = 2027-01-01", "nanjing/version.toml: valid_from: is the same everywhere"),
    ("notice", 'version = "n1"\n[[promises]]\nzh = "一"\nen = "one"', "nanjing/notice.toml: promises: is the same"),
    ("notice", 'title = { en = "Notice" }', "nanjing/notice.toml: version: a notice with other words needs"),
    ("notice", 'version = "2026-11"\ntitle = { en = "Notice" }', "nanjing/notice.toml: version: a notice with other"),
    ("services", "accept = {", "nanjing/services.toml: -: cannot be read"),
    (
        "services",
        (
            '[vaccination]\nvisible_after = ["child.doses"]\n'
            'visible_before = ["child.name", "child.birth_date", "child.id_number"]'
        ),
        "nanjing/services.toml: vaccination.visible_before: 'child.id_number' may be seen only once",
    ),
]


@pytest.mark.parametrize(("file", "text", "fault"), FAULTS)
def test_a_fault_is_named_by_file_of_the_folder_and_key(
    local: Callable[..., Path], file: str, text: str, fault: str
) -> None:
    found = faults_of(local(**{file: text}))
    assert len(found) == 1
    assert found[0].startswith(fault)


def test_what_does_not_fit_another_file_is_told_as_a_fault_of_the_folder(local: Callable[..., Path]) -> None:
    found = faults_of(local(protection='[levels]\nhigh = { en = "" }\n', visits="[months]\nhigh = 2\n"))
    assert [fault.partition(": ")[0] for fault in found] == ["nanjing/protection.toml", "nanjing/visits.toml"]


def test_a_folder_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    assert faults_of(tmp_path / "nowhere") == ("nowhere: -: the folder is missing",)


def test_a_folder_without_a_file_of_local_rules_is_a_fault(local: Callable[..., Path]) -> None:
    assert faults_of(local()) == ("nanjing: -: the folder holds no file of local rules",)
    assert build_with(BASE, local(services="# as everywhere\n")).services == load("2026-11").services


@pytest.mark.parametrize("name", ["services.TOML", "services.toml.txt", "schools.toml", "more"])
def test_whatever_would_be_passed_over_is_a_fault_unless_it_is_hidden(local: Callable[..., Path], name: str) -> None:
    folder = local(services="[education]\naccept_days = 8\n")
    (folder / f".{name}").touch()
    assert build_with(BASE, folder).services["education"].accept_days == 8
    (folder / name).touch()
    assert faults_of(folder) == (f"nanjing/{name}: -: the version has no file of this name",)


def test_folders_below_the_one_named_are_not_searched(local: Callable[..., Path]) -> None:
    folder = local(services="[education]\naccept_days = 8\n")
    (folder / "2025" / "old").mkdir(parents=True)
    (folder / "2025" / "old" / "visits.toml").touch()
    assert faults_of(folder) == ("nanjing/2025: -: the version has no file of this name",)


def test_what_cannot_be_read_is_told_first(local: Callable[..., Path]) -> None:
    found = faults_of(local(aged="x = 1", version='version = "2027-01"', wording="x = ["))
    assert [fault.partition(":")[0] for fault in found] == [
        f"nanjing/{name}.toml" for name in ("wording", "aged", "version")
    ]


def test_a_folder_is_called_by_its_own_name_however_it_is_reached(
    local: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(local(services="[education]\naccept_days = 0\n"))
    assert faults_of(Path())[0].startswith("nanjing/services.toml: education.accept_days")


def test_a_fault_of_the_version_itself_is_told_as_its_own(local: Callable[..., Path], tmp_path: Path) -> None:
    version_ = Path(shutil.copytree(BASE, tmp_path / "2026-11"))
    (version_ / "intake.toml").write_text("draft_days = 0\nsent_days = 1\n", encoding="utf-8")
    with pytest.raises(SopError, match=r"^intake\.toml: draft_days"):
        build_with(version_, local(services="[education]\naccept_days = 8\n"))


def test_the_notice_may_say_other_things_under_a_version_of_its_own(local: Callable[..., Path]) -> None:
    sop = build_with(BASE, local(notice='version = "2026-11-nanjing"\ntitle = { en = "Notice of Nanjing" }\n'))
    assert (sop.notice.version, sop.notice.title.en) == ("2026-11-nanjing", "Notice of Nanjing")
    assert sop.notice.promises == load("2026-11").notice.promises


def test_the_version_in_force_is_answered_with_the_local_rules_of_the_deployment(
    deployed: Callable[..., None],
) -> None:
    on = date(2026, 11, 22)
    general = in_force(on)
    assert local_changes("2026-11") == ()
    deployed(services="[education]\naccept_days = 8\n")
    assert (in_force(on).services["education"].accept_days, load("2026-11").version) == (8, "2026-11")
    assert [str(each) for each in local_changes("2026-11")] == ["services.toml: education.accept_days: was 10, is 8"]
    use_overlay(None)
    assert in_force(on).services == general.services
    assert local_changes("2026-11") == ()


def test_no_file_of_the_version_is_written_to(deployed: Callable[..., None]) -> None:
    before = fingerprint(BASE)
    deployed(services="[education]\naccept_days = 8\n")
    load("2026-11")
    assert fingerprint(BASE) == before


def test_the_setting_names_the_folder(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.touch(mode=0o600)
    secret.write_text("0123456789abcdef" * 2, encoding="ascii")
    given = {"DATABASE_URL": "sqlite://", "KEY_FILE": "key", "SECRET_FILE": str(secret), "SOP_OVERLAY": str(tmp_path)}
    settings = Settings.from_environment({f"REGISTRY_{name}": value for name, value in given.items()})
    assert settings.sop_overlay == tmp_path
    del given["SOP_OVERLAY"]
    assert Settings.from_environment({f"REGISTRY_{name}": given[name] for name in given}).sop_overlay is None


def test_the_application_does_not_start_with_faulty_local_rules(local: Callable[..., Path]) -> None:
    from registry import create_app

    folder = local(services="[education]\naccept_days = 0\n")
    settings = Settings("sqlite://", folder / "key", "0" * 32, sop_overlay=folder)
    try:
        with pytest.raises(SettingsError, match=r"nanjing/services\.toml: education\.accept_days: must be a number"):
            create_app(settings)
    finally:
        use_overlay(None)


def test_the_application_names_the_setting_of_a_folder_that_is_not_there(tmp_path: Path) -> None:
    from registry import create_app

    settings = Settings("sqlite://", tmp_path / "key", "0" * 32, sop_overlay=tmp_path / "nowhere")
    with pytest.raises(SettingsError, match=r"^REGISTRY_SOP_OVERLAY: .*nowhere is no folder"):
        create_app(settings)


def test_the_application_does_not_blame_the_setting_for_faults_of_a_version(
    local: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from registry import create_app

    faulty = Path(shutil.copytree(BASE, tmp_path / "versions" / "2026-11"))
    (faulty / "intake.toml").write_text("draft_days = 0\nsent_days = 1\n", encoding="utf-8")
    monkeypatch.setattr(version, "FOLDER", faulty.parent)
    folder = local(services="[education]\naccept_days = 8\n")
    try:
        with pytest.raises(SettingsError, match=r"^The procedure cannot be followed:\nintake\.toml: draft_days"):
            create_app(Settings("sqlite://", folder / "key", "0" * 32, sop_overlay=folder))
    finally:
        use_overlay(None)
