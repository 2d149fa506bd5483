"""Chapters on what is to be known: definitions, the file, school entry, notice, limits, what is not certain."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sop.content import written_day
from sop.handbook.parts import Paragraph, Points, Section
from sop.schooling import school_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sop.handbook.parts import Table
    from sop.handbook.voice import Voice
    from sop.questions import Question
    from sop.schooling.rules import EntryRule


def definitions(voice: Voice) -> Iterator[Section]:
    """Yield who is registered, as what, and what becomes of a child outside every definition."""
    codes = voice.sop.codes
    yield Section("age", voice.say("age"), (Paragraph(voice.say("age_rule")),))
    flags = [(voice.text(flag.text), voice.say(f"flag_{flag.code}")) for flag in codes["flag"]]
    table = voice.table(voice.say("categories"), ("category", "meaning"), flags)
    yield Section("categories", voice.say("categories"), (table, Paragraph(voice.say("several_flags"))))
    cities = [
        (voice.text(centre.name), voice.listed(voice.place(code) for code in sorted(centre.districts)))
        for centre in voice.sop.eligibility.centres.values()
    ]
    centres = voice.table(voice.say("centres"), ("city", "districts"), cities)
    yield Section("centres", voice.say("centres"), (Paragraph(voice.say("centres_rule")), centres))
    outside = Points(tuple(voice.codes(codes["outside_reason"])))
    yield Section("outside", voice.say("outside"), (Paragraph(voice.say("outside_rule")), outside))


def file(voice: Voice) -> Iterator[Section]:
    """Yield the questions of the full file, section by section."""
    for number, section in enumerate(voice.sop.questions.sections):
        rows = [_question(voice, question) for question in section.questions]
        title = voice.text(section.name)
        table = voice.table(title, ("question", "about"), rows)
        lead = (Paragraph(voice.say("asked_rule")),) if number == 0 else ()
        yield Section(section.code, title, (*lead, table))


def _question(voice: Voice, question: Question) -> tuple[str, str]:
    about = voice.say(f"of_{question.scope}")
    if question.off:
        about = voice.phrases([about, voice.say("not_asked")])
    return voice.text(question.label), about


def schooling(voice: Voice, on: date) -> Iterator[Section]:
    """Yield who enters school when, and which grade is due in the school year of a day."""
    rules = voice.sop.schooling
    entry, starts = rules.entry, voice.day_of_year(rules.year_starts_month, rules.year_starts_day)
    own = [Paragraph(_entry_of(voice, area, rule)) for area, rule in rules.areas.items()]
    cut_off = voice.day_of_year(entry.cut_off_month, entry.cut_off_day)
    yield Section("entry", voice.say("entry"), (Paragraph(voice.say("entry_rule", age=entry.age, day=cut_off)), *own))
    year = voice.say("school_year_rule", day=starts, primary=rules.primary_grades, compulsory=rules.compulsory_grades)
    yield Section("school-year", voice.say("school_year"), (Paragraph(year),))
    began = date(school_year(voice.sop, on), rules.year_starts_month, rules.year_starts_day)
    lead = Paragraph(voice.say("grades_rule", start=written_day(began, voice.language)))
    yield Section("grades", voice.say("grades"), (lead, _grades(voice, began.year)))
    flags = Points(tuple(voice.codes(voice.sop.codes["schooling_flag"])))
    yield Section("flags", voice.say("schooling_flags"), (flags,))


def _entry_of(voice: Voice, area: str, rule: EntryRule) -> str:
    day = voice.day_of_year(rule.cut_off_month, rule.cut_off_day)
    return voice.say("entry_area", area=voice.place(area), age=rule.age, day=day)


def _grades(voice: Voice, year: int) -> Table:
    """Return which birth dates belong to which grade in the school year that began in this year."""
    entry, rows = voice.sop.schooling.entry, list[tuple[str, str]]()
    for grade in range(1, voice.sop.schooling.compulsory_grades + 1):
        last = date(year - grade + 1 - entry.age, entry.cut_off_month, entry.cut_off_day)
        first = last.replace(year=last.year - 1) + timedelta(days=1)
        born = {"first": written_day(first, voice.language), "last": written_day(last, voice.language)}
        rows.append((voice.text(voice.sop.wording[f"grade_{grade}"]), voice.say("from_to", **born)))
    return voice.table(voice.say("grades"), ("grade", "born"), rows)


def notice(voice: Voice) -> Iterator[Section]:
    """Yield the promises to families, and the notice as it is read to them."""
    said = voice.sop.notice
    promises = Points(tuple(voice.text(promise) for promise in said.promises))
    version = Paragraph(voice.say("notice_version", version=said.version))
    yield Section("promises", voice.say("promises"), (promises, version))
    for number, part in enumerate(said.sections, start=1):
        paragraphs = tuple(Paragraph(voice.text(text)) for text in part.paragraphs)
        yield Section(f"notice-{number}", voice.text(part.heading), paragraphs)


def limits(voice: Voice) -> Iterator[Section]:
    """Yield every limit of the version in one table."""
    table = voice.table(voice.text(voice.sop.handbook.chapters["limits"]), ("matter", "limit"), _limits(voice))
    yield Section("all", voice.text(voice.sop.handbook.chapters["limits"]), (table,))


def _limits(voice: Voice) -> Iterator[tuple[str, str]]:
    sop = voice.sop
    yield voice.say("limit_age"), voice.say("until_age", number=sop.eligibility.age_below)
    yield voice.say("limit_stay"), voice.count("month", sop.eligibility.stay_months)
    yield voice.say("limit_entry"), voice.say("entry_age", number=sop.schooling.entry.age)
    yield voice.say("limit_draft"), voice.count("day", sop.intake.draft_days)
    yield voice.say("limit_sent"), voice.count("day", sop.intake.sent_days)
    yield voice.say("limit_first_visit"), voice.count("day", sop.visits.first_days)
    for service in sop.services.values():
        name = voice.text(service.name)
        yield voice.say("limit_accept", service=name), voice.count("working_day", service.accept_days)
        yield voice.say("limit_answer", service=name), voice.count("working_day", service.answer_days)
        for key, days in zip(("limit_climb", "limit_climb_above"), service.climb_days, strict=True):
            yield voice.say(key, service=name), voice.count("working_day", days)
    yield voice.say("limit_soon"), voice.count("working_day", sop.referrals.soon_days)
    yield voice.say("limit_resend"), voice.count("working_day", sop.referrals.send_days)
    yield voice.say("limit_reopen"), voice.count("day", sop.referrals.reopen_days)
    for kind, days in sop.referrals.latest_days.items():
        yield voice.say("limit_latest", day=voice.say(f"asks_{kind}")), voice.count("day", days)
    yield voice.say("limit_overdue_dose"), voice.count("day", sop.referrals.overdue_dose_days)
    yield voice.say("limit_newly_arrived"), voice.count("day", sop.referrals.newly_arrived_days)
    for level, months in sop.visits.months.items():
        levels = sop.protection.levels
        name = voice.text(levels.text(level)) if levels.has(level) else voice.say(level)
        yield voice.say("limit_visits", level=name), voice.count("month", months)
    yield voice.say("limit_ahead"), voice.count("day", sop.visits.ahead_days)
    yield voice.say("limit_attempt"), voice.count("day", sop.visits.attempt_days)
    yield voice.say("limit_transfer"), voice.count("working_day", sop.transfers.accept_days)
    yield voice.say("limit_arrival"), voice.count("day", sop.transfers.arrive_days)
    yield voice.say("limit_look_ups"), voice.count("time", sop.transfers.look_ups_a_day)


def still_open(voice: Voice) -> Iterator[Section]:
    """Yield the points that a person has still to check."""
    points = Points(tuple(voice.text(point.text) for point in voice.sop.open_points))
    yield Section("points", voice.say("open_points"), (Paragraph(voice.say("open_rule")), points))
