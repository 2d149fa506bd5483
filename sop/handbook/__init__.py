"""The handbook of a version: the procedure in words, made from the rules that the registry follows."""

from __future__ import annotations

from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sop.handbook import knowing, papers, vaccines, working
from sop.handbook.local import local
from sop.handbook.parts import Chapter
from sop.handbook.services import services
from sop.handbook.voice import Voice
from sop.handbook.words import CHAPTERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from sop.content import Sop
    from sop.differences import Difference
    from sop.handbook.parts import Section

__all__ = ["areas_named", "handbook"]

NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})


def areas_named(sop: Sop) -> tuple[str, ...]:
    """Return the codes of the areas that the handbook speaks of."""
    central = (district for centre in sop.eligibility.centres.values() for district in centre.districts)
    return tuple(sorted({*central, *sop.schooling.areas}))


def handbook(
    sop: Sop,
    language: str,
    on: date,
    changes: Sequence[Difference] = (),
    names: Mapping[str, str] = NO_NAMES,
) -> tuple[Chapter, ...]:
    """Return the chapters of the handbook in "zh" or "en", as it stands on a day; one without content is left out.

    `changes`: what local rules change in the version (`version.local_changes`), told in a chapter of its own.
    `names`: of the areas of `areas_named`, in that language; an area without one is told by its code.
    """
    voice = Voice(sop, language, names)
    chapters = {
        "steps": working.steps(voice),
        "definitions": knowing.definitions(voice),
        "file": knowing.file(voice),
        "services": services(voice),
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
        "local": local(voice, changes),
    }
    return tuple(_chapters(voice, chapters))


def _chapters(voice: Voice, parts: dict[str, Iterator[Section]]) -> Iterator[Chapter]:
    for key in CHAPTERS:
        sections = tuple(parts[key])
        if sections:
            yield Chapter(key, voice.text(voice.sop.handbook.chapters[key]), sections)
