"""The chapter on what is ruled differently here: each value with the file and table it stands in, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sop.handbook.parts import Paragraph, Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sop.content import Text
    from sop.differences import Difference
    from sop.handbook.voice import Voice

PARTS: Final = re.compile(r'"([^"]*)"|\[([^\]]*)\]|([^."\[\]]+)')  # as `differences` writes a key
STEP: Final = " › "
SAID: Final = {"true": "yes", "false": "no"}


def local(voice: Voice, changes: Sequence[Difference]) -> Iterator[Section]:
    """Yield what is ruled differently here, in both languages; nothing where nothing is."""
    if not changes:
        return
    rows = [(_place(voice, each), _value(voice, each.old), _value(voice, each.new)) for each in changes]
    title = voice.text(voice.sop.handbook.chapters["local"])
    table = voice.table(title, ("file_and_key", "general_rule", "local_value"), rows)
    yield Section("changes", title, (Paragraph(voice.say("local_rule", version=voice.sop.version)), table))


def _place(voice: Voice, each: Difference) -> str:
    """Return where a value stands: the file, then every table on the way that has words, areas by name."""
    file = voice.sop.handbook.files.get(each.file)
    parts = [next(filter(None, found), "") for found in PARTS.findall(each.key)]
    words = [voice.text(file)] if file else []
    for part in parts:
        named = _named(voice, part)
        if named:
            words.append(voice.text(named))
        elif part in voice.sop.schooling.areas:
            words.append(voice.place(part))
    return STEP.join(words)


def _named(voice: Voice, part: str) -> Text | None:
    """Return what a table or value is called: by its own name in the version, or by the word for all of its kind."""
    sop = voice.sop
    for own in (
        sop.services,
        sop.immunisation.courses,
        sop.immunisation.vaccines,
        sop.documents.checklists,
        sop.admission.calendars,
        sop.eligibility.centres,
    ):
        if part in own:
            return own[part].name
    questions = {question.key: question.label for section in sop.questions.sections for question in section.questions}
    return questions.get(part) or sop.handbook.keys.get(part) or sop.handbook.cells.get(part)


def _value(voice: Voice, written: str | None) -> str:
    if written is None:
        return voice.say("nothing")
    return voice.say(SAID[written]) if written in SAID else written
