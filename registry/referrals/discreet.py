"""What a screen held at doors, or a paper that lies about at home, says of a confidential service: not which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from registry.referrals.models import CONFIDENTIAL
from registry.referrals.shown import service_name

if TYPE_CHECKING:
    from registry.referrals.models import Referral


def is_discreet(referral: Referral) -> bool:
    """Say whether neither the service nor its office nor what came of it is told."""
    return referral.service == CONFIDENTIAL


def discreet_name(referral: Referral) -> str:
    """Return the name of the service, where it may be told."""
    return str(_("a confidential service")) if is_discreet(referral) else service_name(referral)
