"""The letter of reminder (督办函) to an office: how many referrals stand past their limit there, and no child."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from registry.areas.queries import full_name
from registry.i18n import language
from registry.paper.flow import FULL, LEADING, Flow
from registry.paper.lettering import broken, width_of
from registry.paper.said import both
from registry.paper.sheet import INK, LEFT, LINE, MM, RIGHT, TINT, Imprint, Letters
from registry.referrals.calendar import unknown_year, working_calendar
from registry.referrals.overdue.chasing import bands
from registry.referrals.service_words import service_words
from registry.web.filters import long_date, or_dash
from sop.referral import add_working_days, days_late
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.referrals.overdue.chasing import Line

SIZE, SMALL, TITLE = 12.0, 10.0, 22.0
SHARES: Final = (0.25, 0.11, 0.14, 0.14, 0.15, 0.21)  # of the width, for each column
PADDING: Final = 1.6 * MM


def number_of(viewer: Viewer, office_id: UUID, on: date) -> str:
    """Return the number of a letter: the day, who writes and to whom; 20261122-7C3A-90F1."""
    return f"{on:%Y%m%d}-{viewer.office_id.hex[-4:]}-{office_id.hex[-4:]}".upper()


def reminder(
    viewer: Viewer, to: tuple[UUID, str], sender: str, lines: Sequence[Line], on: date, *, sample: bool
) -> bytes:
    """Return the letter as PDF, in the language of the page.

    `to`: id and name of the office; `sender`: the name of the one that writes; `lines`: as `chasing.standing_of`
    returns them, something among them overdue.
    """
    letter = _Letter(Imprint(both(lambda: _("Letter of reminder")), in_force(on).version, sample))
    letter.head(str(_("Letter of reminder")), str(_("No. %(number)s", number=number_of(viewer, to[0], on))))
    letter.write(str(_("To %(office)s:", office=to[1])))
    letter.write(_what(viewer, lines, on))
    letter.table(_rows(lines, on))
    for sentence in _sentences(lines, on):
        letter.write(sentence)
    letter.sign(sender, long_date(on))
    return letter.pdf()


class _Letter(Flow):
    """A letter in one language: title, text, a table, and who signs it."""

    def head(self, title: str, number: str) -> None:
        """Write the title in the middle, as letters have it, and the number of the letter at the right."""
        self.space(14 * MM)
        self._line((LEFT + RIGHT - width_of(title, TITLE)) / 2, title, Letters(TITLE, bold=True), "H1")
        self.space(12 * MM)
        self._line(RIGHT - width_of(number, SMALL), number, Letters(SMALL))
        self.space(6 * MM)

    def write(self, words: str) -> None:
        """Write a paragraph."""
        self.lines(words, SIZE, language=language())
        self.space(3 * MM)

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Write rows, the first of which heads the columns and the last of which adds them up."""
        for place, row in enumerate(rows):
            cells = [broken(words, SMALL, FULL * share - 2 * PADDING) for words, share in zip(row, SHARES, strict=True)]
            height = max(map(len, cells)) * SMALL * LEADING + 2 * PADDING
            self.need(height)
            self.sheet.frame(LEFT, self.y - height, FULL, height, fill=TINT if place == 0 else None, ink=LINE)
            self._row(cells, bold=place in (0, len(rows) - 1))
            self.y -= height
        self.space(5 * MM)

    def sign(self, office: str, day: str) -> None:
        """Write who signs, and the day, at the right; below them is room for a seal."""
        self.need(40 * MM)
        self.space(10 * MM)
        for words in (office, day):
            self._line(RIGHT - width_of(words, SIZE), words, Letters(SIZE))
            self.space(SIZE * LEADING)

    def _row(self, cells: Sequence[Sequence[str]], *, bold: bool) -> None:
        x, letters = LEFT, Letters(SMALL, INK, bold=bold, leading=SMALL * LEADING)
        for lines, share in zip(cells, SHARES, strict=True):
            self.sheet.text((x + PADDING, self.y - PADDING - SMALL), lines, letters, language=language())
            x += FULL * share

    def _line(self, x: float, words: str, letters: Letters, kind: str = "P") -> None:
        self.sheet.text((x, self.y), words, letters, language=language(), kind=kind)


def _what(viewer: Viewer, lines: Sequence[Line], on: date) -> str:
    number, oldest = sum(sum(each.late) for each in lines), _oldest(lines)
    said = ngettext(
        "On %(day)s, %(num)s referral of a child from %(area)s is overdue at your office. "
        "The limit that passed first was %(oldest)s, %(days)s working days ago.",
        "On %(day)s, %(num)s referrals of children from %(area)s are overdue at your office. "
        "The limit that passed first was %(oldest)s, %(days)s working days ago.",
        number,
        day=long_date(on),
        area=full_name(viewer.area_code, language()),
        oldest=long_date(oldest),
        days=days_late(working_calendar(), oldest, on),
    )
    return str(said)


def _sentences(lines: Sequence[Line], on: date) -> list[str]:
    reply_by = add_working_days(working_calendar(), on, in_force(on).referrals.accept_days)
    said = [
        str(
            _(
                "Please accept or answer them by %(day)s. What stays open climbs to the supervisor of the level "
                "above, as the procedure says.",
                day=long_date(reply_by),
            )
        ),
        str(
            _(
                "This letter gives numbers only. Your office finds the referrals themselves in the registry, in its "
                "list of what is overdue. All days are working days."
            )
        ),
    ]
    unknown = unknown_year(in_force(on), _oldest(lines), on)
    return [*said, unknown] if unknown else said


def _rows(lines: Sequence[Line], on: date) -> list[list[str]]:
    heads = [_("Service"), pgettext("referrals", "Open"), *_bands(on), _("Oldest limit")]
    rows = [[service_words(each.service), *_counts(each), _limit(each.oldest)] for each in lines]
    late = [sum(each.late[place] for each in lines) for place in range(3)]
    return [heads, *rows, [_("Total"), *map(str, (sum(each.open for each in lines), *late)), _limit(_oldest(lines))]]


def _bands(on: date) -> tuple[str, str, str]:
    first, last = bands(on)
    return _band(1, first), _band(first + 1, last), str(_("Over %(days)s days late", days=last))


def _band(first: int, last: int) -> str:
    if first == last:
        return str(ngettext("%(num)s day late", "%(num)s days late", first))
    return str(_("%(first)s to %(last)s days late", first=first, last=last))


def _counts(line: Line) -> list[str]:
    return [str(number) for number in (line.open, *line.late)]


def _limit(day: date | None) -> str:
    return str(or_dash(day and long_date(day)))


def _oldest(lines: Sequence[Line]) -> date:
    return min(each.oldest for each in lines if each.oldest)
