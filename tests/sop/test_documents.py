"""Which papers a family brings, by place, year and stage, what it still lacks, and how sure that is."""

import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sop import version
from sop.building import build
from sop.content import SopError, Text
from sop.documents import checklist, lacking
from sop.version import Sop

COMMON = {"residence_permit", "hukou_book", "guardian_id"}
CHANGZHOU = {"residence_permit", "social_insurance", "labour_contract", "hukou_book", "guardian_id"}


@pytest.mark.parametrize(
    ("area", "year", "stage", "code"),
    [
        ("320402", 2024, "grade_1", "changzhou_2024"),
        ("320402", 2026, "grade_1", "changzhou_2024"),
        ("320402", 2023, "grade_1", "national"),
        ("320402", 2026, "kindergarten", "national_kindergarten"),
        ("320402", 2026, "transfer", "national_transfer"),
        ("320412", 2025, "grade_1", "changzhou_2024"),
        ("320412", 2026, "grade_1", "wujin_2026"),
        ("320412001001", 2026, "grade_7", "wujin_2026"),
        ("320412", 2030, "grade_7", "wujin_2026"),
        ("320404", 2026, "grade_1", "changzhou_2024"),
        ("320404100902", 2026, "grade_1", "zouqu_2026"),
        ("320404100902", 2025, "grade_1", "changzhou_2024"),
        ("320404100902", 2026, "grade_7", "changzhou_2024"),
        ("120104", 2025, "grade_1", "nankai_2025"),
        ("120104", 2026, "grade_1", "nankai_2025"),
        ("120104", 2024, "grade_1", "national"),
        ("120104", 2025, "grade_7", "national"),
        ("442000", 2026, "grade_1", "national"),
        ("", 1990, "transfer", "national_transfer"),
    ],
)
def test_the_list_of_the_smallest_area_and_the_newest_year_not_after_counts(
    sop: Sop, area: str, year: int, stage: str, code: str
) -> None:
    assert checklist(sop, area, year, stage).code == code


def test_a_stage_that_nobody_applies_for_is_refused(sop: Sop) -> None:
    with pytest.raises(SopError, match="no admission to 'university'"):
        checklist(sop, "320402", 2026, "university")


def test_one_of_several_papers_is_enough(sop: Sop) -> None:
    asked = checklist(sop, "320402", 2024, "grade_1")
    assert lacking(asked, CHANGZHOU) == ()
    assert lacking(asked, CHANGZHOU - {"labour_contract"} | {"business_licence"}) == ()
    (work,) = lacking(asked, CHANGZHOU - {"labour_contract"})
    assert work.requirement.code == "work"
    assert [paper.code for paper in work.missing] == ["labour_contract"]


def test_papers_that_count_only_together_are_lacking_until_all_are_there(sop: Sop) -> None:
    asked = checklist(sop, "120104", 2025, "grade_1")
    others = {"residence_permit", "hukou_book", "work_proof", "social_insurance"}
    assert lacking(asked, others | {"title_deed"}) == ()
    assert lacking(asked, others | {"lease_filing", "property_query"}) == ()
    (dwelling,) = lacking(asked, others | {"property_query", "residence_registration"})
    assert [paper.code for paper in dwelling.missing] == ["title_deed"]
    assert "property_query" not in {paper.code for paper in dwelling.missing}
    lease = dwelling.requirement.ways[1][0]
    assert lease.valid is not None
    assert "“居住”" in lease.valid.zh


def test_every_list_names_a_place_of_the_reference_data(sop: Sop) -> None:
    with Path("seed/reference/divisions.csv").open(encoding="utf-8", newline="") as file:
        names = {row["code"]: row["name_zh"] for row in csv.DictReader(file)}
    places = {each.area: names[each.area.ljust(12, "0")] for each in sop.documents.checklists.values() if each.area}
    assert places == {"3204": "常州市", "320412": "武进区", "320404100": "邹区镇", "120104": "南开区"}
    assert names["320404000000"] == "钟楼区"


def test_with_nothing_in_hand_every_required_paper_is_lacking(sop: Sop) -> None:
    for each in sop.documents.checklists.values():
        required = [requirement.code for requirement in each.requirements if requirement.need == "required"]
        assert [found.requirement.code for found in lacking(each, set())] == required
        assert required


def test_the_vaccination_certificate_is_checked_after_term_starts_and_keeps_nobody_out(sop: Sop) -> None:
    for each in sop.documents.checklists.values():
        (vaccination,) = [found for found in each.requirements if found.code == "vaccination"]
        assert vaccination.need == "after_entry"
        held = {paper.code for paper in each.papers} - {"vaccination_certificate"}
        assert lacking(each, held) == ()


def test_where_nothing_is_known_a_family_needs_no_dwelling_work_or_insurance(sop: Sop) -> None:
    asked = checklist(sop, "442000", 2026, "grade_1")
    assert lacking(asked, COMMON) == ()
    assert lacking(asked, COMMON - {"residence_permit"} | {"residence_registration"}) == ()
    assert {each.code for each in asked.requirements if each.need == "where_asked"} == {"dwelling", "work", "insurance"}


def test_a_transfer_also_needs_the_student_status(sop: Sop) -> None:
    (found,) = lacking(checklist(sop, "442000", 2026, "transfer"), COMMON)
    assert found.requirement.code == "student_status"


def test_places_without_points_say_so_and_share_the_papers_of_the_city(sop: Sop) -> None:
    city = checklist(sop, "320402", 2026, "grade_1")
    for area in ("320412", "320404100902"):
        own = checklist(sop, area, 2026, "grade_1")
        assert "不再积分" in own.placement.zh
        assert own.requirements == city.requirements
    assert "积分" not in city.placement.zh


def test_every_list_says_how_sure_it_is_and_where_it_was_read(sop: Sop) -> None:
    marks = {code: each.mark for code, each in sop.documents.checklists.items()}
    assert marks == {
        **dict.fromkeys(("national", "national_kindergarten", "national_transfer"), "P"),
        "changzhou_2024": "D",
        "wujin_2026": "B",
        "zouqu_2026": "B",
        "nankai_2025": "C",
    }
    changzhou = {paper.code: paper.mark for paper in sop.documents.checklists["changzhou_2024"].papers}
    assert (changzhou["social_insurance"], changzhou["hukou_book"]) == ("D", "P")


def texts(sop: Sop) -> Iterator[tuple[str, Text]]:
    for each in sop.documents.checklists.values():
        for text in (each.name, each.placement, each.source, *each.notes):
            yield each.code, text
        for requirement in each.requirements:
            yield requirement.code, requirement.name
            if requirement.when:
                yield requirement.code, requirement.when
        for paper in each.papers:
            yield paper.code, paper.name
            yield paper.code, paper.issuer
            if paper.valid:
                yield paper.code, paper.valid
    for calendar in sop.admission.calendars.values():
        for step in calendar.steps:
            yield step.code, step.text
            yield step.code, step.source


def test_every_word_is_chinese_in_chinese_and_english_in_english(sop: Sop) -> None:
    chinese = re.compile("[\u3400-\u9fff]")
    assert [code for code, text in texts(sop) if chinese.search(text.en) or not chinese.search(text.zh)] == []
    assert [code for code, text in texts(sop) if re.search(r"[,;:!?()]", text.zh)] == []


FAULTS = [
    ('any_of = ["student_record"]', 'any_of = ["school_record"]', "any_of: 'school_record' is no paper of this list"),
    ('any_of = ["student_record"]', 'any_of = ["guardian_id"]', "papers.student_record: is asked for by nothing"),
    ('student_record = { form = "original" }', 'school_record = { form = "both" }', "papers.school_record.-: there"),
    ('student_status = { need = "required"', 'school = { need = "required"', "requirements.school.-: there is no such"),
    ('student_status = { need = "required"', 'student_status = { need = "soon"', "need: 'soon' is not known"),
    ('student_record = { form = "original" }', 'student_record = { form = "fax" }', "form: 'fax' is not known"),
    ('stages = ["transfer"]', 'stages = ["university"]', "lists.national_transfer.stages: 'university' is not known"),
    ('stages = ["transfer"]', 'stages = ["kindergarten"]', "lists: none holds for transfer everywhere"),
    ('area = "120104"', 'area = "Nankai"', "lists.nankai_2025.area: 'Nankai' is no prefix of an area code"),
    ('as_in = "changzhou_2024"', 'as_in = "changzhou"', "lists.wujin_2026.as_in: no list 'changzhou' stands above"),
    ('as_in = "changzhou_2024"', 'as_in = "changzhou_2024"\nrequirements = {}', "wujin_2026.as_in: must be 'own'"),
    ('area = "120104"\nyear = 2025', 'area = "320404100"\nyear = 2026', "lists: nankai_2025 holds for grade_1 in the"),
    ('mark = "D"', 'mark = "Z"', "lists.changzhou_2024.mark: 'Z' is not known"),
    ('area = "120104"', 'area = "120104"\npoints = 3', "lists.nankai_2025.points: unknown key"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS)
def test_a_fault_is_named_by_file_and_key(tmp_path: Path, old: str, new: str, fault: str) -> None:
    folder = Path(shutil.copytree(version.FOLDER / "2026-11", tmp_path / "2026-11"))
    text = (folder / "documents.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "documents.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SopError) as caught:
        build(folder)
    assert any(found.startswith("documents.toml: ") and fault in found for found in caught.value.faults)


def local_rules(folder: Path, **lists: tuple[str, int]) -> Sop:
    """Build the version with the lists of a place in a folder beside: their area and year by name."""
    told = [
        f'[lists.{name}]\nname = {{ zh = "本地清单", en = "Local" }}\narea = "{area}"\nyear = {year}\n'
        'stages = ["grade_1"]\n'
        'placement = { zh = "积分入学", en = "By points" }\nmark = "A"\n'
        'source = { zh = "当地办法", en = "Rules of the place" }\npapers = { residence_permit = { form = "both" } }\n'
        'requirements = { residence = { need = "required", any_of = ["residence_permit"] } }\n'
        for name, (area, year) in lists.items()
    ]
    (folder / "documents.toml").write_text("".join(told), encoding="utf-8")
    return build(version.FOLDER / "2026-11", folder)


def test_a_city_may_have_a_list_of_its_own_in_a_folder_beside(tmp_path: Path) -> None:
    local = local_rules(tmp_path, zhongshan_2026=("442000", 2026))
    assert checklist(local, "442000001001", 2026, "grade_1").code == "zhongshan_2026"
    assert checklist(local, "442000001001", 2025, "grade_1").code == "national"
    assert checklist(local, "120104", 2026, "grade_1").code == "nankai_2025"


def test_an_older_list_of_a_district_comes_before_a_newer_one_of_its_city(sop: Sop, tmp_path: Path) -> None:
    local = local_rules(tmp_path, changzhou_2027=("3204", 2027))
    assert checklist(local, "320412", 2027, "grade_1").code == "wujin_2026"
    assert checklist(local, "320402", 2027, "grade_1").code == "changzhou_2027"
    assert checklist(sop, "320402", 2027, "grade_1").code == "changzhou_2024"


def test_a_list_that_shares_its_papers_may_be_given_its_own(tmp_path: Path) -> None:
    (tmp_path / "documents.toml").write_text(
        '[lists.wujin_2026]\nas_in = "own"\npapers = { residence_permit = { form = "copy" } }\n'
        'requirements = { residence = { need = "required", any_of = ["residence_permit"] } }\n',
        encoding="utf-8",
    )
    asked = checklist(build(version.FOLDER / "2026-11", tmp_path), "320412", 2026, "grade_1")
    assert [(paper.code, paper.form) for paper in asked.papers] == [("residence_permit", "copy")]
    assert asked.placement.zh.startswith("2026年秋季起")
