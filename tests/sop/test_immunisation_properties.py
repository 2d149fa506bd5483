"""What holds for the immunisation rules whatever was given, and whenever."""

from datetime import date, timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sop.identity import add_months
from sop.immunisation import REFUSALS, STATUSES, Assessment, Given, Outlook, assess
from tests.sop.immunised import CODES, SCHEDULE, days_near_limits, histories

SEXES = st.sampled_from(["1", "2", "9"])
TOWARDS_OVERDUE = {"not_yet": 0, "due": 1, "overdue": 2}
# Months of age before which the schedule asks for a dose, by product and number, of the editions that we know.
BEFORE = {
    **dict.fromkeys([("HepB", 3), ("DTaP", 3), ("MMR", 1), ("JE-L", 1), ("JE-I", 2), ("IPV", 3), ("bOPV", 3)], 12),
    **dict.fromkeys([("DTaP", 4), ("MMR", 2), ("HepA-L", 1), ("HepA-L", 2), ("HepA-I", 1)], 24),
    **dict.fromkeys([("JE-L", 2), ("JE-I", 3), ("HepA-I", 2)], 36),
    **dict.fromkeys([("DTaP", 5), ("DT", 5), ("JE-I", 4), ("MPSV-AC", 2)], 84),
    **dict.fromkeys([("IPV", 4), ("bOPV", 4)], 60),
    ("BCG", 1): 3,
    ("MPSV-A", 2): 18,
    ("MPSV-AC", 1): 48,
    ("2vHPV", 1): 168,
}
BEFORE_SINCE_2026 = {("MPSV-A", 1): 12, ("MPSV-A", 2): 24}
TOLERANT = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def judged(birth: date, doses: list[Given], on: date, sex: str = "2") -> Assessment:
    return assess(SCHEDULE, birth, sex, doses, on)


@TOLERANT
@given(histories(), st.data(), SEXES)
def test_the_order_of_entry_does_not_matter(history: tuple[date, list[Given]], data: st.DataObject, sex: str) -> None:
    birth, doses = history
    on = data.draw(days_near_limits(birth))
    shuffled = data.draw(st.permutations(doses))
    assert judged(birth, shuffled, on, sex) == judged(birth, doses, on, sex)


@TOLERANT
@given(histories(), st.data())
def test_the_same_dose_twice_counts_once(history: tuple[date, list[Given]], data: st.DataObject) -> None:
    birth, doses = history
    assume(doses)
    on = data.draw(days_near_limits(birth))
    assert judged(birth, [*doses, data.draw(st.sampled_from(doses))], on) == judged(birth, doses, on)


@TOLERANT
@given(histories(), st.data())
def test_a_dose_after_the_day_is_not_looked_at(history: tuple[date, list[Given]], data: st.DataObject) -> None:
    birth, doses = history
    on = data.draw(days_near_limits(birth))
    later = Given(data.draw(st.sampled_from(CODES)), on + timedelta(days=data.draw(st.integers(1, 999))))
    assert judged(birth, [*doses, later], on) == judged(birth, doses, on)


@TOLERANT
@given(histories(), st.data(), SEXES)
def test_every_answer_is_whole(history: tuple[date, list[Given]], data: st.DataObject, sex: str) -> None:
    birth, doses = history
    answer = judged(birth, doses, data.draw(days_near_limits(birth)), sex)
    assert list(answer.courses) == list(SCHEDULE.courses)
    for dose in answer.doses:
        assert (dose.number is None) is (dose.reason in REFUSALS)
    for course, outlook in answer.courses.items():
        counted = [dose.number for dose in answer.doses if dose.course == course and dose.number]
        assert counted == list(range(1, outlook.valid + 1))
        assert outlook.status in STATUSES
        expected = outlook.status in TOWARDS_OVERDUE
        for field in (outlook.next_dose, outlook.earliest, outlook.recommended, outlook.product):
            assert (field is not None) is expected
        if outlook.earliest and outlook.recommended:
            assert birth <= outlook.earliest <= outlook.recommended


@TOLERANT
@given(histories(), st.data())
def test_nothing_is_due_before_its_day_and_everything_is_from_then(
    history: tuple[date, list[Given]], data: st.DataObject
) -> None:
    birth, doses = history
    on = data.draw(days_near_limits(birth))
    for outlook in judged(birth, doses, on).courses.values():
        if outlook.recommended:
            assert (outlook.status == "not_yet") is (on < outlook.recommended)


def first_overdue(course: str, birth: date, outlook: Outlook, last: date | None, edition: str) -> date:
    """Reckon from the printed table on which day a next dose is overdue at the earliest."""
    assert outlook.next_dose
    assert outlook.recommended
    if (course, outlook.next_dose) == ("2vHPV", 2):
        assert last
        return add_months(last, 12)
    key = (outlook.product or "", outlook.next_dose)
    before = BEFORE_SINCE_2026.get(key) if edition == "2026" else None
    before = BEFORE.get(key) if before is None else before
    if key == ("HepB", 1):
        return birth + timedelta(days=1)
    return add_months(outlook.recommended, 1) if before is None else add_months(birth, before)


@settings(TOLERANT, max_examples=300)
@given(histories(), st.data())
def test_nothing_is_overdue_before_the_limit_that_the_table_prints(
    history: tuple[date, list[Given]], data: st.DataObject
) -> None:
    birth, doses = history
    on = data.draw(days_near_limits(birth))
    answer = judged(birth, doses, on)
    for course, outlook in answer.courses.items():
        valid = [dose.on for dose in answer.doses if dose.course == course and dose.number]
        if outlook.status in {"due", "overdue"}:
            limit = first_overdue(course, birth, outlook, max(valid, default=None), SCHEDULE.edition(on).key)
            assert (outlook.status == "overdue") is (on >= limit), (course, outlook, limit)


@TOLERANT
@given(histories(), st.data())
def test_a_dose_given_on_its_earliest_day_is_valid_and_a_day_before_it_is_not(
    history: tuple[date, list[Given]], data: st.DataObject
) -> None:
    birth, doses = history
    on = data.draw(days_near_limits(birth))
    known = [dose for dose in doses if dose.on <= on]
    standing = judged(birth, known, on).courses
    for course, outlook in standing.items():
        if outlook.earliest is None or outlook.earliest < on or outlook.product is None:
            continue
        if SCHEDULE.edition(outlook.earliest) is not SCHEDULE.edition(on):
            continue  # whose rules are others
        for day, counts in ((outlook.earliest, 1), (outlook.earliest - timedelta(days=1), 0)):
            if course == "MPSV-AC" and not counts and standing["MPSV-A"].status in TOWARDS_OVERDUE:
                continue  # told for a child whose group A is completed; without, the first dose may come before
            then = judged(birth, [*known, Given(outlook.product, day)], max(day, on)).courses[course]
            if day > on or counts:
                assert then.valid == outlook.valid + counts, (course, outlook)


def moved(before: Outlook, after: Outlook) -> bool:
    ranks = TOWARDS_OVERDUE
    return before.status in ranks and after.status in ranks and ranks[after.status] > ranks[before.status]


@settings(TOLERANT, max_examples=300)
@given(histories(), st.data(), st.sampled_from(sorted(SCHEDULE.codes)))
def test_giving_a_valid_dose_never_moves_its_course_towards_overdue(
    history: tuple[date, list[Given]], data: st.DataObject, code: str
) -> None:
    """Entering afterwards an older dose that was forgotten may: what then is next may have been due for long."""
    birth, doses = history
    on = data.draw(days_near_limits(birth))
    edition = SCHEDULE.edition(on)
    doses = [dose for dose in doses if dose.on < on]
    assume(all(SCHEDULE.edition(dose.on) is edition for dose in doses))
    before, after = judged(birth, doses, on), judged(birth, [*doses, Given(code, on)], on)
    for course in SCHEDULE.vaccines[code].courses:
        if after.courses[course].valid > before.courses[course].valid:
            assert not moved(before.courses[course], after.courses[course]), (course, before.courses[course])
