"""A version is loaded whole and checked, or every fault in it is named by file and key."""

import shutil
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest

from sop import version
from sop.building import build
from sop.version import Sop, SopError, Text, in_force, load, versions, written_day
from tests.sop.mending import faults_of, mend


def test_an_untouched_copy_has_no_fault(folder: Path) -> None:
    assert build(folder).version == "2026-11"


FAULTS = [
    ("version.toml", 'version = "2026-11"', 'version = "2026-10"', "version.toml: version: must be 2026-11"),
    ("version.toml", "valid_from = 2026-11-01", "", "version.toml: valid_from: is missing"),
    (
        "version.toml",
        "2026-11-01",
        "2026-11-01T00:00:00",
        "version.toml: valid_from: must be of kind date",
    ),
    ("codes.toml", 'zh = "男", ', "", "codes.toml: sex.1.zh: is missing or empty"),
    ("codes.toml", ', en = "Male"', "", "codes.toml: sex.1.en: is missing or empty"),
    ("codes.toml", 'en = "Male"', 'en = " "', "codes.toml: sex.1.en: is missing or empty"),
    ("codes.toml", 'en = "Male"', 'en = "Male", de = "M"', "codes.toml: sex.1.de: unknown key"),
    ("codes.toml", 'en = "Male"', "en = 1", "codes.toml: sex.1.en: must be of kind str"),
    ("codes.toml", "[stays]", "[stay]", "codes.toml: stay: unknown key"),
    ("codes.toml", "[stays]", "[stay]", "codes.toml: stays: is missing or empty"),
    ("codes.toml", "provisional =", "temporary =", "codes.toml: flag.provisional: is missing"),
    ("codes.toml", "returned =", "sent_back =", "codes.toml: referral_state.returned: is missing"),
    ("codes.toml", '"child.phone" =', '"child.fax" =', 'codes.toml: field."child.phone": is missing'),
    (
        "services.toml",
        "accept_days = 10",
        "accept_days = 0",
        "education.accept_days: must be a number from 1",
    ),
    ("services.toml", "accept_days = 10", "accept_days = -1", "education.accept_days: must be a number from"),
    ("services.toml", "accept_days = 10", "accept_days = true", "education.accept_days: must be of kind int"),
    ("services.toml", "accept_days = 10", 'accept_days = "10"', "education.accept_days: must be of kind int"),
    ("services.toml", "accept_days = 10", "accept_days = 31", "education.answer_days: is shorter"),
    ("services.toml", "accept_days = 10", "accept_day = 10", "education.accept_day: unknown key"),
    ("services.toml", '["school_needed",', "[1,", "education.triggers: must be a list of strings"),
    ("services.toml", '["school_needed",', '["hunger",', "education.triggers: 'hunger' is not known"),
    ("services.toml", '["school_needed",', '["no_dose",', "education.triggers: 'no_dose' is not known"),
    ("services.toml", '"child.name", ', '"child.notes", ', "visible_before: 'child.notes' is not known"),
    ("services.toml", '"child.name", ', '"child.sex", ', "visible_before: names something twice"),
    ("services.toml", '"child.name", ', '"child.hukou", ', "'child.hukou' is visible before already"),
    ("services.toml", ', "child.doses"]', "]", "vaccination.visible_after: 'child.doses' must be seen by who answers"),
    ("codes.toml", "58 =", "59 =", "codes.toml: relation.58: is missing"),
    ("services.toml", 'kind = "solved"', 'kind = "done"', "education.outcomes[1].kind: must be one of"),
    ("services.toml", 'code = "12"', 'code = "11"', "education.outcomes: code '11' stands twice"),
    ("services.toml", 'asks = "recall"', 'asks = "song"', "education.outcomes[9].asks: must be one of"),
    ("services.toml", '"no_permit"', '"no_money"', "outcomes[13].reasons: 'no_money' is not known"),
    ("services.toml", 'state = "appointed"', 'state = "closed"', "outcomes[3].state: may only be appointed"),
    (
        "services.toml",
        'school = "stage"',
        'school = "moon"',
        "outcomes[1].writes.school: 'moon' is not known",
    ),
    ("services.toml", 'school = "stage"', 'class = "one"', "outcomes[1].writes.class: unknown key"),
    (
        "services.toml",
        'code = "41", kind = "interim"',
        'code = "41", kind = "interim", writes = { school = "stage" }',
        "outcomes[11].writes: only a solved outcome",
    ),
    ("eligibility.toml", "age_below = 16", "age_below = 0", "eligibility.toml: age_below: must be a number"),
    ("eligibility.toml", "age_below = 16", "age_below = 19", "eligibility.toml: age_below: must be a number"),
    ("eligibility.toml", "stay_months = 6", "stay_months = -6", "eligibility.toml: stay_months: must be"),
    ("eligibility.toml", '"320402"', '"32040"', "centres.changzhou.districts: '32040' is not a district"),
    ("eligibility.toml", '"320404"', '"320504"', "centres.changzhou.districts: '320504' is not a district"),
    ("schooling.toml", "day = 31", "day = 32", "schooling.toml: entry.day: must be a number from 1 to 31"),
    (
        "schooling.toml",
        "month = 8",
        "month = 6",
        "schooling.toml: entry.day: 6-31 is not a day of every year",
    ),
    ("schooling.toml", "primary_grades = 6", "primary_grades = 9\nhalf = 1", "schooling.toml: half: unknown"),
    ("schooling.toml", "compulsory_grades = 9", "compulsory_grades = 5", "primary_grades: is more than"),
    ("schooling.toml", "[entry]", "[areas.x]\nage = 6\nmonth = 8\nday = 31\n[entry]", "'x' is no prefix"),
    (
        "schooling.toml",
        "[entry]",
        "[areas.32]\nage = 6\nmonth = 8\n[entry]",
        "areas.32.day: must be a number",
    ),
    ("notice.toml", "[[sections.paragraphs]]", "[[sections.lines]]", "sections[1].lines: unknown key"),
    ("notice.toml", 'zh = "给监护人的告知书"', 'zh = "给{name}"', "title: placeholders differ"),
    ("notice.toml", "[[promises]]\nzh =", "[[promises]]\nzh_CN =", "promises[1].zh: is missing or empty"),
    ("wording.toml", "[no_dose]", "[no_doses]", "wording.toml: no_dose: is missing: the rules speak of it"),
    ("wording.toml", 'en = "Entry {year}"', 'en = "Entry"', "grade_entry: placeholders differ between"),
    ("wording.toml", 'zh = "{year}年入学"', 'zh = "{age}年入学"', "grade_entry: placeholders differ between"),
    ("wording.toml", "没有预防接种证", "没有{}预防接种证", "certificate_missing: placeholder {} must be a"),
    ("wording.toml", "没有预防接种证", "没有{预防接种证", "wording.toml: certificate_missing: "),
]


@pytest.mark.parametrize(("file", "old", "new", "fault"), FAULTS)
def test_a_fault_is_named_by_file_and_key(folder: Path, file: str, old: str, new: str, fault: str) -> None:
    mend(folder, file, old, new)
    assert any(found.startswith(f"{file}: ") and fault in found for found in faults_of(folder))


def test_a_placeholder_that_no_rule_fills_is_a_fault(folder: Path) -> None:
    mend(folder, "wording.toml", "没有预防接种证", "没有{number}预防接种证")
    mend(folder, "wording.toml", "No vaccination certificate", "No vaccination certificate {number}")
    assert faults_of(folder) == ("wording.toml: certificate_missing: the rule gives no {number}",)


def test_a_notice_with_placeholders_is_a_fault(folder: Path) -> None:
    mend(folder, "notice.toml", 'zh = "给监护人的告知书"', 'zh = "给{name}"')
    mend(folder, "notice.toml", 'en = "Notice to guardians"', 'en = "To {name}"')
    assert faults_of(folder) == ("notice.toml: -: the notice is said as it stands: no placeholders",)


def test_all_faults_of_all_files_are_named_at_once(folder: Path) -> None:
    mend(folder, "codes.toml", 'zh = "男", ', "")
    mend(folder, "services.toml", "accept_days = 5", "accept_days = 0")
    mend(folder, "wording.toml", 'en = "Entry {year}"', 'en = "Entry"')
    assert [fault.split(":")[0] for fault in faults_of(folder)] == [
        "codes.toml",
        "services.toml",
        "wording.toml",
    ]


@pytest.mark.parametrize(
    "file",
    ["version", "codes", "services", "referrals", "calendar", "eligibility", "schooling", "notice", "wording"],
)
def test_a_missing_or_broken_file_is_named(folder: Path, file: str) -> None:
    path = folder / f"{file}.toml"
    path.write_bytes(b"= broken")
    assert any(fault.startswith(f"{file}.toml: -: cannot be read") for fault in faults_of(folder))
    path.write_bytes(b'a = "\xff"')
    assert any(fault.startswith(f"{file}.toml: -: cannot be read") for fault in faults_of(folder))
    path.unlink()
    assert f"{file}.toml: -: the file is missing" in faults_of(folder)


def test_an_unknown_version_is_said_to_be_missing() -> None:
    for name in ("2020-01", "../2026-11", ""):
        with pytest.raises(SopError, match="there is no version"):
            load(name)


def test_a_version_is_loaded_once() -> None:
    assert load("2026-11") is load("2026-11")
    assert versions() == ("2026-11",)


@pytest.mark.parametrize("on", [date(2026, 10, 31), date(2026, 11, 1), date(2030, 1, 1)])
def test_the_first_version_also_holds_for_days_before_it(on: date) -> None:
    assert in_force(on).version == "2026-11"


def test_the_later_version_is_in_force_from_its_first_day(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, day in (("2026-11", "2026-11-01"), ("2027-03", "2027-03-15")):
        copied = Path(shutil.copytree(version.FOLDER / "2026-11", tmp_path / name))
        mend(copied, "version.toml", 'version = "2026-11"', f'version = "{name}"')
        mend(copied, "version.toml", "2026-11-01", day)
    monkeypatch.setattr(version, "FOLDER", tmp_path)
    load.cache_clear()
    versions.cache_clear()
    try:
        assert in_force(date(2027, 3, 14)).version == "2026-11"
        assert in_force(date(2027, 3, 15)).version == "2027-03"
    finally:
        load.cache_clear()
        versions.cache_clear()


def test_a_version_cannot_be_changed(sop: Sop) -> None:
    with pytest.raises(FrozenInstanceError):
        sop.version = "2027-01"  # type: ignore[misc]
    for mapping in (sop.codes, sop.services, sop.wording, sop.schooling.areas, sop.calendar, sop.eligibility.centres):
        with pytest.raises(TypeError):
            mapping["x"] = None  # type: ignore[index]


def test_a_code_list_answers_for_its_codes(sop: Sop) -> None:
    sex = sop.codes["sex"]
    assert sex.text("1") == Text("男", "Male")
    assert [code.code for code in sex] == ["1", "2", "0", "9"]
    assert (len(sex), sex.has("2"), sex.has("3")) == (4, True, False)
    assert sex.choices("en")[0] == ("1", "Male")
    with pytest.raises(SopError, match="code list sex has no code '3'"):
        sex.text("3")


def test_an_unknown_outcome_or_language_is_refused(sop: Sop) -> None:
    with pytest.raises(SopError, match="service education has no outcome '98'"):
        sop.services["education"].outcome("98")
    with pytest.raises(SopError, match="no language 'fr'"):
        Text("一", "one").in_language("fr")


def test_wording_that_is_missing_or_not_filled_is_named(sop: Sop) -> None:
    assert sop.say("grade_entry", "en", year=2027) == "Entry 2027"
    with pytest.raises(SopError, match="no wording 'nothing'"):
        sop.say("nothing", "zh")
    with pytest.raises(SopError, match="'grade_entry' needs year"):
        sop.say("grade_entry", "zh")


def test_days_are_written_as_each_language_writes_them() -> None:
    assert written_day(date(2026, 11, 2), "zh") == "2026年11月2日"
    assert written_day(date(2026, 11, 2), "en") == "2 November 2026"
