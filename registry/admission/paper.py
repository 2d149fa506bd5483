"""What to bring for an admission, on paper for the family: each paper with a box, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _

from registry.admission.shown import Box, Row, details_of, groups, span
from registry.areas.codes import county_of
from registry.areas.queries import full_name
from registry.children.display import answer
from registry.i18n import language
from registry.paper.flow import FULL
from registry.paper.letter import Letter
from registry.paper.lettering import broken, width_of
from registry.paper.said import both
from registry.paper.sheet import ENGLISH, FAINT, INK, LEFT, MM, QUIET, RIGHT, Imprint, Letters
from registry.web.filters import in_chinese, long_date
from sop.admission import around
from sop.content import Text

if TYPE_CHECKING:
    from registry.access import Viewer
    from registry.admission.queries import Standing
    from registry.children.models import Child
    from sop.admission import Step
    from sop.documents import Checklist

BOX: Final = 3.2 * MM
INSET: Final = 7 * MM
SIZE, SMALL, STEP = 10.0, 8.4, 1.38
GAP: Final = 1.4 * MM
TOGETHER: Final = 24 * MM  # a requirement with its first box: no page ends between them


def bring_paper(viewer: Viewer, child: Child, standing: Standing, stage: str, *, sample: bool) -> bytes:
    """Return as PDF which papers an admission asks for, those ticked that the family showed already.

    `stage`: a code of `admission_stage`. `child` comes from `children.queries.file_of` and is not protected.
    """
    asked, name = standing.asked(stage), child.name.open(viewer) or ""
    letter = _Boxes(Imprint(both(lambda: _("What to bring for school admission")), standing.sop.version, sample))
    letter.title(letter.sheet.imprint.title, both(lambda: _("As of %(day)s", day=long_date(standing.on))))
    letter.heading(Text(name, child.pinyin.open(viewer) or name))
    letter.facts(
        [
            (both(lambda: _("Admission")), both(lambda: _for_what(standing, stage))),
            (both(lambda: _("Place")), both(lambda: full_name(county_of(standing.area), language()))),
            (both(lambda: _("How places are given")), asked.placement),
        ]
    )
    for group in groups(standing, asked):
        letter.heading(standing.sop.codes["document_need"].text(group.need), follows=TOGETHER)
        for row in group.rows:
            letter.requirement(row)
        letter.space(2 * MM)
    _calendar(letter, standing)
    _known_from(letter, asked)
    return letter.pdf()


class _Boxes(Letter):
    """A letter with boxes to tick."""

    def requirement(self, row: Row) -> None:
        """Write a requirement, and a box for each of its papers."""
        self.need(TOGETHER)
        self.space(GAP)
        self.y -= SIZE * STEP
        end = self.sheet.both((LEFT, self.y), row.requirement.name, Letters(SIZE, bold=True))
        if len(row.ways) > 1:
            said = both(lambda: _("one of these is enough"))
            self.sheet.both((end + 8, self.y), said, Letters(SMALL, QUIET))
        self.space(GAP)
        if row.requirement.when:
            self.paragraph(row.requirement.when, SMALL, gap=0)
        for way in row.ways:
            for place, box in enumerate(way):
                self._box(box, with_last=place > 0)
        self.sheet.line(LEFT, self.y, RIGHT, self.y, ink=FAINT)

    def _box(self, box: Box, *, with_last: bool) -> None:
        """Write one paper: its box, its name, and below it who issues it and what is wanted of it."""
        name = both(lambda: _named(box, with_last=with_last))
        details = both(lambda: ("；" if in_chinese() else "; ").join(details_of(box.paper)))
        in_one = width_of(details.zh, SMALL) + 4 + width_of(details.en, SMALL * ENGLISH) <= FULL - INSET
        self.need((SIZE + SMALL * (1 if in_one else 3)) * STEP + GAP)
        self.y -= SIZE * STEP
        self._square(self.y - 0.4 * MM, ticked=box.held)
        self.sheet.both((LEFT + INSET, self.y), name, Letters(SIZE))
        self.y -= SMALL * STEP
        if in_one:
            self.sheet.both((LEFT + INSET, self.y), details, Letters(SMALL, QUIET))
        else:
            self._in_lines(details)
        self.space(GAP)

    def _in_lines(self, said: Text) -> None:
        """Write Chinese words and the English ones below them, from the first base line on; ends on the last one."""
        both_tongues = (("zh", said.zh, SMALL), ("en", said.en, SMALL * ENGLISH))
        lines = [
            (line, tongue, size) for tongue, all_, size in both_tongues for line in broken(all_, size, FULL - INSET)
        ]
        for number, (line, tongue, size) in enumerate(lines):
            self.y -= SMALL * STEP if number else 0
            self.sheet.text((LEFT + INSET, self.y), line, Letters(size, QUIET), language=tongue)

    def _square(self, y: float, *, ticked: bool) -> None:
        self.sheet.frame(LEFT, y, BOX, BOX, ink=INK)
        if ticked:
            self.sheet.line(LEFT + BOX * 0.2, y + BOX * 0.5, LEFT + BOX * 0.42, y + BOX * 0.22, ink=INK)
            self.sheet.line(LEFT + BOX * 0.42, y + BOX * 0.22, LEFT + BOX * 0.82, y + BOX * 0.8, ink=INK)


def _named(box: Box, *, with_last: bool) -> str:
    name = box.paper.name.in_language(language())
    said = str(_("together with: %(paper)s", paper=name)) if with_last else name
    return str(_("%(paper)s (seen already)", paper=said)) if box.held else said


def _for_what(standing: Standing, stage: str) -> str:
    said = answer("admission_stage", stage)
    return str(_("%(admission)s, school year from September %(year)s", admission=said, year=standing.year))


def _calendar(letter: Letter, standing: Standing) -> None:
    """Write what is on and what comes next; the notice of the place decides."""
    near = around(standing.sop, standing.area, standing.on)
    letter.heading(both(lambda: _("When")))
    letter.facts([(_days(step), step.text) for step in (*near.now, *near.coming)])


def _days(step: Step) -> Text:
    return both(lambda: span(step))


def _known_from(letter: Letter, asked: Checklist) -> None:
    """Write how sure the list is, and where it was read."""
    letter.heading(both(lambda: _("How sure this list is")))
    letter.space(GAP)
    for note in asked.notes:
        letter.paragraph(note, SMALL, bullet=True)
    letter.paragraph(both(lambda: _source(asked)), SMALL, bullet=True)


def _source(asked: Checklist) -> str:
    source, mark = asked.source.in_language(language()), answer("source_quality", asked.mark)
    return str(_("Source: %(source)s (%(sure)s)", source=source, sure=mark))
