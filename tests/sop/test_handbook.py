"""The handbook says what the rules say: nothing of them is missing, and what is not certain is marked."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest

from sop import version
from sop.building import build
from sop.content import written_day
from sop.differences import Difference, names
from sop.handbook import areas_named, handbook
from sop.handbook.parts import Cell, Chapter, Section, Table
from sop.handbook.words import CHAPTERS
from sop.immunisation import certificate, uncertain
from sop.version import Sop, SopError

ON = date(2026, 11, 22)
LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{3,}(?![A-Za-z0-9])")
HAN = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def chapters(sop: Sop, language: str, on: date = ON, changes: tuple[Difference, ...] = ()) -> dict[str, Chapter]:
    return {each.key: each for each in handbook(sop, language, on, changes)}


def section(chapter: Chapter, key: str) -> Section:
    return next(each for each in chapter.sections if each.key == key)


def tables(chapter: Chapter) -> list[Table]:
    return [block for part in chapter.sections for block in part.blocks if isinstance(block, Table)]


def text(chapter: Chapter) -> str:
    return "\n".join(line for part in chapter.sections for line in part.said())


def test_every_chapter_stands_in_the_order_of_the_book_but_the_one_on_local_rules(sop: Sop, language: str) -> None:
    assert list(chapters(sop, language)) == [key for key in CHAPTERS if key != "local"]


def test_both_languages_have_the_same_parts_of_the_same_size(sop: Sop) -> None:
    def shape(tongue: str) -> list[object]:
        return [
            (chapter.key, part.key, [(block.kind, len(list(block.said()))) for block in part.blocks])
            for chapter in handbook(sop, tongue, ON)
            for part in chapter.sections
        ]

    assert shape("zh") == shape("en")


def test_each_language_is_whole(sop: Sop, language: str) -> None:
    foreign = HAN if language == "en" else LATIN
    whole = "\n".join(text(chapter) for chapter in handbook(sop, language, ON))
    assert set(foreign.findall(whole)) <= {"HPV", "Hib"}


def test_no_placeholder_is_left_unfilled(sop: Sop, language: str) -> None:
    assert not re.search(r"[{}]", "\n".join(text(chapter) for chapter in handbook(sop, language, ON)))


def test_keys_of_parts_are_told_apart_and_fit_into_an_address(sop: Sop) -> None:
    for chapter in handbook(sop, "zh", ON):
        keys = [part.key for part in chapter.sections]
        assert len(set(keys)) == len(keys)
        assert all(re.fullmatch(r"[a-z0-9_-]+", key) for key in (chapter.key, *keys))


def test_rows_are_as_long_as_their_head(sop: Sop, language: str) -> None:
    found = [table for chapter in handbook(sop, language, ON) for table in tables(chapter)]
    assert len(found) > 30
    assert all(len(row) == len(table.columns) for table in found for row in table.rows)


def test_every_step_says_who_what_and_by_when(sop: Sop, language: str) -> None:
    parts = chapters(sop, language)["steps"].sections
    assert [part.key for part in parts] == [step.key for step in sop.handbook.steps]
    for part, step in zip(parts, sop.handbook.steps, strict=True):
        (facts,) = part.blocks
        assert len(facts.rows) == 3
        assert all(sop.codes["role"].text(who).in_language(language) in facts.rows[0][1][0] for who in step.who)


def test_every_outcome_of_every_service_stands_with_its_kind_and_reasons(sop: Sop, language: str) -> None:
    services = chapters(sop, language)["services"]
    for code, service in sop.services.items():
        (table,) = (block for block in section(services, code).blocks if isinstance(block, Table))
        assert len(table.rows) == len(service.outcomes)
        for row, outcome in zip(table.rows, service.outcomes, strict=True):
            kind = sop.codes["outcome_kind"].text(outcome.kind).in_language(language)
            assert [cell.words for cell in row[:3]] == [outcome.code, outcome.text.in_language(language), kind]
            reasons = [sop.codes["outcome_reason"].text(reason).in_language(language) for reason in outcome.reasons]
            assert all(reason[:1].lower() + reason[1:] in row[3].words for reason in reasons)
            offered = [sop.codes["alternative"].text(each).in_language(language) for each in outcome.alternative]
            assert all(each[:1].lower() + each[1:] in row[3].words for each in offered)
            told = outcome.reasons or outcome.asks or outcome.takes or outcome.alternative
            assert bool(row[3].words) == bool(told)


def test_every_limit_of_a_service_stands_in_steps_services_and_limits(sop: Sop) -> None:
    book = chapters(sop, "en")
    for service in sop.services.values():
        for days in (service.accept_days, service.answer_days):
            assert all(f"{days} working days" in text(book[key]) for key in ("steps", "services", "limits"))
        said = "\n".join(section(book["services"], service.code).said())
        assert "To the supervisor 5 working days after the limit, to the level above 10 working days later" in said
        assert all(words.en[1:] in said for words in service.documents)


def test_what_holds_of_some_services_alone_is_told_of_those_and_of_no_other(sop: Sop) -> None:
    services = chapters(sop, "en")["services"]
    said = {code: "\n".join(section(services, code).said()) for code in sop.services}
    rules = {
        "Sent only when the guardian agreed": {"identity"},
        "Offered first · Legal aid, Social assistance": {"identity"},
        "with one of: agrees, differs, not found": {"identity"},
        "Which service and office it is stays encrypted": {
            *("identity", "legal_aid", "social_assistance", "disability"),
        },
        "Proposed when · Raised by the registrar": {"legal_aid", "community_centre"},
    }
    for words, codes in rules.items():
        assert {code for code, lines in said.items() if words in lines} == codes


def test_the_month_from_which_entrants_are_proposed_is_named(sop: Sop) -> None:
    later = replace(sop, referrals=replace(sop.referrals, entrants_from_month=4))
    assert "自4月起提出" in text(chapters(later, "zh")["services"])
    assert "from April on" in text(chapters(later, "en")["services"])


def test_the_schedule_of_the_day_stands_dose_by_dose(sop: Sop, language: str) -> None:
    for on in (ON, date(2022, 1, 1)):
        by_age = section(chapters(sop, language, on)["immunisation"], "by-age")
        rows = certificate(sop.immunisation, on)
        assert sop.immunisation.edition(on).name.in_language(language) in by_age.blocks[0].words
        assert [row[0].words for row in by_age.blocks[1].rows] == [row.age.in_language(language) for row in rows]
    assert len(by_age.blocks[1].rows) < len(certificate(sop.immunisation, ON))


def test_every_uncertain_cell_of_the_schedule_is_listed_with_its_name(sop: Sop, language: str) -> None:
    cells = section(chapters(sop, language)["open"], "cells")
    rows = [row for block in cells.blocks if isinstance(block, Table) for row in block.rows]
    assert len(rows) == len(uncertain(sop.immunisation))
    assert {cell.cell for cell in uncertain(sop.immunisation)} <= sop.handbook.cells.keys()


def test_an_uncertain_cell_is_marked_where_it_stands_and_a_certain_one_is_not(sop: Sop) -> None:
    doses = section(chapters(sop, "en")["immunisation"], "doses")
    hepatitis = next(block for block in doses.blocks if isinstance(block, Table) and block.name == "Hepatitis B")
    assert hepatitis.rows[1] == (
        Cell("Hepatitis B vaccine"),
        Cell("Dose 2"),
        Cell("1 month"),
        Cell(""),
        Cell("28 days or more", unsure=True),
    )


def test_the_grades_of_a_school_year_follow_the_age_of_entry(sop: Sop) -> None:
    grades = section(chapters(sop, "en")["schooling"], "grades").blocks[1].rows
    assert [cell.words for cell in grades[0]] == ["Primary 1", "1 September 2019 to 31 August 2020"]
    summer = section(chapters(sop, "en", date(2026, 8, 31))["schooling"], "grades").blocks[1].rows
    assert summer[0][1].words == "1 September 2018 to 31 August 2019"
    assert len(grades) == sop.schooling.compulsory_grades


def test_every_checklist_stands_with_all_its_papers_and_where_they_are_issued(sop: Sop, language: str) -> None:
    chapter = chapters(sop, language)["documents"]
    issued = "\n".join(section(chapter, "issuers").said())
    for code, checklist in sop.documents.checklists.items():
        said = "\n".join(section(chapter, code).said())
        for paper in checklist.papers:
            assert paper.name.in_language(language) in said
            assert f"{paper.name.in_language(language)} · {paper.issuer.in_language(language)}" in issued


def test_promises_notice_and_open_points_stand_word_by_word(sop: Sop, language: str) -> None:
    book = chapters(sop, language)
    said = [*sop.notice.promises, *(words for part in sop.notice.sections for words in part.paragraphs)]
    assert all(words.in_language(language) in text(book["notice"]) for words in said)
    assert all(point.text.in_language(language) in text(book["open"]) for point in sop.open_points)


def test_local_changes_stand_in_a_chapter_of_their_own_in_words_and_in_both_languages(sop: Sop) -> None:
    changes = (
        Difference("services.toml", "education.accept_days", "10", "8"),
        Difference("services.toml", "education.name.zh", "就学", "上学"),
        Difference("services.toml", "education.name.en", "Education", "School"),
        Difference("questions.toml", "off", "true", None),
    )
    (table,) = tables(chapters(sop, "zh", changes=changes)["local"])
    assert [[cell.words for cell in row] for row in table.rows] == [
        ["服务和转介 › 就学 › 受理时限", "10", "8"],
        ["服务和转介 › 就学 › 名称 › 中文", "就学", "上学"],
        ["服务和转介 › 就学 › 名称 › 英文", "Education", "School"],
        ["档案内容", "是", "无"],
    ]


def test_the_first_day_of_life_is_told_in_hours_and_ages_as_ages(sop: Sop) -> None:
    zh, en = chapters(sop, "zh"), chapters(sop, "en")
    assert "出生后24小时内" in text(zh["immunisation"])
    assert "within 24 hours of birth" in text(en["immunisation"])
    assert "1天前" not in text(zh["immunisation"])
    assert "未满18周岁" in text(zh["immunisation"])
    assert "216个月" not in text(zh["open"])
    assert "18周岁" in text(zh["open"])


def test_the_rules_that_decide_besides_the_doses_stand_with_their_numbers(sop: Sop) -> None:
    (table,) = (each for each in tables(chapters(sop, "en")["immunisation"]) if each.name == "Special rules")
    said = {(row[0].words, row[1].words): row[2] for row in table.rows}
    mmr = "Measles, mumps and rubella vaccine"
    assert said[mmr, "interval after immunoglobulin"] == Cell("3 months", unsure=True)
    assert said["Polio", "born on or after, two doses with type II owed"] == Cell("1 October 2019", unsure=True)
    assert said["Measles, mumps, rubella", "doses with rubella"] == Cell("1", unsure=True)
    assert said["Diphtheria, tetanus, pertussis", "minimum age for DT"] == Cell("6 years", unsure=True)
    edition = sop.immunisation.edition(ON)
    numbers = sum(len(each.numbers) for each in edition.tables.values())
    assert len(table.rows) == numbers + len(sop.immunisation.cells)


def test_phrases_are_kept_apart_and_begin_small_in_brackets(sop: Sop) -> None:
    assert "义务教育年龄，没有上学" in text(chapters(sop, "zh")["services"])
    assert "没有预防接种证；一剂疫苗也没种过；有疫苗逾期30天以上" in text(chapters(sop, "zh")["services"])
    assert "No vaccination certificate; never had a dose of any vaccine" in text(chapters(sop, "en")["services"])
    papers = [cell.words for each in tables(chapters(sop, "en")["documents"]) for row in each.rows for cell in row]
    assert [words for words in papers if re.search(r"\([A-Z][a-z]", words)] == []


def test_one_working_day_is_one(sop: Sop) -> None:
    service = replace(sop.services["education"], accept_days=1)
    hasty = replace(sop, services=MappingProxyType({"education": service}))
    assert "Education: accept within 1 working day\n" in text(chapters(hasty, "en")["steps"])


def test_areas_are_told_by_name_where_it_is_given(sop: Sop) -> None:
    assert set(areas_named(sop)) >= {"320402", "120101"}
    named = {each.key: each for each in handbook(sop, "zh", ON, names={"320402": "天宁区"})}
    (table,) = (each for each in tables(named["definitions"]) if each.keys == ("city", "districts"))
    assert table.rows[0][1].words.startswith("天宁区、320404")


def test_all_limits_are_all_of_the_rules_of_time(sop: Sop) -> None:
    (table,) = tables(chapters(sop, "en")["limits"])
    said = {row[0].words: row[1].words for row in table.rows}
    assert said["Age of entering primary school"] == f"{sop.schooling.entry.age} years"
    assert said["Listing a visit before it is due"] == f"{sop.visits.ahead_days} days"
    assert said["Speaking of an attempt that did not count"] == f"{sop.visits.attempt_days} days"
    assert said["Keeping what was typed once a form is sent"] == "1 day"


def test_every_file_of_the_version_has_a_name_in_words(sop: Sop) -> None:
    assert set(sop.handbook.files) == set(names(version.FOLDER / sop.version))


FAULTS = [
    ('who = ["registrar"]', 'who = ["mayor"]', "steps.intake.who: 'mayor' is not known"),
    ('each_service = "accept"', 'each_service = "close"', "steps.refer.each_service: must be accept or answer"),
    ("{first_days}天内，随", "{days}天内，随", "steps.verify.limit: placeholders differ"),
    ('age_rule = { zh = "未', 'age_rules = { zh = "未', "words.age_rule: is missing or empty"),
    (
        'born_from = { zh = "{day}及以后出生", en = "born on {day}',
        'born_from = { zh = "{on}及以后", en = "{on}',
        "words.born_from",
    ),
    ("flag_left_behind =", "flag_left =", "words.flag_left_behind: is missing or empty"),
    ("[chapters]", '[chapters]\nmore = { zh = "一", en = "one" }', "chapters.more: unknown key"),
]


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS)
def test_a_fault_in_the_words_of_the_handbook_is_named(tmp_path: Path, old: str, new: str, fault: str) -> None:
    folder = Path(shutil.copytree(version.FOLDER / "2026-11", tmp_path / "2026-11"))
    said = (folder / "handbook.toml").read_text(encoding="utf-8")
    assert old in said
    (folder / "handbook.toml").write_text(said.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SopError, match=re.escape(f"handbook.toml: {fault}")):
        build(folder)


def test_days_are_written_as_the_language_writes_them(sop: Sop, language: str) -> None:
    day = written_day(sop.immunisation.edition(ON).valid_from, language)
    assert day in text(chapters(sop, language)["immunisation"])
