"""The roles in words, for the pages that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from registry.access import Role

if TYPE_CHECKING:
    from flask_babel import LazyString

ROLES: dict[str, LazyString] = {
    Role.REGISTRAR: _l("Registrar"),
    Role.SUPERVISOR: _l("Supervisor"),
    Role.OFFICER: _l("Service officer"),
    Role.PROTECTION_OFFICER: _l("Protection officer"),
    Role.OFFICIAL: _l("Official"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.AUDITOR: _l("Auditor"),
}


def choices() -> list[tuple[str, str]]:
    """Return every role with its words, as a form offers them."""
    return [(str(role), str(said)) for role, said in ROLES.items()]
