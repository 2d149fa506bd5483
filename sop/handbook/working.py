"""Chapters on the work: its steps, visits, transfers, danger, reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sop.handbook.parts import Facts, Paragraph, Points, Section
from sop.handbook.words import ACCEPT, REASONS
from sop.visits import MUST_BE_SEEN, UNASSESSED, months_between_visits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sop.handbook.parts import Table
    from sop.handbook.voice import Voice
    from sop.handbook.words import Step
    from sop.protection import Judgement


def steps(voice: Voice) -> Iterator[Section]:
    """Yield a section for each step: who, what, by when."""
    for number, step in enumerate(voice.sop.handbook.steps, start=1):
        title = voice.say("numbered_step", number=number, name=voice.text(step.name))
        who = voice.listed(voice.text(voice.sop.codes["role"].text(role)) for role in step.who)
        rows = (
            (voice.say("who"), (who,)),
            (voice.say("what"), (voice.filled(step.what),)),
            (voice.say("limit"), (voice.filled(step.limit), *_each_service(voice, step))),
        )
        yield Section(step.key, title, (Facts(rows),))


def _each_service(voice: Voice, step: Step) -> Iterator[str]:
    if step.each_service is None:
        return
    alike: dict[int, list[str]] = {}  # services with the same limit stand in one line
    for service in voice.sop.services.values():
        days = service.accept_days if step.each_service == ACCEPT else service.answer_days
        alike.setdefault(days, []).append(voice.text(service.name))
    for days, names in alike.items():
        within = f"{step.each_service}_within"
        yield voice.say(within, service=voice.listed(names), days=voice.count("working_day", days))


def visits(voice: Voice) -> Iterator[Section]:
    """Yield how often families are visited, how a visit may end, and how care is judged."""
    rules = voice.sop.visits
    yield Section("first-visit", voice.say("first_visit"), (Paragraph(voice.say("first_visit_rule")),))
    rows = [(_level(voice, level), voice.text(rules.frequency[months])) for level, months in rules.months.items()]
    often = voice.table(voice.say("frequency"), ("judged", "frequency"), rows)
    yield Section("frequency", voice.say("frequency"), (often,))
    ends = [(voice.text(end.text), voice.say("yes" if end.counts else "no")) for end in rules.outcomes]
    table = voice.table(voice.say("visit_ends"), ("outcome", "visit_counts"), ends)
    yield Section("outcomes", voice.say("visit_ends"), (table,))
    yield Section("care", voice.say("care"), (Paragraph(voice.say("care_rule")), *_judgements(voice)))


def _judgements(voice: Voice) -> Iterator[Table]:
    protection = voice.sop.protection
    for name in ("guardianship", "assessment", "category"):
        answers: Sequence[Judgement] = getattr(protection, name)
        rows = [
            (voice.text(each.text), voice.text(each.meaning) if each.meaning else "", _leads_to(voice, each))
            for each in answers
        ]
        title = voice.say(f"care_{name}")
        yield voice.table(title, (f"care_{name}", "meaning", "leads_to"), rows)


def _leads_to(voice: Voice, answer: Judgement) -> str:
    months = months_between_visits(voice.sop.visits, answer.level, must_be_seen=answer.seen)
    often = voice.text(voice.sop.visits.frequency[months])
    return voice.phrases([often, voice.say("must_be_seen")]) if answer.seen else often


def _level(voice: Voice, level: str) -> str:
    if level in (UNASSESSED, MUST_BE_SEEN):
        return voice.say(level)
    return voice.text(voice.sop.protection.levels.text(level))


def transfers(voice: Voice) -> Iterator[Section]:
    """Yield limits, states and reasons of a move between areas, and the rules of looking elsewhere."""
    codes = voice.sop.codes
    yield Section(
        "states",
        voice.say("transfer_states"),
        (Paragraph(voice.say("transfer_rule")), Points(tuple(voice.codes(codes["transfer_state"])))),
    )
    for key, title, name in (
        ("bases", "transfer_bases", "transfer_basis"),
        ("returns", "transfer_returns", "transfer_return_reason"),
    ):
        yield Section(key, voice.say(title), (Points(tuple(voice.codes(codes[name]))),))
    purposes = voice.say("look_up_purposes"), (voice.listed(voice.codes(codes["look_up_purpose"])),)
    yield Section("look-ups", voice.say("look_ups"), (Paragraph(voice.say("look_ups_rule")), Facts((purposes,))))


def danger(voice: Voice) -> Iterator[Section]:
    """Yield whom to phone, and whom the law says to tell."""
    rules = voice.sop.protection
    phones = [(voice.text(line.name), line.number) for line in (*rules.hotlines, *rules.local_hotlines.values())]
    lines = voice.table(voice.say("hotlines"), ("body", "number"), phones)
    yield Section("phone", voice.say("hotlines"), (Paragraph(voice.text(rules.duty)), lines))
    bodies = [(voice.text(body.name), voice.text(body.law)) for body in rules.recipients]
    told = voice.table(voice.say("told"), ("body", "law"), bodies)
    yield Section("told", voice.say("told"), (told, Paragraph(voice.text(rules.secrecy))))


def reasons(voice: Voice) -> Iterator[Section]:
    """Yield the lists of reasons that people choose from."""
    for name in REASONS:
        yield Section(
            name.replace("_", "-"), voice.say(f"reasons_{name}"), (Points(tuple(voice.codes(voice.sop.codes[name]))),)
        )
