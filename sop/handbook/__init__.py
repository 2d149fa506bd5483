"""The handbook of a version: the procedure in words, made from the rules that the registry follows."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from sop.handbook import knowing, papers, vaccines, working
from sop.handbook.parts import Chapter
from sop.handbook.voice import Voice
from sop.handbook.words import CHAPTERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sop.content import Sop
    from sop.differences import Difference
    from sop.handbook.parts import Section

__all__ = ["handbook"]


def handbook(sop: Sop, language: str, on: date, changes: Sequence[Difference] = ()) -> tuple[Chapter, ...]:
    """Return the chapters of the handbook in "zh" or "en", as it stands on a day; one without content is left out.

    `changes`: what local rules change in the version (`version.local_changes`), told in a chapter of its own.
    """
    voice = Voice(sop, language)
    chapters = {
        "steps": working.steps(voice),
        "definitions": knowing.definitions(voice),
        "file": knowing.file(voice),
        "services": working.services(voice),
        "immunisation": vaccines.schedule(voice, on),
        "schooling": chain(knowing.schooling(voice, on), papers.calendars(voice)),
        "documents": papers.documents(voice),
        "visits": working.visits(voice),
        "transfers": working.transfers(voice),
        "danger": working.danger(voice),
        "notice": knowing.notice(voice),
        "limits": knowing.limits(voice),
        "reasons": working.reasons(voice),
        "open": chain(knowing.still_open(voice), papers.uncertain_lists(voice), vaccines.uncertain_cells(voice)),
        "local": knowing.local(voice, changes),
    }
    return tuple(_chapters(voice, chapters))


def _chapters(voice: Voice, parts: dict[str, Iterator[Section]]) -> Iterator[Chapter]:
    for key in CHAPTERS:
        sections = tuple(parts[key])
        if sections:
            yield Chapter(key, voice.text(voice.sop.handbook.chapters[key]), sections)
