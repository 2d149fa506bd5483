"""The blank papers: which there are, what each is called, and each made once for a version of the procedure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import current_app
from flask_babel import lazy_gettext as _l

from registry.clock import today
from registry.paper.said import both
from registry.paper.sheet import Imprint
from registry.reports import full, notice, quick
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask_babel import LazyString

PAPERS: Final[dict[str, LazyString]] = {
    "quick-receiving": quick.TITLES["receiving"],
    "quick-sending": quick.TITLES["sending"],
    "full-receiving": full.TITLES["receiving"],
    "full-sending": full.TITLES["sending"],
    "notice": _l("Notice to guardians, with a slip to tear off"),
}
OTHERS: Final = {"receipt": _l("Receipt of registration"), "file": _l("Copy of a child's file, for the guardian")}
MAKERS: Final[dict[str, Callable[[Imprint], bytes]]] = {
    "quick-receiving": lambda imprint: quick.quick_form("receiving", imprint),
    "quick-sending": lambda imprint: quick.quick_form("sending", imprint),
    "full-receiving": lambda imprint: full.full_form("receiving", imprint),
    "full-sending": lambda imprint: full.full_form("sending", imprint),
    "notice": notice.notice_paper,
}
MADE: Final = "blank_papers"


def paper(name: str, *, sample: bool) -> bytes:
    """Return a blank paper as PDF, by its name in PAPERS. A process makes each once for a version."""
    made: dict[tuple[str, str], bytes] = current_app.extensions.setdefault(MADE, {})
    key = name, in_force(today()).version
    if key not in made:
        made[key] = MAKERS[name](imprint(name, sample=sample))
    return made[key]


def imprint(name: str, *, sample: bool) -> Imprint:
    """Return what stands on every page of a paper."""
    title = (PAPERS | OTHERS)[name]
    return Imprint(both(lambda: title), in_force(today()).version, sample)
