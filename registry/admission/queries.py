"""Reads of admission: what a child's schooling comes to on a day, and which papers its family has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from registry.admission.telling import GRADE_CLASS, NOT_IN_SCHOOL, has_been_to_school, read_schooling
from registry.children.answers_named import named_answers
from registry.children.facts import birth_of
from registry.children.queries import present_episode
from sop.documents import checklist, lacking
from sop.schooling import grade, next_start, school_year, schooling_needs
from sop.schooling.needs import NEXT, NOW
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date

    from registry.access import Viewer
    from registry.children.models import Child
    from sop.content import Sop
    from sop.documents import Checklist, Lacking
    from sop.identity import BirthDate
    from sop.schooling import Needs
    from sop.schooling.told import Told

PAPERS: Final = "admission_papers"
KINDERGARTEN, GRADE_1, GRADE_7, TRANSFER = "kindergarten", "grade_1", "grade_7", "transfer"


@dataclass(frozen=True)
class Standing:
    """What a child's schooling comes to on a day.

    `area`: 12 digits, of its episode. `due`: the grade by age, also outside of 1 to 9. `pupil`: whether it is or was
    in a primary or junior school. `held`: codes of the papers that its family has, of any list.
    """

    sop: Sop
    on: date
    area: str
    birth: BirthDate
    told: Told
    due: int
    pupil: bool
    needs: Needs
    held: frozenset[str]

    @property
    def is_asked_for_papers(self) -> bool:
        """Say whether papers are of use: a place is needed now or next September, or a kindergarten is open to it."""
        return self.needs.needs in {NOW, NEXT} or "kindergarten_age" in self.needs.flags

    @property
    def stage(self) -> str:
        """What the child is admitted to, a code of `admission_stage`."""
        if self.needs.needs == NEXT:
            return GRADE_7 if "entrant_grade_7" in self.needs.flags else GRADE_1
        if self.due < 1:
            return KINDERGARTEN
        if self.needs.needs != NOW:
            return TRANSFER
        first = self.sop.schooling.primary_grades + 1  # of junior school
        left = "dropout" in self.needs.flags
        if left or (self.pupil and self.due != first and self.told.status != "graduated"):
            return TRANSFER
        return GRADE_1 if self.due < first else GRADE_7

    @property
    def year(self) -> int:
        """In whose September the child enters: the school year that runs, or the next one."""
        if self.needs.needs == NEXT:
            return next_start(self.sop, self.on).year
        return school_year(self.sop, self.on)

    def asked(self, stage: str | None = None) -> Checklist:
        """Return the list of papers for this child, or for another stage that the family asks about."""
        return checklist(self.sop, self.area, self.year, stage or self.stage)

    def lacking(self, asked: Checklist) -> tuple[Lacking, ...]:
        """Return which required papers of a list the family does not have yet."""
        return lacking(asked, self.held)


def standing_of(viewer: Viewer, child: Child, on: date, *, papers: bool = False) -> Standing:
    """Return what a child's schooling comes to, in one query. `child` comes from `children.queries.file_of`.

    Opens its birth date, what was told of its schooling, and which papers it has: those where they are of use to it,
    and where `papers` says that the page is about them.
    """
    sop, birth, area = in_force(on), birth_of(child, viewer), present_episode(child).area_code
    answers = named_answers(child.id, (NOT_IN_SCHOOL, GRADE_CLASS, PAPERS))
    told = read_schooling(sop, child, answers, on, viewer)
    found = Standing(
        sop=sop,
        on=on,
        area=area,
        birth=birth,
        told=told,
        due=grade(sop, birth, on, area),
        pupil=has_been_to_school(child),
        needs=schooling_needs(sop, birth, *told, on, area),
        held=frozenset(),
    )
    if PAPERS not in answers or not (papers or found.is_asked_for_papers):
        return found
    held = answers[PAPERS].open(viewer)
    return replace(found, held=frozenset(held if isinstance(held, list) else ()))
