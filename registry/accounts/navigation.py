"""The first page and the navigation of each role, and what every page's frame says about who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import current_app, g, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from registry.access import Role
from registry.accounts.arrival import signed_in
from registry.accounts.words import ROLES
from registry.i18n import language
from registry.names import romanise

if TYPE_CHECKING:
    from flask import Flask
    from flask_babel import LazyString

    from registry.access import Viewer
    from registry.accounts.models import User


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


NAVIGATION: dict[Role, tuple[Item, ...]] = {
    Role.REGISTRAR: (
        Item(_l("Today"), "households.home"),
        Item(_l("Register"), "households.begin", "households"),
        Item(_l("Find"), "children.listing", "children"),
        Item(_l("Referrals"), "referrals.sent", "referrals"),
    ),
    Role.SUPERVISOR: (
        Item(_l("Files"), "children.listing", "children"),
        Item(_l("Same child?"), "matching.queue", "matching"),
    ),
    Role.OFFICER: (Item(_l("Referrals"), "referrals.inbox", "referrals"),),
    Role.PROTECTION_OFFICER: (Item(_l("Protected files"), "matching.protected", "matching"),),
    Role.OFFICIAL: (Item(lazy_pgettext("navigation", "Registered"), "coverage.overview", "coverage"),),
    Role.ADMINISTRATOR: (Item(_l("Accounts"), "accounts.users", "accounts"),),
    Role.AUDITOR: (Item(_l("Audit"), "audit.events", "audit"),),
}


FOOTER: tuple[Item, ...] = (
    Item(_l("Notice to guardians"), "households.notice_text"),
    Item(_l("Change your password"), "accounts.password"),
)


def home_of(role: Role) -> str:
    """Return the endpoint of a role's first page."""
    return NAVIGATION[role][0].endpoint


def _links(items: tuple[Item, ...]) -> list[Link]:
    there = [item for item in items if item.endpoint in current_app.view_functions]
    current = _current(there)
    return [Link(str(item.label), url_for(item.endpoint), item is current) for item in there]


def _current(items: list[Item]) -> Item | None:
    """The item whose own page this is, else the one that stands for its room."""
    if request.endpoint == "accounts.password":
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
        return values | {"navigation": [], "footer_links": _links(FOOTER[:1])}
    return values | {
        "navigation": _links(NAVIGATION[viewer.role]),
        "footer_links": _links(FOOTER),
        "person_name": staff_name(who.user, viewer),
        "office_name": who.user.office.name(language()),
    }


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
