"""The chapter on the papers that school admission asks for, and the sections on the year of admission."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sop.handbook.parts import Cell, Facts, Paragraph, Points, Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sop.admission import Calendar
    from sop.documents import Checklist, Paper, Requirement
    from sop.handbook.parts import Table
    from sop.handbook.voice import Voice

SURE: Final = frozenset("AB")  # marks of what was read in the original, or on an official page (source_quality)


def documents(voice: Voice) -> Iterator[Section]:
    """Yield which list holds, every list with its source, and who issues the papers."""
    lists = voice.sop.documents.checklists.values()
    yield Section("which", voice.say("which_list"), (Paragraph(voice.say("documents_rule")),))
    for each in lists:
        notes = tuple(Paragraph(voice.text(note)) for note in each.notes)
        yield Section(each.code, voice.text(each.name), (_about(voice, each), *notes, _asked(voice, each)))
    issuers = {paper.code: paper for each in lists for paper in each.papers}
    rows = [(voice.text(paper.name), voice.text(paper.issuer)) for paper in issuers.values()]
    table = voice.table(voice.say("issuers"), ("papers", "issuer"), rows)
    yield Section("issuers", voice.say("issuers"), (table,))


def _about(voice: Voice, each: Checklist) -> Facts:
    stages, quality = voice.sop.codes["admission_stage"], voice.sop.codes["source_quality"]
    said = {
        "stages": voice.listed(voice.text(stages.text(stage)) for stage in each.stages),
        "placement": voice.text(each.placement),
        "source": voice.text(each.source),
        "certainty": voice.text(quality.text(each.mark)),
    }
    return Facts(tuple((voice.say(label), (value,)) for label, value in said.items()))


def _asked(voice: Voice, each: Checklist) -> Table:
    rows = [
        (voice.text(asked.name), Cell(_ways(voice, asked), _unsure(asked)), _need(voice, asked))
        for asked in each.requirements
    ]
    return voice.table(voice.text(each.name), ("requirement", "papers", "need"), rows)


def _ways(voice: Voice, asked: Requirement) -> str:
    ways = [voice.listed(_paper(voice, paper) for paper in way) for way in asked.ways]
    return f"{voice.say('or_else')}{'' if voice.language == 'zh' else ' '}".join(ways)


def _paper(voice: Voice, paper: Paper) -> str:
    form = [voice.text(voice.sop.codes["document_form"].text(paper.form))]
    valid = [voice.text(paper.valid)] if paper.valid else []
    inside = voice.inside(voice.phrases([*form, *valid]))
    return voice.say("paper", paper=voice.text(paper.name), form=inside)


def _need(voice: Voice, asked: Requirement) -> str:
    need = voice.text(voice.sop.codes["document_need"].text(asked.need))
    return voice.phrases([need, voice.text(asked.when)]) if asked.when else need


def _unsure(asked: Requirement) -> bool:
    return any(paper.mark not in SURE for way in asked.ways for paper in way)


def calendars(voice: Voice) -> Iterator[Section]:
    """Yield the year of admission: the usual one, then those of places."""
    for each in voice.sop.admission.calendars.values():
        title = _title(voice, each)
        yield Section(f"calendar-{each.code}", title, (_steps(voice, title, each),))


def _title(voice: Voice, calendar: Calendar) -> str:
    return voice.say("calendar_of", name=voice.text(calendar.name))


def _steps(voice: Voice, title: str, calendar: Calendar) -> Table:
    rows = []
    for step in calendar.steps:
        first, last = voice.day_of_year(*step.starts), voice.day_of_year(*step.ends)
        when = first if step.starts == step.ends else voice.say("from_to", first=first, last=last)
        rows.append((voice.text(step.text), Cell(when, step.mark not in SURE), voice.text(step.source)))
    return voice.table(title, ("step", "when", "source"), rows)


def uncertain_lists(voice: Voice) -> Iterator[Section]:
    """Yield the lists of papers and calendars of which something was not read in an official source."""
    lists, years = voice.sop.documents.checklists.values(), voice.sop.admission.calendars.values()
    names = (
        *(voice.text(each.name) for each in lists if any(map(_unsure, each.requirements))),
        *(_title(voice, each) for each in years if any(step.mark not in SURE for step in each.steps)),
    )
    if names:
        yield Section("lists", voice.say("lists_open"), (Points(names),))
