"""What people do in the pages of protection, as tests do it: report, note whom was told, ask, decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from registry.database import db
from registry.protection.models import HarmReport, ProtectionRequest
from tests.factories import COMMUNITY

if TYPE_CHECKING:
    from flask import Flask

    from registry.accounts.models import User
    from registry.children.models import Child
    from tests.client import Client, Page
    from tests.factories import Factory

SEEN = "手臂多处淤青，问起来只是摇头"
CALLED = "十点四十分，接线员姓欧阳"
DESCRIBED = "穿红外套的男孩，约八岁，住三号楼"
TOLD = {
    "urgency": "not_now",
    "kinds": ["physical", "neglect"],
    "happened": SEEN,
    "phoned": ["police"],
    "phoned_how": CALLED,
}
BODIES = ("public_security", "civil_affairs", "education")


def form_of(browser: Client, child: Child) -> Page:
    """Open the form from the child's own page after the visit."""
    return browser.get(f"/after-visit/{child.id}").submit(form="form[action='/after-visit/report']", status=200)


def report(browser: Client, child: Child | None = None, **told: Any) -> Page:
    """Report harm to a child on file, else to one described in words; returns the page that follows."""
    page = form_of(browser, child) if child else browser.get("/after-visit/report")
    described = {} if child else {"described": DESCRIBED}
    return page.submit(TOLD | described | told)


def reports(app: Flask) -> list[HarmReport]:
    """Return all reports."""
    with app.app_context():
        return list(db.session.scalars(select(HarmReport).order_by(HarmReport.id)))


def tell(browser: Client, path: str, body: str, **told: Any) -> Page:
    """Note on the page of a report that a body was told."""
    return browser.get(path).submit({"recipient": body, "way": "书面，值班民警签收", "clock": "00:00"} | told)


def registrar_of(make: Factory, area: str = COMMUNITY) -> User:
    """Return a registrar of a community, who may be named as a reader."""
    return make.user("registrar", area=area)


def ask(browser: Client, child: Child, registrar: User | None = None, **wish: Any) -> Page:
    """Ask to protect a file, or without a registrar to lift the mark."""
    named: dict[str, Any] = {"registrar": registrar.id, "reason": "violence"} if registrar else {"reason": "ended"}
    return browser.get(f"/protection/files/{child.id}").submit(named | wish)


def decide(browser: Client, decision: str) -> Page:
    """Press a button of the first request that waits."""
    return browser.get("/protection/files").submit(
        button=("decision", decision), form=f"form:has(button[value='{decision}'])"
    )


def requests(app: Flask) -> list[ProtectionRequest]:
    """Return all requests."""
    with app.app_context():
        return list(db.session.scalars(select(ProtectionRequest).order_by(ProtectionRequest.id)))


def protect(make: Factory, client_as: Any, child: Child, area: str = COMMUNITY) -> User:
    """Protect a file as two officers do; returns its registrar."""
    registrar = registrar_of(make, area)
    assert ask(client_as("protection_officer", area=f"{area[:6]}000000"), child, registrar).status == 200
    assert decide(client_as("protection_officer", area=f"{area[:6]}000000"), "confirmed").status == 200
    return registrar
