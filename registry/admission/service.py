"""Verbs of admission: noting which papers a family has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.admission.queries import PAPERS, standing_of
from registry.audit import service as audit
from registry.children import answers
from sop.content import Text
from sop.questions import Question

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from datetime import date

    from registry.access import Viewer
    from registry.children.models import Child
    from sop.documents import Checklist

# Kept like an answer of the full file, and never asked as one: a list of codes of `sop.documents`.
QUESTION: Final = Question(
    PAPERS, "school", "child", "multi", Text("入学材料", "Papers for school admission"), own=True, off=True
)


def note_papers(
    viewer: Viewer, child: Child, asked: Checklist, ticked: AbstractSet[str], seen: AbstractSet[str], on: date
) -> frozenset[str]:
    """Record which papers of a list the family has; return those that somebody else noted otherwise meanwhile.

    `ticked`: codes of the papers ticked now; `seen`: those that were ticked when the page was opened. What this
    person did not touch stays as the other one left it, so that of two who save nobody undoes the other's ticks.
    Papers of other lists stay as they are. Whoever calls has checked that the viewer may change this file, and holds
    it (`children.answers.hold`).
    """
    listed = frozenset(paper.code for paper in asked.papers)
    mine, before = listed & ticked, listed & seen
    held = standing_of(viewer, child, on, papers=True).held
    now = ((held & listed) | (mine - before)) - (before - mine)
    after = (held - listed) | now
    if after != held:
        answers.record_answer(viewer, child, QUESTION, sorted(after), on)
        audit.record("admission_papers_noted", viewer=viewer, children=[child.id])
    return frozenset(now ^ mine)
