"""What an office that compared particulars could not confirm, and the family was not yet told of or asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from registry.access import current_viewer
from registry.children.history import changed_since
from registry.i18n import language
from registry.referrals.answers import finding
from registry.referrals.shown import service_of, sop_of
from registry.web.filters import listed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from flask import Flask

    from registry.referrals.models import Referral, ReferralStep

UNCONFIRMED: Final = frozenset({"differs", "not_found"})


def to_ask_again(referrals: Iterable[Referral]) -> dict[UUID, str]:
    """Return by referral the items, in words, that the family is to be asked about again; at most three statements.

    Of each child the latest comparison counts, until the family was told of it, and of that what was not put right in
    the file since: who tells the family asks it, and may find that the file is right. Nothing else follows from what
    differs or is not found.
    """
    compared = {each.child_id: each for each in sorted(_comparing(referrals), key=lambda one: one.id)}
    latest = {child_id: each for child_id, each in compared.items() if each.told_at is None}
    steps = finding.last_compared(current_viewer(), (each.id for each in latest.values())) if latest else {}
    open_items = {each.id: _unconfirmed(steps[each.id]) for each in latest.values() if each.id in steps}
    asked = [each for each in latest.values() if open_items.get(each.id)]
    changed = changed_since({each.child_id: steps[each.id].at for each in asked}) if asked else {}
    left = {each: open_items[each.id] - changed.get(each.child_id, set()) for each in asked}
    return {each.id: _named(each, items) for each, items in left.items() if items}


def _comparing(referrals: Iterable[Referral]) -> list[Referral]:
    return [each for each in referrals if each.outcome and service_of(each).items]


def _unconfirmed(step: ReferralStep) -> set[str]:
    details = cast("dict[str, Any]", step.details.open(current_viewer()) or {})
    return {item for item, result in details.get("items", {}).items() if result in UNCONFIRMED}


def _named(referral: Referral, items: set[str]) -> str:
    codes = sop_of(referral).codes["item"]
    return listed(codes.text(item).in_language(language()) for item in service_of(referral).items if item in items)


def init_app(app: Flask) -> None:
    """Add it to what every template may say of a referral: `referral_words.to_ask_again(...)`."""
    cast("dict[str, object]", app.jinja_env.globals["referral_words"])["to_ask_again"] = to_ask_again
