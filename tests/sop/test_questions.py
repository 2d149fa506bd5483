"""Which questions of the full file are put about a child, and which of them are still open."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from sop import version
from sop.building import build
from sop.questions import (
    FILE_FACTS,
    LISTED,
    REFUSED,
    UNKNOWN,
    Situation,
    Value,
    asked,
    is_open,
    is_to_come,
    still_open,
    withheld,
)
from sop.version import Sop, SopError

OFF = {"landlord", "income", "grandparents", "parents_documents"}


def situation(age: int = 7, side: str = "receiving", **answers: Value) -> Situation:
    return Situation(age, side, frozenset(), answers)


def keys(sop: Sop, where: Situation) -> set[str]:
    return {question.key for question in asked(sop.questions, where)}


def test_what_is_not_needed_is_not_asked(sop: Sop) -> None:
    assert {question.key for question in sop.questions if question.off} == OFF
    for side in ("receiving", "sending"):
        for age in (0, 6, 15):
            assert not keys(sop, situation(age, side, school="primary", residence_permit="yes")) & OFF


def test_every_question_can_be_answered_not_known_and_declined(sop: Sop) -> None:
    for question in sop.questions:
        if question.kind in LISTED:
            codes = {entry.code for entry in sop.codes[str(question.codes)]}
            assert {UNKNOWN, REFUSED} <= codes, question.key


def test_what_was_declined_is_never_asked_again_and_what_nobody_knew_is(sop: Sop) -> None:
    choice, text = sop.questions.question("insurance"), sop.questions.question("school_name")
    assert [is_open(choice, code) for code in (None, "", UNKNOWN, REFUSED, "none")] == [True, True, True, False, False]
    assert is_open(text, {"withheld": UNKNOWN})
    assert not is_open(text, {"withheld": REFUSED})
    assert not is_open(text, "采菱小学")


def test_a_known_answer_is_never_asked_again(sop: Sop) -> None:
    before = {question.key for question in still_open(sop.questions, situation())}
    after = {question.key for question in still_open(sop.questions, situation(insurance="here", aid=["none"]))}
    assert before - after == {"insurance", "aid"}


def test_a_paper_that_was_promised_stays_to_be_seen(sop: Sop) -> None:
    question = sop.questions.question("birth_certificate")
    assert is_to_come(question, "later")
    assert is_open(question, "later")
    assert not is_to_come(question, "seen")
    assert not is_open(question, "seen")


@pytest.mark.parametrize(
    ("where", "there", "not_there"),
    [
        (situation(guardian_here="one"), {"residence_permit"}, {"who_away", "away_since", "permit_until"}),
        (situation(), {"guardian_here", "stays"}, set()),
        (situation(guardian_here="other"), {"who_away"}, {"away_since"}),
        (situation(guardian_here="alone", who_away="both"), {"away_since", "away_area"}, {"other_parent_can_care"}),
        (
            situation(side="sending"),
            {"who_away"},
            {"guardian_here", "stays", "residence_permit", "away_since", "other_parent_can_care"},
        ),
        (situation(side="sending", who_away="both"), {"away_since", "away_area"}, {"other_parent_can_care"}),
        (situation(side="sending", who_away="father"), {"other_parent_can_care"}, {"cannot_care_why"}),
        (
            situation(side="sending", who_away="father", other_parent_can_care="no"),
            {"cannot_care_why"},
            set(),
        ),
        (situation(residence_permit="yes"), {"permit_until"}, set()),
        (situation(residence_permit="refused"), set(), {"permit_until"}),
        (situation(hukou_registered="no"), set(), {"hukou_type", "hukou_place"}),
        (situation(), {"hukou_type", "hukou_place"}, set()),
        (situation(id_number="given"), set(), {"other_document"}),
        (situation(id_number="none"), {"other_document"}, set()),
        (situation(school="none"), {"not_in_school"}, {"school_name", "grade_class", "boarding"}),
        (situation(school="senior"), {"senior_kind", "student_number"}, {"not_in_school"}),
        (situation(school="kindergarten"), {"school_name", "school_kind"}, {"student_number", "senior_kind"}),
        (situation(age=6), {"health_record"}, {"health_clinic"}),
        (situation(age=7), set(), {"health_record"}),
        (situation(health="healthy"), set(), {"disability_kind", "disease"}),
        (situation(health="disabled"), {"disability_kind", "disability_grade"}, {"disease"}),
        (situation(health="ill"), {"disease"}, {"disability_kind"}),
    ],
)
def test_only_what_concerns_the_child_is_asked(
    sop: Sop, where: Situation, there: set[str], not_there: set[str]
) -> None:
    put = keys(sop, where)
    assert there <= put
    assert not not_there & put


def test_an_answer_that_was_withheld_says_which_way() -> None:
    values: list[Value] = ["unknown", {"withheld": "refused"}, ["refused"], ["low", "refused"], "here", {"kind": "03"}]
    assert [withheld(value) for value in values] == ["unknown", "refused", "refused", None, None, None]


def test_no_name_of_a_stored_row_tells_of_health_or_of_a_parent_who_cannot_care(sop: Sop) -> None:
    telling = re.compile("health$|disab|disease|care|aid|document|number|income")
    open_names = [question.key for question in sop.questions if telling.search(question.key) and not question.sensitive]
    assert open_names == ["other_parent_can_care"]  # kept sealed among the circumstances of the episode


def test_sections_and_questions_are_found_by_name(sop: Sop) -> None:
    assert sop.questions.section("school").name.zh == "就学"
    assert {question.section for question in sop.questions} == {section.code for section in sop.questions.sections}
    for call in (sop.questions.section, sop.questions.question):
        with pytest.raises(KeyError):
            call("nothing")


def test_conditions_speak_only_of_questions_asked_before_or_of_the_file(sop: Sop) -> None:
    before = set(FILE_FACTS)
    for question in sop.questions:
        assert question.when.question is None or question.when.question in before
        before.add(question.key)


FAULTS = [
    ('section = "identity"', 'section = "identities"', "questions.other_document.section: is not among the sections"),
    ('kind = "document"', 'kind = "paper"', "questions.other_document.kind: must be one of"),
    ('scope = "child"', 'scope = "town"', "questions.other_document.scope: must be one of"),
    ('codes = "document"', 'codes = "papers"', "questions.other_document.codes: there is no code list 'papers'"),
    ('codes = "document"', 'codes = "sex"', "questions.other_document.codes: sex lacks unknown or refused"),
    ("length = 30", "", "questions.other_document.length: must be a number from 1"),
    ("own = true", 'own = "yes"', "questions.other_document.own: must be of kind bool"),
    ("own = true", "mine = true", "questions.other_document.mine: unknown key"),
    ("own = true", "lived = true", "questions.other_document.lived: is for a date in the life of a child"),
    ('question = "id_number"', 'question = "number"', "when.question: 'number' is not asked before"),
    ('question = "id_number", ', "", "when.question: goes with answers or unless"),
    ('to_come = ["later"]', 'to_come = ["soon"]', "questions.birth_certificate.to_come: 'soon' is not known"),
    ("[questions.birth_certificate]", "[questions.Birth]", "questions.Birth.-: a key is written in small letters"),
    ('unless = ["no"]', 'unless = ["nay"]', "questions.hukou_type.when.unless: 'nay' is not known"),
    ("level = 4", "level = 6", "questions.hukou_place.level: must be a number from 1 to 4"),
    ("age_below = 7", "age_below = 70", "questions.health_record.when.age_below: must be a number from 1 to 18"),
    ('side = "receiving" }', 'side = "left" }', "questions.residence_permit.when.side: must be one of"),
    ("contact = {", "others = {", "questions.committee_contact.section: is not among the sections"),
    ("contact = {", "others = {", "sections.others"),
    ('en = "Papers"', 'en = ""', "sections.identity.en: is missing or empty"),
]


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS)
def test_a_fault_of_a_question_is_named_by_its_key(tmp_path: Path, old: str, new: str, fault: str) -> None:
    folder = Path(shutil.copytree(version.FOLDER / "2026-11", tmp_path / "2026-11"))
    path = folder / "questions.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text, "the file no longer holds what this test changes"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SopError) as caught:
        build(folder)
    assert any(found.startswith("questions.toml: ") and fault in found for found in caught.value.faults)
