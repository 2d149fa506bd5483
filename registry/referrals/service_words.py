"""What pages and letters call the services: each by its name, those that say much about a child by one together."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.clock import today
from registry.i18n import language
from registry.referrals.models import CONFIDENTIAL
from sop.version import in_force


def service_words(code: str) -> str:
    """Return the name of a service, or what all confidential ones are called together (for CONFIDENTIAL)."""
    if code == CONFIDENTIAL:
        return str(_("Confidential services"))
    service = in_force(today()).services.get(code)
    return service.name.in_language(language()) if service else code


def service_choices() -> list[tuple[str, str]]:
    """Return codes and names of the ordinary services, then of the confidential ones as one, for a form."""
    plain = [code for code, service in in_force(today()).services.items() if not service.confidential]
    return [(code, service_words(code)) for code in (*plain, CONFIDENTIAL)]
