"""The services of the procedure: which there are, what every one of them keeps, and each fault by file and key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sop.building import build
from tests.sop.mending import faults_of, mend

if TYPE_CHECKING:
    from pathlib import Path

    from sop.version import Sop

SERVICES = [
    *("education", "vaccination", "identity", "birth_certificate", "health_check", "medical_insurance"),
    *("disability", "social_assistance", "legal_aid", "non_formal_education", "community_centre"),
]
SEALED = {"identity", "disability", "social_assistance", "legal_aid"}
CALL = {"name", "sex", "birth_date", "area", "guardian", "phone"}


def test_there_are_the_eleven_services_of_the_procedure_in_their_order(sop: Sop) -> None:
    assert list(sop.services) == SERVICES


def test_four_services_are_sealed_and_their_dates_tell_nothing(sop: Sop) -> None:
    sealed = {code: service for code, service in sop.services.items() if service.confidential}
    assert sealed.keys() == SEALED
    assert len({(each.accept_days, each.answer_days, each.climb_days) for each in sealed.values()}) == 1
    for service in sealed.values():
        assert set(service.visible_before) <= {f"child.{name}" for name in CALL}


def test_the_police_are_asked_only_with_agreement_and_after_what_helps_first(sop: Sop) -> None:
    asking = [code for code, service in sop.services.items() if "police" in service.office_kinds]
    assert asking == ["identity"]
    identity = sop.services["identity"]
    assert identity.needs_agreement
    assert identity.offer_first == ("legal_aid", "social_assistance")
    assert set(identity.items) == sop.codes["item"].known
    assert sop.codes["item_result"].known == {"agrees", "differs", "not_found"}


def test_a_code_means_one_outcome_whatever_the_service(sop: Sop) -> None:
    codes = [outcome.code for service in sop.services.values() for outcome in service.outcomes]
    assert len(set(codes)) == len(codes)


def test_every_service_is_answered_by_an_office_that_there_is(sop: Sop) -> None:
    for service in sop.services.values():
        assert set(service.office_kinds) <= sop.codes["office_kind"].known
        assert {outcome.kind for outcome in service.outcomes} == {"solved", "interim", "unsolved"}


SEAL = "confidential = true\n"
# file, what stands there, what is put instead (the first time that it stands there), fault
FAULTS = [
    ("services.toml", "needs_agreement = true\n", "", "identity.needs_agreement: must be true: the police"),
    ("services.toml", SEAL, "", "identity.confidential: must be true: this service stays sealed"),
    (
        "services.toml",
        'triggers = ["disability_unlisted"]\n',
        'triggers = ["disability_unlisted"]\naccept_days = 4\n',
        "disability.accept_days: differs from identity: the dates would tell which it is",
    ),
    (
        "services.toml",
        'triggers = ["aid_wanting"]\n',
        'triggers = ["aid_wanting"]\nanswer_days = 21\n',
        "social_assistance.answer_days: differs from identity",
    ),
    (
        "services.toml",
        'triggers = ["aid_wanting"]\n',
        'triggers = ["aid_wanting"]\nclimb_days = [1, 2]\n',
        "social_assistance.climb_days: differs from identity",
    ),
    (
        "services.toml",
        '"child.phone"]\nvisible_after = ["child.id_number", "child.hukou", "child.address"]',
        '"child.phone", "child.address"]\nvisible_after = ["child.id_number", "child.hukou"]',
        "social_assistance.visible_before: 'child.address' of a sealed service is seen once it is accepted",
    ),
    ("services.toml", '["legal_aid", "social_assistance"]', '["legal_help"]', "identity.offer_first: 'legal_help' is"),
    ("services.toml", '["legal_aid", "social_assistance"]', '["identity"]', "identity.offer_first: 'identity' is no"),
    ("services.toml", '["legal_aid", "social_assistance"]', "[]", "identity.offer_first: is missing or empty"),
    ("services.toml", 'items = ["name",', 'items = ["face",', "identity.items: 'face' is not known"),
    (
        "services.toml",
        'items = ["name", "birth_date", "sex", "id_number", "hukou"]\n',
        "",
        "identity.items: belong to identity, and to no other service",
    ),
    (
        "services.toml",
        'triggers = ["not_insured"]\n',
        'triggers = ["not_insured"]\nitems = ["name"]\n',
        "medical_insurance.items: belong to identity, and to no other service",
    ),
    (
        "services.toml",
        'visible_after = ["child.id_number", "child.hukou"]\noutcomes = [\n    { code = "111"',
        'visible_after = ["child.id_number"]\noutcomes = [\n    { code = "111"',
        "identity.visible_after: 'child.hukou' must be seen by who answers",
    ),
    (
        "services.toml",
        '{ code = "144",',
        '{ code = "145", kind = "interim", text = { zh = "约", en = "Due" }, reasons = ["age"] },\n{ code = "144",',
        "disability.outcomes: differ from identity in what stands in plain of them",
    ),
    (
        "services.toml",
        'state = "appointed", asks = "appointment", text = { zh = "已预约与律师面谈"',
        'text = { zh = "已预约与律师面谈"',
        "legal_aid.outcomes: differ from identity",
    ),
    (
        "services.toml",
        '{ code = "612", kind = "solved",',
        '{ code = "612", kind = "solved", writes = { certificate = "seen" },',
        "social_assistance.outcomes: differ from identity",
    ),
    (
        "services.toml",
        'triggers = ["not_insured"]\n',
        'triggers = ["not_insured"]\nneeds_agreement = true\n',
        "medical_insurance.needs_agreement: only of a sealed service",
    ),
    (
        "services.toml",
        'triggers = ["not_insured"]\n',
        'triggers = ["not_insured"]\nabout = "school"\n',
        "medical_insurance.about: must be one of school, doses, and what it is about be seen",
    ),
    ("services.toml", 'when_complete = "01"', 'when_complete = "02"', "vaccination.when_complete: '02' is no solved"),
    ("services.toml", 'when_more = "02"', 'when_more = "04"', "vaccination.when_more: '04' is no interim outcome"),
    ("services.toml", 'about = "doses"', 'about = "shots"', "vaccination.about: must be one of school, doses"),
    ("services.toml", "documents = [\n", "documents = [ 1,\n", "education.documents: must be a list of tables"),
    ("services.toml", 'en = "Records of doses given elsewhere"', 'en = ""', "vaccination.documents[2].en: is missing"),
    ("services.toml", '"begins"] }', '"colour"] }', "education.outcomes[1].takes: 'colour' is not known"),
    (
        "services.toml",
        'takes = ["school", "grade"',
        'takes = ["school_kind", "grade"',
        "education.outcomes[1].takes: 'school_kind' is written back already",
    ),
    (
        "services.toml",
        'code = "21", kind = "solved"',
        'code = "21", kind = "solved", takes = ["school"]',
        "education.outcomes[7].takes: what belongs to a school goes with an outcome that writes one back",
    ),
    (
        "services.toml",
        'alternative = ["waiting_list"',
        'alternative = ["nothing"',
        "education.outcomes[13].alternative: 'nothing' is not known",
    ),
    (
        "services.toml",
        'code = "41", kind = "interim"',
        'code = "41", kind = "interim", alternative = ["waiting_list"]',
        "education.outcomes[11].alternative: only an unsolved outcome needs one",
    ),
    ("services.toml", "accept_days = 10", "accept_days = 10\nclimb_days = [5]", "education.climb_days: must be two"),
    ("services.toml", "accept_days = 10", "accept_days = 10\nclimb_days = [5, 0]", "education.climb_days: must be num"),
    ("services.toml", "accept_days = 10", "accept_days = 10\nclimb_days = []", "education.climb_days: is missing or"),
    ("services.toml", "accept_days = 10", "accept_days = 10\nclimb_days = [1, 2, 3]", "education.climb_days: must be"),
    ("services.toml", "answer_days = 15", "answer_days = 4", "vaccination.answer_days: is shorter than accept_days"),
    ("referrals.toml", "climb_days = [5, 10]", 'climb_days = ["5", 10]', "climb_days: must be numbers from 1 to 250"),
    ("referrals.toml", "climb_days = [5, 10]", "climb_days = [5]", "climb_days: must be two numbers"),
    ("referrals.toml", "climb_days = [5, 10]", "", "climb_days: is missing"),
    ("referrals.toml", "soon_days = 3", "soon_days = 0", "soon_days: must be a number from 1 to 250"),
    ("referrals.toml", "send_days = 3", "", "send_days: must be a number from 1 to 250"),
    ("referrals.toml", "reopen_days = 90", "reopen_days = 0", "reopen_days: must be a number from 1 to 366"),
    ("referrals.toml", "next_dose = 366", "next_dose = 366, visit = 9", "latest_days.visit: unknown key"),
    ("referrals.toml", "recall = 731", "recall = 7310", "latest_days.recall: must be a number from 1 to 1096"),
    ("codes.toml", "not_done =", "undone =", "reopen_reason.not_done: is missing: the rules speak of it"),
    ("codes.toml", "office_closed =", "gone =", "hand_on_reason.office_closed: is missing: the rules speak of it"),
    ("services.toml", "below_school_age = true", "below_age = true", "education.outcomes[5].below_age: unknown key"),
    (
        "services.toml",
        "confidential = true\n",
        "confidential = true\nbefore_term = true\n",
        "disability.before_term: differs from identity: the dates would tell which it is",
    ),
    ("referrals.toml", "answer_days = 20", "answer_days = 4", "answer_days: is shorter than accept_days"),
    ("referrals.toml", "entrants_from_month = 3", "entrants_from_month = 13", "entrants_from_month: must be a number"),
    ("referrals.toml", "young_below = 7", "young_under = 7", "young_under: unknown key"),
    ("codes.toml", "differs =", "other =", "item_result.differs: is missing: the rules speak of it"),
    ("codes.toml", "slip =", "paper =", "answer_source.slip: is missing: the rules speak of it"),
    ("wording.toml", "[asked]", "[wanted]", "asked: is missing: the rules speak of it"),
    ("wording.toml", "[aid_wanting]", "[aid]", "aid_wanting: is missing: the rules speak of it"),
]


@pytest.mark.parametrize(("file", "old", "new", "fault"), FAULTS)
def test_a_fault_is_named_by_file_and_key(folder: Path, file: str, old: str, new: str, fault: str) -> None:
    mend(folder, file, old, new)
    faults = faults_of(folder)
    assert any(found.startswith(f"{file}: {fault}") for found in faults), faults


def test_a_service_that_names_no_limits_has_those_of_all_referrals(folder: Path) -> None:
    mend(folder, "referrals.toml", "accept_days = 5", "accept_days = 6")
    mend(folder, "referrals.toml", "[5, 10]", "[2, 3]")
    services = build(folder).services
    assert (services["legal_aid"].accept_days, services["legal_aid"].climb_days) == (6, (2, 3))
    assert (services["education"].accept_days, services["vaccination"].accept_days) == (10, 5)
