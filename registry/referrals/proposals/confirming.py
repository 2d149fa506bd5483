"""Verbs of proposals: the registrar sends what is proposed, withdraws what is no longer needed, or says why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from registry.access import outside_scope
from registry.audit import service as audit
from registry.children import following
from registry.referrals import confidential, moving
from registry.referrals.errors import AlreadyOpenError, NoOfficeError, NotAgreedError, StaleVersionError
from registry.referrals.moving import check_reason
from registry.referrals.proposals import proposal_list
from registry.referrals.proposals.proposing import DECLINED, REFER, WITHDRAW
from registry.referrals.queries import held as held_referral
from registry.referrals.service import send
from sop.content import Reason
from sop.referral import ASKED, OPEN_STATES
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.referrals.models import Proposal

NOT_NEEDED: Final = "not_needed"  # of `withdraw_reason`
BECAUSE_ASKED: Final = (Reason(ASKED, {}),)


class Wish(NamedTuple):
    """A service that is to be asked for a child, and whether the guardian agrees to it."""

    service: str
    reasons: tuple[Reason, ...]
    agreed: bool


@dataclass
class Done:
    """What became of a confirmation: how many were done; had changed meanwhile; had been done; have no office."""

    done: int = 0
    changed: int = 0
    already: int = 0
    unserved: int = 0


def send_proposed(viewer: Viewer, seen: Mapping[UUID, int], agreed: Collection[UUID], on: date) -> Done:
    """Send what is proposed. `seen`: the version of each that the page showed; `agreed`: to which guardians agree.

    What has changed since is not sent, what is there no more was sent or declined before, and both are told. Raises
    NotAgreedError, with the ids, before anything is sent. 404 where a child is not the viewer's to see.
    """
    rows, done = _held(viewer, seen, REFER)
    asked: dict[object, Wish] = {key: Wish(*_asked(viewer, row), key in agreed) for key, row in rows.items()}
    check_agreed(asked, on)
    for key, row in rows.items():
        _send(viewer, row.child_id, asked[key], row.area_code, on, done)
    following.changed(viewer, {row.child_id for row in rows.values()})
    return done


def send_wished(viewer: Viewer, child_id: UUID, wishes: Iterable[Wish], area_code: str, on: date) -> Done:
    """Send for one child what is proposed and what its family asks for.

    Whoever calls has checked that the viewer may change the file, and that it lives in `area_code`. Raises
    NotAgreedError, with the services, before anything is sent.
    """
    done, those = Done(), list(wishes)
    check_agreed({each.service: each for each in those}, on)
    for each in those:
        _send(viewer, child_id, each, area_code, on, done)
    following.changed(viewer, [child_id])
    return done


def withdraw_proposed(viewer: Viewer, seen: Mapping[UUID, int], on: date) -> Done:
    """Withdraw referrals of the viewer's office that the facts no longer justify; otherwise as `send_proposed`."""
    rows, done = _held(viewer, seen, WITHDRAW)
    for row in rows.values():
        if row.referral_id is None:
            continue
        referral = held_referral(viewer, row.referral_id)
        if referral.state in OPEN_STATES:
            moving.withdraw(viewer, referral.id, referral.version, NOT_NEEDED, on)
            done.done += 1
        else:
            done.already += 1
    return done


def decline(viewer: Viewer, proposal_id: UUID, version: int, reason: str, on: date) -> None:
    """Say why a proposal is not followed; it stays so until a new reason joins those that it rests on.

    `reason`: of the list `decline_reason`. Raises UnfitAnswerError ("reason"), StaleVersionError; 404 as above.
    """
    check_reason("decline_reason", reason, on)
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


def check_agreed(wishes: Mapping[object, Wish], on: date) -> None:
    """Raise NotAgreedError with the keys of those to which the guardian has to agree and did not."""
    services = in_force(on).services
    missing = [key for key, each in wishes.items() if services[each.service].needs_agreement and not each.agreed]
    if missing:
        raise NotAgreedError(*missing)


def _held(viewer: Viewer, seen: Mapping[UUID, int], kind: str) -> tuple[dict[UUID, Proposal], Done]:
    rows = proposal_list.held(viewer, seen, kind)
    missing = seen.keys() - rows.keys()
    if missing and proposal_list.elsewhere(viewer, missing):
        outside_scope()
    fresh = {key: row for key, row in rows.items() if row.version == seen[key]}
    return fresh, Done(changed=len(rows) - len(fresh), already=len(missing))


def _asked(viewer: Viewer, row: Proposal) -> tuple[str, tuple[Reason, ...]]:
    return confidential.code_of(row, viewer), confidential.reasons_of(row, viewer)


def _send(viewer: Viewer, child_id: UUID, wish: Wish, area_code: str, on: date, done: Done) -> None:
    try:
        send(viewer, child_id, wish.service, wish.reasons, area_code, on, agreed=wish.agreed)
    except AlreadyOpenError:
        done.already += 1
    except NoOfficeError:
        done.unserved += 1
    else:
        done.done += 1
