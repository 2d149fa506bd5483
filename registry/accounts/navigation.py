"""The first page and the navigation of each role, and what every page's frame says about who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import current_app, g, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from sqlalchemy.exc import SQLAlchemyError

from registry.access import Permission, Role
from registry.accounts.arrival import signed_in
from registry.accounts.words import ROLES
from registry.i18n import language
from registry.names import romanise

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask_babel import LazyString

    from registry.access import Viewer
    from registry.accounts.models import User

COUNTS = "navigation_counts"
MOST_BESIDE: Final = 999  # what is more is not counted for a word of the navigation: three digits fit beside it


@dataclass(frozen=True)
class Item:
    """One word of the navigation: where it leads, and the room whose other pages it stands for."""

    label: LazyString
    endpoint: str
    room: str | None = None


@dataclass(frozen=True)
class Link:
    """An item as the frame draws it."""

    label: str
    url: str
    current: bool
    count: int = 0

    @property
    def many(self) -> bool:
        """Whether more wait there than are counted."""
        return self.count > MOST_BESIDE

    @property
    def number(self) -> str:
        """How many wait there, as it stands beside the word: 7, or 999+."""
        return f"{MOST_BESIDE}+" if self.many else str(self.count)


PERFORMANCE = Item(lazy_pgettext("navigation", "Answers"), "statistics.referrals")
NAVIGATION: dict[Role, tuple[Item, ...]] = {
    Role.REGISTRAR: (
        Item(_l("Today"), "households.home"),
        Item(_l("Register"), "households.begin", "households"),
        Item(_l("Find"), "children.listing", "children"),
        Item(_l("Referrals"), "referrals.sent", "referrals"),
        Item(lazy_pgettext("navigation", "Transfers"), "transfers.listing", "transfers"),
    ),
    Role.SUPERVISOR: (
        Item(_l("Files"), "children.listing", "children"),
        Item(lazy_pgettext("navigation", "Transfers"), "transfers.listing", "transfers"),
        Item(lazy_pgettext("navigation", "Corrections"), "changes.requests", "changes"),
        Item(_l("Same child?"), "matching.queue", "matching"),
        Item(_l("Overdue"), "referrals.chase", "referrals"),
    ),
    Role.OFFICER: (Item(_l("Referrals"), "referrals.inbox", "referrals"), PERFORMANCE),
    Role.PROTECTION_OFFICER: (
        Item(_l("Protected files"), "matching.protected", "matching"),
        Item(_l("Set and lift"), "protection.requests"),
        Item(_l("Key care"), "protection.key_care"),
        Item(_l("Reports"), "protection.reports"),
        Item(lazy_pgettext("navigation", "Corrections"), "changes.requests", "changes"),
    ),
    Role.OFFICIAL: (
        Item(lazy_pgettext("navigation", "Registered"), "coverage.overview", "coverage"),
        PERFORMANCE,
        Item(lazy_pgettext("navigation", "Lists compared"), "ledgers.roster_counts", "ledgers"),
    ),
    Role.ADMINISTRATOR: (
        Item(_l("Accounts"), "accounts.users", "accounts"),
        Item(_l("Offices"), "administration.offices", "administration"),
        Item(_l("Blocks"), "administration.blocks"),
        Item(_l("Estimates"), "coverage.estimates", "coverage"),
        Item(_l("Background work"), "jobs.listing", "jobs"),
    ),
    Role.AUDITOR: (Item(_l("Audit"), "audit.events", "audit"),),
}


FOOTER: tuple[Item, ...] = (
    Item(_l("Notice to guardians"), "households.notice_text"),
    Item(_l("Papers to print"), "reports.papers"),
    Item(_l("Handbook"), "handbook.contents"),
    Item(_l("Change your password"), "accounts.password"),
)
ANSWERED = Item(_l("How referrals are answered"), "statistics.referrals")
AFTER_VISIT = Item(_l("After the visit"), "protection.mine")  # words that say nothing to a family


def home_of(role: Role) -> str:
    """Return the endpoint of a role's first page."""
    return NAVIGATION[role][0].endpoint


def _links(items: tuple[Item, ...]) -> list[Link]:
    there = [item for item in items if item.endpoint in current_app.view_functions]
    current = _current(there)
    return [Link(str(item.label), url_for(item.endpoint), item is current, _count(item.endpoint)) for item in there]


def count_beside(app: Flask, endpoint: str, count: Callable[[Viewer], int]) -> None:
    """Let a word of the navigation carry how many things wait there for the viewer; asked on every page.

    `count` needs to count no further than to MOST_BESIDE + 1.
    """
    app.extensions.setdefault(COUNTS, {})[endpoint] = count


def _count(endpoint: str) -> int:
    """Count once a page; a frame without its numbers is better than no page."""
    count, viewer = current_app.extensions.get(COUNTS, {}).get(endpoint), g.get("viewer")
    if count is None or viewer is None:
        return 0
    counted: dict[str, int] = g.setdefault(COUNTS, {})
    if endpoint not in counted:
        try:
            counted[endpoint] = count(viewer)
        except SQLAlchemyError:
            counted[endpoint] = 0
    return counted[endpoint]


def _current(items: list[Item]) -> Item | None:
    """The item whose own page this is, else the one that stands for its room."""
    if request.endpoint in ("accounts.password", "accounts.acting"):
        return None  # everybody's own
    own = (item for item in items if item.endpoint == request.endpoint)
    rooms = (item for item in items if item.room is not None and item.room == request.blueprint)
    return next(own, None) or next(rooms, None)


def _frame() -> dict[str, Any]:
    """Return what the layout needs; nothing about anybody when nobody is signed in."""
    viewer = g.get("viewer")
    who = signed_in() if viewer else None
    values: dict[str, Any] = {"viewer": viewer, "sample_data": current_app.extensions["settings"].sample_data}
    if viewer is None or who is None:
        return values | {"navigation": [], "footer_links": _links(FOOTER[:2])}
    return values | {
        "navigation": _links(NAVIGATION[viewer.role]),
        "footer_links": _links(_footer(viewer)),
        "person_name": staff_name(who.user, viewer),
        "office_name": (who.acting.user if who.acting else who.user).office.name(language()),
        "acting": who.acting is not None,
        "may_act": who.may_act,
    }


def _footer(viewer: Viewer) -> tuple[Item, ...]:
    """A supervisor's navigation has as many words as a phone's row holds: statistics follow at the foot."""
    after_visit = (AFTER_VISIT,) if viewer.may(Permission.HARM_REPORT) else ()
    statistics = (ANSWERED,) if viewer.role is Role.SUPERVISOR else ()
    return (*after_visit, *statistics, *FOOTER)


def staff_name(user: User, viewer: Viewer) -> str:
    """Return the name of a person of the staff: in characters, or in Latin letters on an English page."""
    name = user.name.open(viewer) or ""
    return name if language() == "zh" else romanise(name)


def _role_words(role: str | None) -> str | None:
    return str(ROLES[role]) if role else None


def init_app(app: Flask) -> None:
    """Give every template the frame's values, and the words for a role."""
    app.context_processor(_frame)
    app.jinja_env.filters["role_words"] = _role_words
    app.jinja_env.globals["staff_name"] = staff_name
