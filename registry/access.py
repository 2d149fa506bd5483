"""Who may do what: roles, permissions, the one map between them, and the guard at the door."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from flask import abort, current_app, g, redirect, request, url_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask
    from werkzeug.wrappers import Response as BaseResponse

View = TypeVar("View", bound="Callable[..., Any]")
ACCESS = "__access__"
FILES = "web.static"  # the one endpoint of static files


class Role(StrEnum):
    """The seven roles. One account has one role, at one office."""

    REGISTRAR = "registrar"
    SUPERVISOR = "supervisor"
    OFFICER = "officer"
    PROTECTION_OFFICER = "protection_officer"
    OFFICIAL = "official"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """What a page or a verb needs, named resource first. PUBLIC and SIGNED_IN need no role."""

    PUBLIC = "public"
    SIGNED_IN = "signed-in"
    HOUSEHOLD_REGISTER = "household-register"
    CHILD_FIND = "child-find"
    CHILD_READ = "child-read"
    FILE_CHANGE = "file-change"
    CORRECTION_DECIDE = "correction-decide"
    VISIT_RECORD = "visit-record"
    LOOK_UP_ELSEWHERE = "look-up-elsewhere"
    TRANSFER_WORK = "transfer-work"
    CARD_PRINT = "card-print"
    PAPER_PRINT = "paper-print"
    LEDGER_IMPORT = "ledger-import"
    LIST_DOWNLOAD = "list-download"
    DEPARTMENT_COMPARE = "department-compare"
    REFERRAL_SEND = "referral-send"
    REFERRAL_WORK = "referral-work"
    REFERRAL_CHASE = "referral-chase"
    DOSE_ENTER = "dose-enter"
    MATCH_READ = "match-read"
    MATCH_DECIDE = "match-decide"
    RISK_ASSESS = "risk-assess"
    HARM_REPORT = "harm-report"
    HARM_WORK = "harm-work"
    PROTECTED_READ = "protected-read"
    PROTECTION_DECIDE = "protection-decide"
    STATISTICS_READ = "statistics-read"
    PERFORMANCE_READ = "performance-read"
    ACCOUNT_MANAGE = "account-manage"
    PLACE_MANAGE = "place-manage"
    ESTIMATE_MANAGE = "estimate-manage"
    JOB_READ = "job-read"
    AUDIT_READ = "audit-read"


HOLDERS: dict[Permission, frozenset[Role]] = {
    Permission.SIGNED_IN: frozenset(Role),
    Permission.HOUSEHOLD_REGISTER: frozenset({Role.REGISTRAR}),
    Permission.CHILD_FIND: frozenset({Role.REGISTRAR, Role.SUPERVISOR}),
    Permission.CHILD_READ: frozenset({Role.REGISTRAR, Role.SUPERVISOR, Role.PROTECTION_OFFICER}),
    Permission.FILE_CHANGE: frozenset({Role.REGISTRAR, Role.SUPERVISOR}),
    Permission.CORRECTION_DECIDE: frozenset({Role.SUPERVISOR, Role.PROTECTION_OFFICER}),
    Permission.VISIT_RECORD: frozenset({Role.REGISTRAR}),
    Permission.LOOK_UP_ELSEWHERE: frozenset({Role.REGISTRAR, Role.SUPERVISOR}),
    Permission.TRANSFER_WORK: frozenset({Role.REGISTRAR, Role.SUPERVISOR}),
    Permission.CARD_PRINT: frozenset({Role.REGISTRAR, Role.SUPERVISOR}),
    Permission.PAPER_PRINT: frozenset({Role.REGISTRAR, Role.SUPERVISOR}),
    Permission.LEDGER_IMPORT: frozenset({Role.REGISTRAR, Role.SUPERVISOR}),
    Permission.LIST_DOWNLOAD: frozenset({Role.REGISTRAR, Role.SUPERVISOR, Role.OFFICER}),
    Permission.DEPARTMENT_COMPARE: frozenset({Role.SUPERVISOR}),
    Permission.REFERRAL_SEND: frozenset({Role.REGISTRAR}),
    Permission.REFERRAL_WORK: frozenset({Role.OFFICER}),
    Permission.REFERRAL_CHASE: frozenset({Role.SUPERVISOR}),
    Permission.DOSE_ENTER: frozenset({Role.OFFICER}),
    Permission.MATCH_READ: frozenset({Role.SUPERVISOR}),
    Permission.MATCH_DECIDE: frozenset({Role.SUPERVISOR}),
    Permission.RISK_ASSESS: frozenset({Role.REGISTRAR, Role.SUPERVISOR, Role.PROTECTION_OFFICER}),
    Permission.HARM_REPORT: frozenset({Role.REGISTRAR, Role.SUPERVISOR, Role.PROTECTION_OFFICER}),
    Permission.HARM_WORK: frozenset({Role.PROTECTION_OFFICER}),
    Permission.PROTECTED_READ: frozenset({Role.PROTECTION_OFFICER}),
    Permission.PROTECTION_DECIDE: frozenset({Role.PROTECTION_OFFICER}),
    Permission.STATISTICS_READ: frozenset({Role.OFFICIAL}),
    Permission.PERFORMANCE_READ: frozenset({Role.OFFICER, Role.SUPERVISOR, Role.OFFICIAL}),
    Permission.ACCOUNT_MANAGE: frozenset({Role.ADMINISTRATOR}),
    Permission.PLACE_MANAGE: frozenset({Role.ADMINISTRATOR}),
    Permission.ESTIMATE_MANAGE: frozenset({Role.ADMINISTRATOR}),
    Permission.JOB_READ: frozenset({Role.ADMINISTRATOR}),
    Permission.AUDIT_READ: frozenset({Role.AUDITOR}),
}
OPENS_FILES = frozenset({Role.REGISTRAR, Role.SUPERVISOR, Role.PROTECTION_OFFICER})
STAFF_NAMES = frozenset({"user.name"})
# Which service was asked and what the office answered. Which referrals it sees at all is decided by their queries.
ANSWERS = frozenset(
    {
        *("referral.confidential", "referral.outcome"),
        *("referral_step.outcome", "referral_step.reason", "referral_step.details"),
    }
)


@dataclass(frozen=True)
class Viewer:
    """Who looks: the account, its role, its area, and which sealed fields may be opened for it.

    `area_code`: the 12-digit area of the office. `prefixes`: division prefixes of that area, former codes
    included. `opens`: sealed fields such as "child.name"; None opens all of them (file keepers), a set opens
    only its members. `acting_for`: the account whose deputy the viewer is just now, None for who acts for itself.
    """

    user_id: UUID
    role: Role
    office_id: UUID
    area_code: str
    prefixes: tuple[str, ...]
    opens: frozenset[str] | None = STAFF_NAMES
    language: str = "zh"
    acting_for: UUID | None = None

    def may(self, permission: Permission) -> bool:
        """Say whether the viewer's role holds a permission."""
        return permission is Permission.PUBLIC or self.role in HOLDERS[permission]

    def covers(self, area_code: str) -> bool:
        """Say whether a 12-digit area lies inside the viewer's own."""
        return area_code.startswith(self.prefixes)

    def opening(self, fields: frozenset[str]) -> Viewer:
        """Return the same viewer, who may open these sealed fields of a child and no other (a referral's, say)."""
        return replace(self, opens=fields | STAFF_NAMES | ANSWERS)


def viewer_for(
    *, user_id: UUID, role: Role, office_id: UUID, area_code: str, prefixes: tuple[str, ...], language: str
) -> Viewer:
    """Return the viewer of a signed-in account: file keepers open files, officers what offices answered."""
    opens = None if role in OPENS_FILES else STAFF_NAMES | ANSWERS if role is Role.OFFICER else STAFF_NAMES
    return Viewer(user_id, role, office_id, area_code, prefixes, opens, language)


def allows(permission: Permission) -> Callable[[View], View]:
    """Stamp a view with the permission it needs. An unstamped view answers 403 to everybody."""

    def stamp(view: View) -> View:
        setattr(view, ACCESS, permission)
        return view

    return stamp


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    """Return what the view of an endpoint was stamped with, or None."""
    stamped: Permission | None = getattr(app.view_functions.get(endpoint), ACCESS, None)
    return stamped


def current_viewer() -> Viewer:
    """Return who looks; behind the guard there is always somebody, except on public pages (then 403)."""
    viewer: Viewer | None = g.get("viewer")
    if viewer is None:
        abort(403)
    return viewer


def outside_scope() -> NoReturn:
    """Answer as if the thing did not exist, and have the attempt recorded."""
    g.refused = "scope"
    abort(404)


def guard() -> BaseResponse | None:
    """Let a request pass only with the permission that its view declares."""
    if request.endpoint is None:
        return None  # no such page: the router answers 404 or 405
    needed = permission_of(current_app, request.endpoint)
    if needed is None:
        g.refused = "undeclared"
        abort(403)
    if needed is Permission.PUBLIC:
        return None
    viewer: Viewer | None = g.get("viewer")
    if viewer is None:
        return redirect(url_for("accounts.sign_in", next=_page_to_return_to()))
    if not viewer.may(needed):
        g.refused = "permission"
        abort(403)
    return None


def _page_to_return_to() -> str | None:
    """Only paths are kept: nothing personal is ever in one."""
    return request.path if request.path != "/" else None


def init_app(app: Flask) -> None:
    """Put the guard before every request; a static file is public."""
    app.before_request(guard)
    app.view_functions[FILES] = _public(app.view_functions[FILES])


def _public(view: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(view)
    def public(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        return view(*args, **kwargs)

    return allows(Permission.PUBLIC)(public)
