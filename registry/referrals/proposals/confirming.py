"""Verbs of proposals: the registrar sends what is proposed, withdraws what is no longer needed, or says why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from registry.access import outside_scope
from registry.audit import service as audit
from registry.children import following
from registry.children.queries import hold_together
from registry.referrals import confidential
from registry.referrals.ending import withdraw_all
from registry.referrals.errors import StaleVersionError
from registry.referrals.moving import check_reason
from registry.referrals.proposals import proposal_list
from registry.referrals.proposals.proposing import DECLINED, REFER, WITHDRAW
from registry.referrals.service import Wish, check_agreed, send_all
from sop.content import Reason
from sop.referral import ASKED
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.referrals.models import Proposal

NOT_NEEDED: Final = "not_needed"  # of `withdraw_reason`
BECAUSE_ASKED: Final = (Reason(ASKED, {}),)


@dataclass
class Done:
    """What became of a confirmation: how many were done; had changed meanwhile; had been done; have no office."""

    done: int = 0
    changed: int = 0
    already: int = 0
    unserved: int = 0


def send_proposed(
    viewer: Viewer, seen: Mapping[UUID, int], agreed: Collection[UUID], offered: Collection[UUID], on: date
) -> Done:
    """Send what is proposed, in a constant number of statements.

    `seen`: the version of each that the page showed; `agreed`: to which guardians agree; `offered`: for which that was
    offered that comes first. What has changed since is not sent, what is there no more was sent or declined before, and
    both are told. Raises NotAgreedError, with the ids, before anything is sent. 404 where a child is not the viewer's.
    """
    hold_together(proposal_list.children_of(seen))
    rows, done = _held(viewer, seen, REFER)
    wishes = {key: _wish(viewer, row, key in agreed, key in offered) for key, row in rows.items()}
    check_agreed(wishes, on)
    return _send(viewer, list(wishes.values()), on, done)


def send_wished(viewer: Viewer, child_id: UUID, wishes: Iterable[Wish], on: date) -> Done:
    """Send for one child what is proposed and what its family asks for.

    Whoever calls has checked that the viewer may change the file, and that it lives in the area of the wishes. Raises
    NotAgreedError, with the services, before anything is sent.
    """
    those = list(wishes)
    check_agreed({each.service: each for each in those}, on)
    hold_together([child_id])
    return _send(viewer, those, on, Done())


def withdraw_proposed(viewer: Viewer, seen: Mapping[UUID, int], on: date) -> Done:
    """Withdraw referrals of the viewer's office that the facts no longer justify; otherwise as `send_proposed`."""
    referrals = proposal_list.held_to_withdraw(viewer, seen)
    rows, done = _held(viewer, seen, WITHDRAW)
    those = [referrals[row.referral_id] for row in rows.values() if row.referral_id in referrals]
    withdraw_all(viewer, those, NOT_NEEDED, on)
    following.changed(viewer, {each.child_id for each in those})
    done.done, done.already = len(those), done.already + len(rows) - len(those)
    return done


def decline(viewer: Viewer, proposal_id: UUID, version: int, reason: str, on: date) -> None:
    """Say why a proposal is not followed; it stays so until a new reason joins those that it rests on.

    `reason`: of the list `decline_reason`. To keep what another office has sent is that office's to say. Raises
    UnfitAnswerError ("reason"), StaleVersionError; 404 as above.
    """
    check_reason(in_force(on), "decline_reason", reason)
    found = proposal_list.held(viewer, [proposal_id], REFER) | proposal_list.held(viewer, [proposal_id], WITHDRAW)
    row = found.get(proposal_id)
    if row is None and proposal_list.elsewhere(viewer, [proposal_id]):
        outside_scope()
    if row is None or row.version != version:
        raise StaleVersionError
    row.state, row.version = DECLINED, row.version + 1
    row.declined_by, row.declined_reason = viewer.user_id, reason
    told = {"service": row.service, "reason": reason}
    audit.record("proposal_declined", viewer=viewer, children=[row.child_id], **told)


def _held(viewer: Viewer, seen: Mapping[UUID, int], kind: str) -> tuple[dict[UUID, Proposal], Done]:
    rows = proposal_list.held(viewer, seen, kind)
    missing = seen.keys() - rows.keys()
    if missing and proposal_list.elsewhere(viewer, missing):
        outside_scope()
    fresh = {key: row for key, row in rows.items() if row.version == seen[key]}
    return fresh, Done(changed=len(rows) - len(fresh), already=len(missing))


def _wish(viewer: Viewer, row: Proposal, agreed: bool, offered: bool) -> Wish:
    asked = confidential.code_of(row, viewer), confidential.reasons_of(row, viewer)
    return Wish(row.child_id, *asked, row.area_code, agreed, offered)


def _send(viewer: Viewer, wishes: list[Wish], on: date, done: Done) -> Done:
    sent = send_all(viewer, wishes, on)
    following.changed(viewer, {each.child_id for each in wishes})
    done.done, done.already, done.unserved = len(sent.referrals), done.already + sent.already, sent.unserved
    return done
