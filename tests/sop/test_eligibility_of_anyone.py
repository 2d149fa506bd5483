"""Whatever is answered about a child, the rules have an answer that can be said and that keeps its word."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sop import eligibility
from sop.eligibility import Facts, classify
from sop.identity import BirthDate, add_months
from sop.version import load

ON = date(2026, 11, 22)
ONE_DAY = timedelta(days=1)
ANSWERS = st.sampled_from(["yes", "no", "unknown", "refused"])
DAYS = st.none() | st.dates(date(2015, 1, 1), date(2027, 1, 1))
AREAS = st.none() | st.sampled_from(
    ["32", "320400", "320402", "320402003", "320402004", "320412", "320481", "321322101", "442000", "110101"]
)
TRUTHS = st.sampled_from([True, False, None])
FACTS = st.builds(
    Facts,
    birth=st.builds(BirthDate, st.integers(2008, 2026), st.integers(1, 12), st.none() | st.integers(1, 28)),
    residence=st.sampled_from(["320402004901", "321322101901", "442000003901", "120104001901"]),
    hukou=AREAS,
    arrived=DAYS,
    arrived_precision=st.sampled_from(["day", "month"]),
    stays=ANSWERS,
    guardian_here=st.sampled_from(["both", "one", "other", "alone", "unknown", "refused"]),
    father_away=TRUTHS,
    mother_away=TRUTHS,
    away_since=DAYS,
    away_area=AREAS,
    other_parent_can_care=st.none() | ANSWERS,
)


@given(FACTS)
def test_no_child_meets_a_dead_end(facts: Facts) -> None:
    sop = load("2026-11")
    found = classify(sop, facts, ON)
    codes = [flag.code for flag in found.flags]
    assert bool(found.flags) != (found.outside is not None)
    assert len(set(codes)) == len(found.flags)
    assert all(sop.codes["flag"].has(code) for code in codes)
    assert found.outside is None or sop.codes["outside_reason"].has(found.outside.key)
    for reason in (*(flag.reason for flag in found.flags), found.outside):
        if reason is not None:
            assert eligibility.REASONS[reason.key] == reason.params.keys()
            assert sop.explain(reason, "zh")
            assert sop.explain(reason, "en")


@given(FACTS)
def test_a_day_that_was_promised_changes_something(facts: Facts) -> None:
    sop = load("2026-11")
    turns = classify(sop, facts, ON).changes_on
    if turns is None:
        return
    assert turns > ON
    assert classify(sop, facts, turns) != classify(sop, facts, turns - ONE_DAY)
    assert turns <= add_months(ON, 9)
