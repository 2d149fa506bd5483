"""Which role fits an office of which kind. Not for officials to change: it decides who may see children at all."""

from __future__ import annotations

from typing import Final

from registry.access import Role

# A police station has officers only, who see the children referred to it: never an area's list, never statistics.
KINDS: Final[dict[Role, frozenset[str]]] = {
    Role.REGISTRAR: frozenset({"community", "village", "community_centre"}),
    Role.SUPERVISOR: frozenset({"township", "civil_affairs", "government"}),
    Role.OFFICER: frozenset(
        {
            *("education", "clinic", "police", "civil_affairs", "health"),
            *("insurance", "disability", "legal_aid", "community_centre"),
        }
    ),
    Role.PROTECTION_OFFICER: frozenset({"civil_affairs"}),
    Role.OFFICIAL: frozenset({"government", "township", "education", "health", "civil_affairs"}),
    Role.ADMINISTRATOR: frozenset({"administration"}),
    Role.AUDITOR: frozenset({"audit"}),
}


def fits(role: str, office_kind: str) -> bool:
    """Say whether an account of this role may be at an office of this kind."""
    return office_kind in KINDS[Role(role)]
