"""What is proposed of a child: one for each service, with every reason, from its day on and no longer than it holds."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from sop.content import Reason
from sop.identity import BirthDate
from sop.questions import Value
from sop.referral import ASKED, REASONS, TRIGGERS, Facts, propose, unjustified
from sop.version import Sop

ON = date(2026, 11, 22)
PUPIL = Facts(BirthDate(2017, 4, 12), "320402004901", "primary", "seen", "complete")
TODDLER = Facts(BirthDate(2024, 4, 12), "320402004901", "none", "seen", "not_yet")
IN_NEED: dict[str, Value] = {"health": "disabled", "disability_grade": "2", "aid": ["none"]}


def reasons_of(sop: Sop, facts: Facts, on: date = ON) -> dict[str, list[str]]:
    return {each.service: [reason.key for reason in each.reasons] for each in propose(sop, facts, on)}


def keys(sop: Sop, facts: Facts, on: date = ON) -> set[str]:
    return {key for found in reasons_of(sop, facts, on).values() for key in found}


def born(facts: Facts, year: int, month: int, day: int, **changed: object) -> Facts:
    return replace(facts, birth=BirthDate(year, month, day), **changed)  # type: ignore[arg-type]


def told(facts: Facts, **answers: Value) -> Facts:
    return replace(facts, answers=answers)


def out(year: int, month: int, day: int, **answers: Value) -> Facts:
    return told(born(PUPIL, year, month, day, school="none"), **answers)


# trigger, child, day, whether it is proposed for it
CASES = [
    ("school_needed", out(2020, 8, 31), date(2026, 8, 31), False),
    ("school_needed", out(2020, 8, 31), date(2026, 9, 1), True),
    ("school_needed", out(2020, 9, 1), date(2026, 9, 1), False),
    ("school_needed", out(2011, 9, 1), date(2027, 8, 31), True),
    ("school_needed", out(2011, 9, 1), date(2027, 9, 1), False),
    ("school_needed", out(2017, 4, 12, not_in_school="suspended"), ON, False),
    ("school_needed", out(2017, 4, 12, not_in_school="delayed"), ON, False),
    ("school_needed", out(2017, 4, 12, not_in_school="dropped_out"), ON, False),
    ("school_needed", replace(PUPIL, school="kindergarten"), ON, False),
    ("school_needed", replace(PUPIL, school="unknown"), ON, False),
    ("school_needed", replace(PUPIL, school="refused"), ON, False),
    ("in_kindergarten", born(PUPIL, 2020, 8, 31, school="kindergarten"), date(2026, 8, 31), False),
    ("in_kindergarten", born(PUPIL, 2020, 8, 31, school="kindergarten"), date(2026, 9, 1), True),
    ("dropped_out", out(2014, 3, 1, not_in_school="dropped_out"), ON, True),
    ("dropped_out", out(2014, 3, 1), ON, False),
    ("dropped_out", out(2014, 3, 1, not_in_school="refused"), ON, False),
    ("dropped_out", out(2010, 11, 23, not_in_school="dropped_out"), ON, True),
    ("dropped_out", out(2010, 11, 22, not_in_school="dropped_out"), ON, False),
    ("school_entrant", born(PUPIL, 2020, 8, 31, school="kindergarten"), date(2026, 2, 28), False),
    ("school_entrant", born(PUPIL, 2020, 8, 31, school="kindergarten"), date(2026, 3, 1), True),
    ("school_entrant", born(PUPIL, 2020, 8, 31, school="kindergarten"), date(2026, 8, 31), True),
    ("school_entrant", born(PUPIL, 2020, 9, 1, school="kindergarten"), date(2026, 8, 31), False),
    ("school_entrant", born(PUPIL, 2020, 9, 1, school="kindergarten"), date(2026, 9, 1), False),
    ("school_entrant", born(PUPIL, 2014, 8, 31), date(2026, 8, 31), True),
    ("school_entrant", born(PUPIL, 2014, 9, 1), date(2026, 8, 31), False),
    ("certificate_missing", replace(PUPIL, certificate="none"), ON, True),
    ("certificate_missing", replace(PUPIL, certificate="unseen"), ON, False),
    ("certificate_missing", replace(PUPIL, certificate="refused"), ON, False),
    ("no_dose", replace(PUPIL, certificate="no_dose"), ON, True),
    ("no_dose", replace(PUPIL, certificate="none"), ON, False),
    ("doses_overdue", replace(PUPIL, immunisation="overdue", long_overdue=True), ON, True),
    ("doses_overdue", replace(PUPIL, immunisation="overdue"), ON, False),
    ("newly_arrived", replace(TODDLER, arrived=date(2026, 8, 24)), ON, True),
    ("newly_arrived", replace(TODDLER, arrived=date(2026, 8, 23)), ON, False),
    ("newly_arrived", replace(TODDLER, arrived=date(2026, 11, 30)), ON, True),
    ("newly_arrived", replace(TODDLER, arrived=ON, immunisation="complete"), ON, False),
    ("newly_arrived", TODDLER, ON, False),
    ("newly_arrived", born(TODDLER, 2019, 11, 23, arrived=ON), ON, True),
    ("newly_arrived", born(TODDLER, 2019, 11, 22, arrived=ON), ON, False),
    ("newly_arrived", born(TODDLER, 2026, 11, 23, arrived=ON), ON, False),
    ("hukou_missing", told(PUPIL, hukou_registered="no"), ON, True),
    ("hukou_missing", told(PUPIL, hukou_registered="refused"), ON, False),
    ("birth_certificate_missing", told(PUPIL, birth_certificate="none"), ON, True),
    ("birth_certificate_missing", told(PUPIL, birth_certificate="later"), ON, False),
    ("health_record_missing", told(TODDLER, health_record="no"), ON, True),
    ("health_record_missing", told(TODDLER, health_record="unknown"), ON, False),
    ("health_record_missing", told(born(TODDLER, 2019, 11, 23), health_record="no"), ON, True),
    ("health_record_missing", told(born(TODDLER, 2019, 11, 22), health_record="no"), ON, False),
    ("not_insured", told(PUPIL, insurance="none"), ON, True),
    ("not_insured", told(PUPIL, insurance="hukou"), ON, False),
    ("disability_unlisted", told(PUPIL, health="disabled"), ON, True),
    ("disability_unlisted", told(PUPIL, health="disabled", disability_grade="none"), ON, True),
    ("disability_unlisted", told(PUPIL, health="disabled", disability_grade="unknown"), ON, True),
    ("disability_unlisted", told(PUPIL, health="disabled", disability_grade="refused"), ON, False),
    ("disability_unlisted", told(PUPIL, health="disabled", disability_grade="2"), ON, False),
    ("disability_unlisted", told(PUPIL, health="ill"), ON, False),
    ("aid_wanting", told(PUPIL, **IN_NEED), ON, True),
    ("aid_wanting", told(PUPIL, health="ill", aid=["none"]), ON, True),
    ("aid_wanting", told(PUPIL, health="healthy", aid=["none"]), ON, False),
    ("aid_wanting", told(PUPIL, health="ill", aid=["medical"]), ON, False),
    ("aid_wanting", told(PUPIL, health="ill", aid={"withheld": "refused"}), ON, False),
    ("aid_wanting", told(PUPIL, health="ill"), ON, False),
    ("school_outgrown", out(2011, 8, 31), date(2026, 8, 31), False),
    ("school_outgrown", out(2011, 8, 31), date(2026, 9, 1), True),
    ("school_outgrown", out(2010, 11, 23), ON, True),
    ("school_outgrown", out(2010, 11, 22), ON, False),
    ("over_age", born(PUPIL, 2013, 8, 31), date(2026, 8, 31), False),
    ("over_age", born(PUPIL, 2013, 8, 31), date(2026, 9, 1), True),
    ("over_age", born(PUPIL, 2010, 11, 23), ON, True),
    ("over_age", born(PUPIL, 2010, 11, 22), ON, False),
]


@pytest.mark.parametrize(("key", "facts", "on", "holds"), CASES)
def test_each_reason_holds_from_its_day_on_and_no_longer(
    sop: Sop, key: str, facts: Facts, on: date, holds: bool
) -> None:
    assert (key in keys(sop, facts, on)) is holds


def test_every_reason_has_a_case_in_which_it_holds_and_one_in_which_it_does_not() -> None:
    for holds in (True, False):
        assert {key for key, *_, held in CASES if held is holds} == REASONS.keys()


def test_a_child_of_whom_nothing_is_wanting_or_known_is_proposed_nothing(sop: Sop) -> None:
    assert propose(sop, PUPIL, ON) == ()
    for answer in ("unknown", "refused"):
        assert propose(sop, replace(PUPIL, school=answer, certificate=answer), ON) == ()


def test_one_service_is_proposed_once_with_all_its_reasons_in_the_order_of_the_version(sop: Sop) -> None:
    answers: dict[str, Value] = {
        "health_record": "no",
        "hukou_registered": "no",
        "birth_certificate": "none",
        "insurance": "none",
        "health": "disabled",
        "aid": ["none"],
    }
    facts = replace(TODDLER, certificate="none", immunisation="overdue", long_overdue=True, arrived=ON, answers=answers)
    assert reasons_of(sop, facts) == {
        "vaccination": ["certificate_missing", "doses_overdue", "newly_arrived"],
        "identity": ["hukou_missing"],
        "birth_certificate": ["birth_certificate_missing"],
        "health_check": ["health_record_missing"],
        "medical_insurance": ["not_insured"],
        "disability": ["disability_unlisted"],
        "social_assistance": ["aid_wanting"],
    }
    assert list(reasons_of(sop, facts)) == [code for code in sop.services if code in reasons_of(sop, facts)]


def test_whom_a_school_owes_a_place_is_not_sent_to_a_class_outside_school_as_well(sop: Sop) -> None:
    for facts in (out(2012, 3, 1), out(2012, 3, 1, not_in_school="dropped_out")):
        assert list(reasons_of(sop, facts)) == ["education"]
    assert list(reasons_of(sop, out(2011, 3, 1))) == ["non_formal_education"]


def test_the_rule_of_the_area_decides_where_it_has_one(sop: Sop) -> None:
    areas = MappingProxyType({"3204": replace(sop.schooling.entry, age=7)})
    own = replace(sop, schooling=replace(sop.schooling, areas=areas))
    facts = out(2020, 3, 1)
    assert keys(own, facts, date(2026, 9, 1)) == set()
    assert keys(own, replace(facts, area="120104001001"), date(2026, 9, 1)) == {"school_needed"}


def test_a_version_decides_which_rules_are_followed_and_from_when(sop: Sop) -> None:
    quiet = replace(sop.services["vaccination"], triggers=("no_dose",))
    own = replace(sop, services=MappingProxyType({**sop.services, "vaccination": quiet}))
    assert keys(own, replace(PUPIL, certificate="none")) == set()
    early = replace(sop, referrals=replace(sop.referrals, newly_arrived_days=10, entrants_from_month=2))
    assert keys(early, replace(TODDLER, arrived=date(2026, 11, 11))) == set()
    assert keys(early, replace(PUPIL, birth=BirthDate(2014, 8, 31)), date(2026, 2, 1)) == {"school_entrant"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_reason_is_said_in_both_languages(sop: Sop, language: str) -> None:
    for _key, facts, on, _ in CASES:
        for proposal in propose(sop, facts, on):
            for reason in proposal.reasons:
                assert reason.params.keys() == REASONS[reason.key]
                assert sop.explain(reason, language)


def test_the_reason_names_age_and_grade_in_both_languages(sop: Sop) -> None:
    facts = replace(PUPIL, birth=BirthDate(2019, 8), school="none")
    (reason,) = propose(sop, facts, ON)[0].reasons
    assert sop.explain(reason, "zh") == "7周岁，应读小学二年级，没有上学"
    assert sop.explain(reason, "en") == "Age 7, due in Primary 2, not in school"
    (entrant,) = propose(sop, born(PUPIL, 2014, 8, 31), date(2026, 6, 1))[0].reasons
    assert sop.explain(entrant, "zh") == "2026年秋季升入初中一年级"
    assert sop.explain(entrant, "en") == "Enters Junior 1 in September 2026"


def lapsed(sop: Sop, service: str, keys: list[str], facts: Facts, on: date = ON) -> bool:
    return unjustified(sop, service, [Reason(key, {}) for key in keys], facts, on)


@pytest.mark.parametrize(
    ("service", "reasons", "facts", "expected"),
    [
        ("education", ["school_needed"], replace(PUPIL, school="none"), False),
        ("education", ["school_needed"], PUPIL, True),
        ("education", ["school_needed"], out(2017, 4, 12, not_in_school="suspended"), True),
        ("education", ["school_needed"], out(2014, 3, 1, not_in_school="dropped_out"), False),
        ("education", ["school_needed", ASKED], PUPIL, False),
        ("education", [ASKED], PUPIL, False),
        ("education", [], PUPIL, False),
        ("education", ["a reason of another version"], PUPIL, False),
        ("education", ["dropped_out"], PUPIL, True),
        ("education", ["dropped_out"], out(2011, 3, 1), False),
        ("education", ["dropped_out"], out(2011, 3, 1, not_in_school="graduated"), True),
        ("vaccination", ["certificate_missing"], PUPIL, True),
        ("vaccination", ["certificate_missing"], replace(PUPIL, certificate="no_dose"), False),
        ("vaccination", ["doses_overdue"], replace(PUPIL, immunisation="overdue", long_overdue=True), False),
        ("vaccination", ["doses_overdue"], PUPIL, True),
        ("identity", ["hukou_missing"], PUPIL, False),
        ("identity", ["hukou_missing"], told(PUPIL, hukou_registered="no"), False),
        ("identity", ["hukou_missing"], told(PUPIL, hukou_registered="yes"), True),
        ("medical_insurance", ["not_insured"], told(PUPIL, hukou_registered="yes"), False),
        ("medical_insurance", ["not_insured"], told(PUPIL, insurance="here"), True),
        ("disability", ["disability_unlisted"], told(PUPIL, health="disabled", disability_grade="3"), True),
        ("social_assistance", ["aid_wanting"], told(PUPIL, health="disabled"), False),
        ("social_assistance", ["aid_wanting"], told(PUPIL, health="disabled", aid=["subsistence"]), True),
        ("legal_aid", [ASKED], PUPIL, False),
        ("community_centre", [ASKED], PUPIL, False),
    ],
)
def test_what_rules_proposed_lapses_when_none_of_them_holds_and_all_is_known(
    sop: Sop, service: str, reasons: list[str], facts: Facts, expected: bool
) -> None:
    assert lapsed(sop, service, reasons, facts) is expected


def test_time_alone_ends_no_need_that_was_referred(sop: Sop) -> None:
    arrived = replace(TODDLER, arrived=date(2026, 1, 31))
    assert keys(sop, arrived) == set()
    assert not lapsed(sop, "vaccination", ["newly_arrived"], arrived)
    assert lapsed(sop, "vaccination", ["newly_arrived"], replace(arrived, immunisation="complete"))
    waiting = born(PUPIL, 2014, 8, 31)
    assert keys(sop, waiting, date(2026, 9, 1)) == set()
    assert not lapsed(sop, "education", ["school_entrant"], waiting, date(2026, 9, 1))
    assert lapsed(sop, "education", ["school_entrant"], replace(waiting, school="junior"), date(2026, 9, 1))


def test_what_is_proposed_is_never_proposed_for_withdrawal_at_once(sop: Sop) -> None:
    for _key, facts, on, _ in CASES:
        for proposal in propose(sop, facts, on):
            assert not unjustified(sop, proposal.service, proposal.reasons, facts, on)


def test_the_rules_belong_to_services_of_the_version_and_all_are_followed(sop: Sop) -> None:
    followed = {code: set(service.triggers) for code, service in sop.services.items() if service.triggers}
    assert followed == {code: set(rules) for code, rules in TRIGGERS.items()}
