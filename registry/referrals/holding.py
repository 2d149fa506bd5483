"""The one order in which referrals and proposals are held: by child, then by id, and referrals before proposals.

Who also writes files holds these first (`queries.hold_files`), in the order of their ids.

Whoever holds several keeps to it, by day and in the nightly round, so that no two acts wait for each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from registry.referrals.models import Proposal, Referral


def in_order(rows: Any, model: type[Referral | Proposal]) -> Any:  # noqa: ANN401 -- any select of a model or its columns
    """Return a select that holds the rows of a model until the transaction ends, as they are now.

    Rows that only refer to one are still written meanwhile: a step, a proposal to withdraw it.
    """
    ordered = rows.order_by(None).order_by(model.child_id, model.id)
    return ordered.with_for_update(of=model, key_share=True).execution_options(populate_existing=True)
