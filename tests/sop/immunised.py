"""Children and their doses for the tests of the immunisation rules: written shortly, or made up at random."""

from datetime import date, timedelta

from hypothesis import strategies as st

from sop.identity import add_months
from sop.immunisation import Assessment, Given, Outlook, assess
from sop.version import load

SCHEDULE = load("2026-11").immunisation
CODES = SCHEDULE.codes
FIRST, LAST = date(2006, 6, 1), date(2026, 11, 30)
MONTHS_OF_LIMITS = [0, 1, 2, 3, 4, 5, 6, 8, 9, 12, 18, 24, 36, 48, 60, 72, 84, 144, 156, 162, 168, 216]
DAYS_OF_LIMITS = [7, 28, 56, 60]


def doses(written: str) -> list[Given]:
    """Read `HepB@2024-03-01;BCG@2024-03-02`."""
    pairs = (entry.split("@") for entry in written.split(";") if entry)
    return [Given(code, date.fromisoformat(day)) for code, day in pairs]


def assessed(birth: str, written: str, on: str, sex: str = "2") -> Assessment:
    return assess(SCHEDULE, date.fromisoformat(birth), sex, doses(written), date.fromisoformat(on))


def outlook(course: str, birth: str, written: str, on: str, sex: str = "2") -> Outlook:
    return assessed(birth, written, on, sex).courses[course]


def reasons(birth: str, written: str, course: str, on: str = "2026-11-22") -> list[tuple[str, int | None, str | None]]:
    """Return (code, number, reason) of each dose judged for a course."""
    judged = assessed(birth, written, on).doses
    return [(dose.code, dose.number, dose.reason) for dose in judged if dose.course == course]


births = st.dates(FIRST, LAST)


@st.composite
def days_near_limits(draw: st.DrawFn, birth: date) -> date:
    """Return a day of childhood, more often than not on a limit of age or a few days beside one."""
    day = add_months(birth, draw(st.sampled_from(MONTHS_OF_LIMITS)))
    day += timedelta(days=draw(st.sampled_from([0, *DAYS_OF_LIMITS])) + draw(st.integers(-3, 3)))
    return draw(st.one_of(st.just(day), st.dates(birth, add_months(birth, 19 * 12))))


@st.composite
def histories(draw: st.DrawFn, codes: tuple[str, ...] = CODES) -> tuple[date, list[Given]]:
    """Return a birth day and doses of any kind, plausible or absurd, some spaced as the rules ask."""
    birth = draw(births)
    given = [Given(draw(st.sampled_from(codes)), draw(days_near_limits(birth))) for _ in range(draw(st.integers(0, 9)))]
    for code, day in list(given):
        if draw(st.booleans()):
            spaced = timedelta(days=draw(st.sampled_from(DAYS_OF_LIMITS)) + draw(st.integers(-1, 1)))
            given.append(Given(draw(st.sampled_from([code, *codes])), day + spaced))
    return birth, given
