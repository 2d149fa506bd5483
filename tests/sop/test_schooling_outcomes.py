"""How an education office may answer, and with which reasons: the codes of the procedure (domain 3.8), none else."""

from sop.version import Sop

KINDS = {
    "solved": {"11", "12", "13", "14", "15", "16", "21", "22", "31", "32", "46"},
    "interim": {"41", "43"},
    "unsolved": {"42", "44", "45", "49"},
}
REASONS = [
    "无居住证",
    "居住时间不足",
    "社保不足",
    "无租赁备案",
    "年龄不符",
    "无户口",
    "家长拟回老家",
    "费用",
    "距离",
    "其他",
]


def test_the_outcomes_are_those_of_the_procedure_each_of_its_kind(sop: Sop) -> None:
    outcomes = sop.services["education"].outcomes
    assert {kind: {each.code for each in outcomes if each.kind == kind} for kind in KINDS} == KINDS


def test_the_reasons_are_the_ten_of_the_procedure_and_each_goes_with_an_outcome(sop: Sop) -> None:
    outcomes, reasons = sop.services["education"].outcomes, sop.codes["outcome_reason"]
    assert {each.code for each in outcomes if each.reasons} == {"42", "44"}
    offered = {reason for each in outcomes for reason in each.reasons}
    assert [code.text.zh for code in reasons if code.code in offered] == REASONS


def test_every_reason_goes_with_an_outcome_of_some_service(sop: Sop) -> None:
    outcomes = [each for service in sop.services.values() for each in service.outcomes]
    assert {reason for each in outcomes for reason in each.reasons} == sop.codes["outcome_reason"].known


def test_whom_the_bureau_refuses_is_offered_an_alternative(sop: Sop) -> None:
    outcomes = sop.services["education"].outcomes
    assert {each.code for each in outcomes if each.alternative} == {"42", "49"}
    offered = {code for each in outcomes for code in each.alternative}
    assert offered == sop.codes["alternative"].known


def test_a_place_may_be_told_with_its_school_grade_and_first_day(sop: Sop) -> None:
    taken = {each.code: set(each.takes) for each in sop.services["education"].outcomes if each.takes}
    place = {"school", "grade", "begins"}
    assert taken == {
        **dict.fromkeys(("11", "12", "13", "14"), place),
        **dict.fromkeys(("15", "16"), place - {"grade"}),
        "46": place | {"school_kind"},
    }


def test_who_waits_for_age_or_after_a_delay_is_called_again(sop: Sop) -> None:
    outcomes = sop.services["education"].outcomes
    assert {each.code for each in outcomes if each.asks == "recall"} == {"31", "32"}
