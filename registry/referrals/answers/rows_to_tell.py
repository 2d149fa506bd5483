"""What a list of answers says to whoever brings them: when it came, whom to call, and what to ask again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from registry.children.fields import guardian, spaced
from registry.children.guardianships import present
from registry.children.queries import children_for_service
from registry.referrals.answers import came_back
from registry.referrals.answers.asking_again import to_ask_again
from registry.referrals.models import ReferralStep
from registry.referrals.queries import last_steps

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.models import Child
    from registry.referrals.models import Referral


class RowToTell(NamedTuple):
    """`people`: each guardian with relation, and the phone where one is known; `ask_again`: items, in words."""

    answered_on: date | None
    people: list[tuple[str, str | None]]
    ask_again: str | None


def rows_to_tell(viewer: Viewer, referrals: Sequence[Referral]) -> dict[UUID, RowToTell]:
    """Return by referral what its row says. The viewer's own office sent these; statements: constant."""
    children = children_for_service(each.child_id for each in referrals)
    steps = last_steps((each.id for each in referrals), ReferralStep.outcome_sealed.is_not(None))
    again = to_ask_again(referrals)
    return {
        each.id: RowToTell(
            came_back.answered_on(steps[each.id], viewer) if each.id in steps else None,
            _people(viewer, children[each.child_id]),
            again.get(each.id),
        )
        for each in referrals
    }


def _people(viewer: Viewer, child: Child) -> list[tuple[str, str | None]]:
    opened = [(one, one.guardian.phone.open(viewer)) for one in present(child)]
    return [(guardian(one, viewer), spaced(phone) if phone else None) for one, phone in opened]
