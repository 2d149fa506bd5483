"""A blank form: numbered questions in a ruled table, label left, answer right, both languages on every label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from registry.paper.flow import BAR, FULL, Flow
from registry.paper.lettering import broken, width_of
from registry.paper.pieces import ROW, arranged
from registry.paper.sheet import BOTTOM, BRAND, INK, LEFT, MM, QUIET, TINT, TOP, Letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.paper.pieces import Piece
    from sop.content import Text

NUMBER: Final = 8 * MM
NUMBER_GAP: Final = 1.4 * MM
LABEL: Final = 37 * MM
INSET: Final = 2 * MM
PADDING: Final = 0.9 * MM
LABEL_SIZE, LABEL_SMALL, NOTE_SIZE = 9.2, 7.4, 6.8
LABEL_LEADING: Final = 1.3
NOTE_STEP: Final = 9.0
NOTE_GAP: Final = 3.0
ANSWER: Final = FULL - NUMBER - LABEL - 2 * INSET
COLUMN_GAP: Final = 4 * MM
TABLE_STEP: Final = 4.2 * MM


@dataclass(frozen=True)
class Asked:
    """A question on paper. `names`: the fields of the screen that it stands for, in their order."""

    names: tuple[str, ...]
    label: Text
    pieces: tuple[Piece, ...]
    note: Text | None = None


class BlankForm(Flow):
    """A form to be filled in by hand, whose questions are numbered through."""

    number = 0

    def fields(self, labels: Sequence[Text]) -> None:
        """Draw short lines to write on, side by side: office, registrar, day."""
        width = FULL / len(labels)
        self.need(10 * MM)
        self.y -= 8 * MM
        for place, label in enumerate(labels):
            x = LEFT + place * width
            end = self.sheet.both((x, self.y), label, Letters(9)) + 5
            self.sheet.line(end, self.y - 2, x + width - 3 * MM, self.y - 2)
        self.space(3.5 * MM)

    def part(self, heading: Text, questions: Sequence[Asked]) -> None:
        """Draw a heading with its questions; the heading stays with the first two of them."""
        self.heading(heading, follows=sum(_height(each) for each in questions[:2]))
        for each in questions:
            self.question(each)

    def person(self, heading: Text, questions: Sequence[Asked]) -> None:
        """Draw the questions about one person, all on one page where a page can hold them."""
        height = BAR + sum(_height(each) for each in questions)
        if height < TOP - BOTTOM:
            self.need(height)
        self.part(heading, questions)

    def question(self, asked: Asked) -> None:
        """Draw one question."""
        height = _height(asked)
        self.need(height)
        self.y -= height
        self.number += 1
        self.sheet.frame(LEFT, self.y, NUMBER + LABEL, height, fill=TINT)
        self.sheet.frame(LEFT + NUMBER + LABEL, self.y, FULL - NUMBER - LABEL, height)
        self._label(asked, self.y + height)
        self._answer(asked, height)

    def _label(self, asked: Asked, top: float) -> None:
        y = top - PADDING - LABEL_SIZE
        number = str(self.number)
        x = LEFT + NUMBER - NUMBER_GAP - width_of(number, LABEL_SIZE)  # the third digit of a long form has room too
        self.sheet.text((x, y), number, Letters(LABEL_SIZE, QUIET), kind="Span")
        for words, size, language in _label_lines(asked.label):
            letters = Letters(size, INK if language == "zh" else QUIET)
            self.sheet.text((LEFT + NUMBER, y), words, letters, language=language)
            y -= size * LABEL_LEADING

    def _answer(self, asked: Asked, height: float) -> None:
        """Draw the note, then the lines of pieces, in the middle of what the label has made high."""
        lines, notes = arranged(asked.pieces, ANSWER), _note_lines(asked.note)
        x, y = LEFT + NUMBER + LABEL + INSET, self.y + height - (height - _answer_height(asked)) / 2
        for words, language in notes:
            y -= NOTE_STEP
            self.sheet.text((x, y), words, Letters(NOTE_SIZE, QUIET), language=language)
        y -= NOTE_GAP if notes else 0
        for line in lines:
            y -= ROW
            for piece, place, width in line:
                piece.draw(self.sheet, x + place, y, width)

    def table(self, heading: Text, entries: Sequence[tuple[str, Text]], columns: int) -> None:
        """Draw the codes that boxes may be filled with: code and words, in columns read downwards."""
        rows = -(-len(entries) // columns)
        width = (FULL - COLUMN_GAP * (columns - 1)) / columns
        height = rows * TABLE_STEP + 2 * MM
        self.space(2 * MM)
        self.heading(heading, follows=height)
        for place, (code, said) in enumerate(entries):
            column, row = divmod(place, rows)
            x, y = LEFT + column * (width + COLUMN_GAP), self.y - (row + 1) * TABLE_STEP
            self.sheet.text((x, y), code, Letters(8.5, BRAND))
            self._entry(x + 6 * MM, y, said, width - 6 * MM)
        self.y -= height

    def _entry(self, x: float, y: float, said: Text, width: float) -> None:
        share = min(1.0, width / (width_of(said.zh, 8.5) + 3 + width_of(said.en, 7)))
        self.sheet.text((x, y), said.zh, Letters(8.5 * share))
        behind = x + width_of(said.zh, 8.5 * share) + 3
        self.sheet.text((behind, y), said.en, Letters(7 * share, QUIET), language="en")


def _label_lines(label: Text) -> list[tuple[str, float, str]]:
    """Return (words, size, language) of each line of a label."""
    said = (("zh", label.zh, LABEL_SIZE), ("en", label.en, LABEL_SMALL))
    return [(line, size, language) for language, words, size in said for line in broken(words, size, LABEL - INSET)]


def _note_lines(note: Text | None) -> list[tuple[str, str]]:
    """Return (words, language) of each line of a note."""
    if note is None:
        return []
    said = (("zh", note.zh), ("en", note.en))
    return [(line, language) for language, words in said for line in broken(words, NOTE_SIZE, ANSWER)]


def _answer_height(asked: Asked) -> float:
    notes = _note_lines(asked.note)
    return len(arranged(asked.pieces, ANSWER)) * ROW + len(notes) * NOTE_STEP + (NOTE_GAP if notes else 0)


def _height(asked: Asked) -> float:
    label = sum(size * LABEL_LEADING for _words, size, _language in _label_lines(asked.label))
    return max(label + 2 * PADDING + 1, _answer_height(asked)) + PADDING
