"""What pages say of a transfer, in the words of the SOP: whose turn it is, by when, from where to where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from registry.access import Permission, Role
from registry.areas.codes import county_of
from registry.areas.queries import full_names_of, names_of
from registry.children.display import age, answer, person
from registry.children.fields import spaced
from registry.clock import today
from registry.i18n import language
from registry.names import masked
from registry.referrals.calendar import working_calendar
from registry.transfers.history import office_name, step_words, unlisted_there, ways_of
from registry.transfers.queries import on_the_way, open_of, sides_of
from registry.web.filters import joined, marked, short_date
from sop.transfer import Limits, Move, Side, Standing, State, allowed
from sop.transfer import standing as standing_on

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from flask import Flask

    from registry.access import Viewer
    from registry.children.models import Child
    from registry.transfers.models import Transfer

Tag = tuple[str, str]
NAME_ONLY: Final = frozenset({"child.name"})
NAME_AND_READING: Final = frozenset({"child.name", "child.pinyin"})
TAG_OF_STATE: Final = {
    "announced": "grey",
    "claimed": "grey",
    "accepted": "tint",
    "returned": "late",
    "arrived": "done",
    "withdrawn": "grey",
}


@dataclass(frozen=True)
class Place:
    """An end of the way: its own name (of a masked file the office to ask), and what lies above it."""

    name: str
    above: str


@dataclass(frozen=True)
class Shown:
    """A transfer as a page shows it. `full`: the viewer sees whose it is; else the name is masked."""

    transfer: Transfer
    title: Markup | str
    who: Markup
    origin: Place
    goal: Place
    basis: str
    holder: Markup
    reason: str | None
    tag: Tag
    stands: Standing
    sides: frozenset[Side]
    moves: frozenset[Move]
    mine: bool
    full: bool

    @property
    def edge(self) -> str | None:
        """The colour of the card's edge: only what is late or nearly so has one."""
        back = self.transfer.state == State.RETURNED and self.mine
        return "late" if back else self.stands.kind if self.stands.kind in {"late", "soon"} else None


def shown(viewer: Viewer, transfers: Iterable[Transfer], on: date) -> list[Shown]:
    """Word transfers that the viewer may see, in their order. Opens names and nothing else."""
    rows = list(transfers)
    codes = {code for each in rows for code in (each.from_area, each.to_area)}
    names = names_of(codes, language())
    counties = full_names_of({county_of(code) for code in codes}, language())
    return [_shown(viewer, each, on, _Names(names, counties)) for each in rows]


@dataclass(frozen=True)
class _Names:
    """Names of places by code: their own, and those of their counties with all that lies above."""

    own: dict[str, str]
    counties: dict[str, str]

    def place(self, code: str) -> Place:
        """Return a place; a county's own name stands above nothing."""
        county = county_of(code)
        return Place(self.own.get(code, code), self.counties.get(county, "") if county != code else "")

    def masked(self, code: str, office: str) -> Place:
        """Return no more of a place than its county, and the office to ask."""
        return Place(office, self.counties.get(county_of(code), ""))


def _shown(viewer: Viewer, transfer: Transfer, on: date, names: _Names) -> Shown:
    stands, sides, full = standing(transfer, on), sides_of(viewer, transfer), sees_whose(viewer, transfer)
    origin, sender = transfer.from_area, office_name(transfer.from_office)
    mine = is_mine(viewer, transfer, stands)
    return Shown(
        transfer=transfer,
        title=_title(viewer, transfer, full=full),
        who=_who(transfer, full=full),
        origin=names.place(origin) if full else names.masked(origin, sender),
        goal=names.place(transfer.to_area),
        basis=answer("transfer_basis", transfer.basis),
        holder=holder_words(transfer, stands, mine=mine),
        reason=reason_words(transfer.reason),
        tag=standing_tag(transfer, stands),
        stands=stands,
        sides=sides,
        moves=_moves(viewer, transfer, sides),
        mine=mine,
        full=full,
    )


def _moves(viewer: Viewer, transfer: Transfer, sides: frozenset[Side]) -> frozenset[Move]:
    """Return what the viewer may do; of a child who died, grew up or was merged nothing but to close it.

    To let a child arrive is to register its household, which a supervisor leaves to a registrar.
    """
    moves = allowed(State(transfer.state), sides, Side(transfer.begun_by))
    if not viewer.may(Permission.HOUSEHOLD_REGISTER):
        moves -= {Move.ARRIVE}
    closed = transfer.child.status != "registered" or transfer.child.protected
    return moves - {Move.ACCEPT, Move.ARRIVE} if closed else moves


def standing(transfer: Transfer, on: date) -> Standing:
    """Return how a transfer stands to its limit on a day."""
    limits = Limits(transfer.answer_by, transfer.arrive_by)
    return standing_on(State(transfer.state), Side(transfer.begun_by), limits, on, working_calendar())


def sees_whose(viewer: Viewer, transfer: Transfer) -> bool:
    """Say whether the viewer sees the child: the side that sends it does, the other one from acceptance on."""
    sides = sides_of(viewer, transfer)
    return Side.SENDING in sides or (Side.RECEIVING in sides and transfer.state in {State.ACCEPTED, State.ARRIVED})


def is_mine(viewer: Viewer, transfer: Transfer, stands: Standing) -> bool:
    """Say whether the next step is the viewer's; a supervisor's only where no registrar holds it."""
    if stands.turn is None or stands.turn not in sides_of(viewer, transfer):
        return False
    return viewer.role is Role.REGISTRAR or viewer.office_id == _holding(transfer, stands.turn)[1]


def standing_tag(transfer: Transfer, stands: Standing) -> Tag:
    """Return (words, kind) of the one tag of a transfer: what is urgent, else its state."""
    if stands.kind == "late":
        return _("%(days)s d late", days=stands.days), "late"
    if stands.kind == "soon":
        return _("Due today") if stands.days == 0 else _("%(days)s d left", days=stands.days), "soon"
    return state_tag(transfer.state)


def state_tag(state: str) -> Tag:
    """Return (words, kind) of a state."""
    return answer("transfer_state", state), TAG_OF_STATE[state]


def reason_words(code: str | None) -> str | None:
    """Return why a transfer was returned, in words."""
    return answer("transfer_return_reason", code) if code else None


def holder_words(transfer: Transfer, stands: Standing, *, mine: bool) -> Markup:
    """Say in one sentence who holds a transfer, by when, and how many days are left."""
    if stands.turn is None:
        return escape(_("Ended on %(day)s", day=short_date(transfer.ended_on)))
    office = _holding(transfer, stands.turn)[0]
    name = _("With you") if mine else _("With %(office)s", office=office)
    holder = Markup("<strong>{}</strong>").format(marked(name))
    if stands.due is None:
        return holder
    values = {"holder": holder, "day": short_date(stands.due), "left": days_words(transfer, stands)}
    if transfer.state == State.ACCEPTED:
        return _filled(_("%(holder)s, the child should arrive by %(day)s, %(left)s"), values)
    return _filled(_("%(holder)s, to be answered by %(day)s, %(left)s"), values)


def days_words(transfer: Transfer, stands: Standing) -> str:
    """Return how many days are left or passed: working days for an answer, calendar days for the child's way."""
    number = stands.days
    if stands.kind != "late" and number == 0:
        return str(_("due today"))
    if transfer.state == State.ACCEPTED:
        late, left = ngettext("%(num)s day late", "%(num)s days late", number), _days_left(number)
    else:
        late = ngettext("%(num)s working day late", "%(num)s working days late", number)
        left = ngettext("%(num)s working day left", "%(num)s working days left", number)
    return str(late if stands.kind == "late" else left)


def _days_left(number: int) -> str:
    return str(ngettext("%(num)s day left", "%(num)s days left", number))


def under_way(child: Child, viewer: Viewer) -> Shown | None:
    """Return the open transfer of a child whose file the viewer may open; opens its name alone."""
    found = open_of(child.id)
    return shown(viewer, [found], today())[0] if found else None


def _filled(template: str, values: dict[str, Markup | str]) -> Markup:
    """Put values into a translated sentence, in which only the holder is marked."""
    return escape(template) % values


def _holding(transfer: Transfer, side: Side) -> tuple[str, object]:
    sending = side is Side.SENDING
    office = transfer.from_office if sending else transfer.to_office
    return office_name(office), transfer.from_office_id if sending else transfer.to_office_id


def _title(viewer: Viewer, transfer: Transfer, *, full: bool) -> Markup | str:
    if full:
        return person(transfer.child, viewer.opening(NAME_AND_READING))
    return str(marked(masked(transfer.child.name.open(viewer.opening(NAME_ONLY)) or "")))


def _who(transfer: Transfer, *, full: bool) -> Markup:
    child = transfer.child
    years = age((child.birth_year, child.birth_month)) if full else _("born in %(year)s", year=child.birth_year)
    return joined([answer("sex", child.sex), years, _event(transfer)])


def _event(transfer: Transfer) -> str:
    """Say what happened last, and when."""
    if transfer.state == State.CLAIMED:
        claimer = office_name(transfer.to_office)
        return str(_("claimed by %(office)s on %(day)s", office=claimer, day=short_date(transfer.opened_on)))
    words = {
        State.ANNOUNCED: lambda: _("announced on %(day)s", day=short_date(transfer.opened_on)),
        State.ACCEPTED: lambda: _("accepted on %(day)s", day=short_date(transfer.accepted_on)),
        State.RETURNED: lambda: _("returned on %(day)s", day=short_date(transfer.ended_on)),
        State.ARRIVED: lambda: _("arrived on %(day)s", day=short_date(transfer.ended_on)),
        State.WITHDRAWN: lambda: _("taken back on %(day)s", day=short_date(transfer.ended_on)),
    }
    return str(words[State(transfer.state)]())


def init_app(app: Flask) -> None:
    """Let every template say how a transfer stands: `transfer_words.under_way(child, viewer)`."""
    words = (on_the_way, spaced, state_tag, step_words, under_way, unlisted_there, ways_of)
    app.jinja_env.globals["transfer_words"] = {each.__name__: each for each in words}
