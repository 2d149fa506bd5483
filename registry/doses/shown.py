"""What pages say of a child's doses: names, chips of the certificate's table, what is due, in the page's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from registry.access import current_viewer
from registry.clock import today
from registry.doses import queries
from registry.i18n import language
from registry.web.filters import in_chinese, listed, phrases, short_date
from sop.immunisation.standing import NOT_RECORDED, PARTLY
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask import Flask

    from registry.children.models import Child
    from registry.doses.queries import Due, Line, Record, Shown
    from sop.immunisation import Judged, Schedule

Chip = tuple[str, str, str]
Tag = tuple[str, str]
KINDS: Final = {"given": "given", "overdue": "late", "due": "soon", "ask": "soon", "not_yet": "dashed"}
NOT_OFFERED: Final = frozenset({"given", "none", "not_needed"})  # lines in which the clinic has nothing to enter
ENDING: Final = "疫苗"
URGENT: Final[dict[str, Callable[[str], str]]] = {
    "overdue": lambda doses: str(_("Overdue: %(doses)s", doses=doses)),
    "due": lambda doses: str(_("Due: %(doses)s", doses=doses)),
    "ask": lambda doses: str(_("Ask the clinic: %(doses)s", doses=doses)),
}


@dataclass(frozen=True)
class Aged:
    """The lines of the certificate's table for one age."""

    age: str
    lines: list[Line]


def doses_of(child: Child) -> Record:
    """Return what the file of a child tells of its doses; two statements."""
    return queries.record_of(current_viewer(), child)


def label(course: str, number: int) -> str:
    """Return how a dose is called: 乙肝1, Hepatitis B 1."""
    name = _schedule().courses[course].name.in_language(language())
    return f"{name}{number}" if in_chinese() else f"{name} {number}"


def product(code: str) -> str:
    """Return a vaccine shortly: 乙脑灭活, JE-I."""
    return _schedule().vaccines[code].name.zh.removesuffix(ENDING) if in_chinese() else code


def vaccine(code: str) -> str:
    """Return the whole name of a vaccine."""
    return _schedule().vaccines[code].name.in_language(language())


def vaccines() -> list[str]:
    """Return what the list of vaccines proposes: each with its code and its name."""
    return [f"{code} {vaccine(code)}" for code in _schedule().codes]


def day_of(day: date) -> str:
    """Return a day as the certificate has it, always with its year."""
    return short_date(day, date.min)


def table(record: Record) -> list[Aged]:
    """Return the table of the certificate, its lines under their ages."""
    ages: dict[str, list[Line]] = {}
    for line in record.rows:
        ages.setdefault(line.row.age.in_language(language()), []).append(line)
    return [Aged(age, lines) for age, lines in ages.items()]


def chip(line: Line, record: Record) -> Chip:
    """Return (dose, what there is to say of it, kind) of a line. Not claimed of a child without a record."""
    name = label(line.row.course, line.row.number)
    if line.given is not None:
        return name, _given(line.given, line.row.vaccine), "given"
    if line.status is None or record.assessment is None:
        return name, "", "dashed"
    outlook = record.assessment.courses[line.row.course]
    words = status_words(line.status)
    if outlook.next_dose == line.row.number and outlook.recommended:
        words = str(_("%(status)s, from %(day)s", status=words, day=day_of(outlook.recommended)))
    return name, words, KINDS.get(line.status, "grey")


def status_words(status: str) -> str:
    """Return how a dose stands, in words."""
    if status == queries.NOT_NEEDED:
        return str(_("Not needed"))
    return _schedule().statuses[status].in_language(language())


def given_of(record: Record) -> str | None:
    """Return how many of the doses of the table were given, or are entered so far; None where nothing is recorded."""
    if record.assessment is None:
        return None
    if record.state == PARTLY:
        return str(ngettext("%(num)s dose entered so far", "%(num)s doses entered so far", len(record.doses)))
    lines = [line for line in record.rows if line.status not in {"none", queries.NOT_NEEDED}]
    given = sum(line.given is not None for line in lines)
    return str(_("%(given)s of %(all)s doses given", given=given, all=len(lines)))


def state_tag(record: Record) -> Tag | None:
    """Return the tag of the state: what is overdue, else due, else that all is given; None where nothing is to say."""
    counts = {status: sum(each.outlook.status == status for each in record.due) for status in ("overdue", "due")}
    if counts["overdue"]:
        return str(ngettext("%(num)s dose overdue", "%(num)s doses overdue", counts["overdue"])), "late"
    if counts["due"]:
        return str(ngettext("%(num)s dose due", "%(num)s doses due", counts["due"])), "soon"
    if record.state == "complete":
        return str(_("All doses given")), "done"
    return None


def due_lines(record: Record) -> list[str]:
    """Return what is due and when, a line for each kind of urgency; of what is not due yet only what comes first.

    Of a half-entered certificate only that it is one.
    """
    if record.state == PARTLY:
        return [str(_("Not all doses of the certificate are entered yet."))]
    lines = []
    for status, words in URGENT.items():
        found = [each for each in record.due if each.outlook.status == status]
        if found:
            lines.append(words(_listed(found)))
    later = [each for each in record.due if each.outlook.status == "not_yet"]
    if later:
        first = [each for each in later if each.outlook.recommended == later[0].outlook.recommended]
        lines.append(str(_("Next: %(doses)s", doses=_listed(first))))
    return lines


def to_remind(record: Record) -> list[tuple[str, str]]:
    """Return what the worker has to tell the family, as a line of the list of things to do; none where nothing is."""
    late = [each for each in record.due if each.outlook.status == "overdue"]
    if not late:
        return []
    return [(str(_("Overdue: %(doses)s. Remind the family to go to the clinic", doses=_names(late))), "")]


def not_valid(record: Record) -> list[tuple[str, str]]:
    """Return each dose that does not count: which and when, and why. A combined one for each of its courses."""
    return [
        (f"{product(each.code)} {day_of(each.on)}", _refused(each))
        for dose in record.doses
        for each in dose.judged
        if each.reason
    ]


def further(record: Record) -> list[str]:
    """Return doses that count and have no line in the table, and immunoglobulin: product and day."""
    there = {(line.row.course, line.row.number) for line in record.rows}
    return [
        f"{product(dose.vaccine)} {day_of(dose.day)}"
        for dose in record.doses
        if not dose.judged or any(_counts_beyond(each, there) for each in dose.judged)
    ]


def told_of(record: Record) -> list[str]:
    """Return what a guardian told and nothing confirms: product and day."""
    return [f"{product(dose.vaccine)} {day_of(dose.day)}" for dose in record.told]


def counts_as(dose: Shown) -> str:
    """Return as what a dose counts, or why it does not."""
    said = [_refused(each) if each.reason else label(each.course, each.number or 0) for each in dose.judged]
    return phrases(said)


def source_words(dose: Shown) -> str:
    """Return where a dose is known from."""
    words = {
        "certificate": pgettext("source of a dose", "from the certificate"),
        "clinic": pgettext("source of a dose", "from the clinic's records"),
        "guardian": pgettext("source of a dose", "as the guardian told"),
    }
    return str(words[dose.source])


def is_recorded(record: Record) -> bool:
    """Tell whether anything can be said of what is due."""
    return record.state != NOT_RECORDED


def is_offered(line: Line) -> bool:
    """Tell whether a line has a box in the clinic's table."""
    return line.status not in NOT_OFFERED


def may_correct(child: Child) -> bool:
    """Tell whether who reads may withdraw what any office entered of a child."""
    return queries.may_correct(current_viewer(), child.id)


def _given(given: Judged, expected: str) -> str:
    day = day_of(given.on)
    return day if given.code == expected else f"{product(given.code)} {day}"


def _listed(found: Iterable[Due]) -> str:
    return listed(_dose_due(each) for each in found)


def _names(found: Iterable[Due]) -> str:
    names = (label(each.course, each.outlook.next_dose or 0) for each in found)
    return listed(names)


def _dose_due(due: Due) -> str:
    outlook = due.outlook
    if outlook.next_dose is None or outlook.recommended is None:
        return _schedule().courses[due.course].name.in_language(language())
    name, day = label(due.course, outlook.next_dose), day_of(outlook.recommended)
    return str(_("%(dose)s (from %(day)s)", dose=name, day=day))


def _refused(judged: Judged) -> str:
    reason = _schedule().reasons[judged.reason or ""].in_language(language())
    course = _schedule().courses[judged.course].name.in_language(language())
    return str(_("%(course)s: %(reason)s", course=course, reason=reason))


def _counts_beyond(judged: Judged, there: set[tuple[str, int]]) -> bool:
    return judged.number is not None and (judged.course, judged.number) not in there


def _schedule() -> Schedule:
    return in_force(today()).immunisation


WORDS: Final = (
    label,
    product,
    vaccine,
    vaccines,
    day_of,
    table,
    chip,
    given_of,
    state_tag,
    due_lines,
    to_remind,
    not_valid,
    further,
    told_of,
    counts_as,
    source_words,
    is_recorded,
    is_offered,
    may_correct,
)


def init_app(app: Flask) -> None:
    """Let templates say what there is to say of doses: `doses_of(child)`, `dose_words.chip(line, record)`."""
    app.jinja_env.globals["doses_of"] = doses_of
    app.jinja_env.globals["dose_words"] = {each.__name__: each for each in WORDS}
