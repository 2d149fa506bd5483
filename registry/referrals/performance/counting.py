"""Counting how offices perform, in the nightly round: what statistics read, so that no page counts referrals."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from flask import current_app
from sqlalchemy import delete, insert, or_, select, text
from sqlalchemy.orm import Session

from registry.areas.codes import TOWNSHIP, county_of, full
from registry.areas.offices import every_office
from registry.clock import local, midnight
from registry.database import db, reading, uuid7
from registry.jobs.service import Batch, Reader
from registry.referrals.calendar import working_calendar
from registry.referrals.confidential import OF_OFFICE
from registry.referrals.models import CONFIDENTIAL, HANDED_ON, Performance, Referral, ReferralStep
from registry.vault.service import tokens_of
from sop import performance
from sop.performance import Referred, counts_of, month_of, months_until, working_days
from sop.referral import OPEN_STATES, State
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Offices = dict[UUID, tuple[str, str]]  # kind and area
    Key = tuple[UUID, str, str, str, str, str]  # office, service, area, month, measure, what of it

JOB: Final = "referral-performance"
OF_NIGHT: Final = "referrals_handed_on"
MONTHS: Final = 13  # the present one, and the twelve before it
OFFICES_AT_ONCE: Final = 100  # most have received nothing; of each all rows are replaced in one act
READER: Final = Reader(frozenset({"referral.outcome", "referral_step.details"}))
BLOCK: Final = 4096  # bytes: a row of confidential counts is as long as others, however much it counts
CITY: Final = 4  # digits
COLUMNS: Final = (
    *(Referral.id, Referral.office_id, Referral.office_token, Referral.service, Referral.area_code, Referral.state),
    *(Referral.sent_on, Referral.accepted_on, Referral.closed_on, Referral.due_on, Referral.outcome_kind),
    Referral.outcome_sealed,
)


class Place(NamedTuple):
    """Under what something is counted: `area_code` is the town, of confidential services the county."""

    office_id: UUID
    service: str
    area_code: str


def perform(on: date, after: UUID | None) -> Batch:
    """Count anew what some offices have done in the last 13 months, and what is open and overdue there on a day.

    Reads beside whoever works: SQLite's lock for writing is taken only to replace the rows.
    """
    with reading(), Session(db.engine) as session:
        found = session.execute(every_office(after, OFFICES_AT_ONCE + 1)).all()
        offices: Offices = {office_id: (kind, area) for office_id, kind, area in found[:OFFICES_AT_ONCE]}
        handed_on = _of_the_night(session, on, anew=after is None)
        counts = Counter(_counted(session, offices, on))
        counts.update({key: number for key, number in handed_on.items() if key[0] in offices})
    _replace(offices, counts, on)
    return Batch(len(offices), found[OFFICES_AT_ONCE - 1][0] if len(found) > OFFICES_AT_ONCE else None)


def _counted(session: Session, offices: Offices, on: date) -> Iterator[Key]:
    first = _first_day(on)
    tokens = {token: office_id for office_id in offices for token in tokens_of(OF_OFFICE, office_id.hex)}
    rows = session.execute(
        select(*COLUMNS).where(
            or_(Referral.office_id.in_(offices), Referral.office_token.in_(tokens)),
            or_(Referral.sent_on >= first, Referral.closed_on >= first, Referral.state.in_(OPEN_STATES)),
            Referral.sent_on.is_not(None),  # of a draft there is nothing to count
        )
    ).all()
    outcomes, between = _outcomes(rows), working_days(working_calendar())
    for row in rows:
        place = _place(row.office_id or tokens[row.office_token], row.service, row.area_code)
        dates = row.sent_on, row.accepted_on, row.closed_on, row.due_on
        referred = Referred(row.state, *dates, row.outcome_kind, outcomes.get(row.id))
        yield from ((*place, *each) for each in counts_of(referred, on, between))


def _outcomes(rows: Iterable[Any]) -> dict[UUID, str]:
    """Open the outcomes of what was closed; those of confidential services are told apart by nobody."""
    closed = [
        (row.id, row.outcome_sealed)
        for row in rows
        if row.state == State.CLOSED and row.service != CONFIDENTIAL and row.outcome_sealed
    ]
    opened = Referral.outcome.open_each(((row_id.bytes, sealed) for row_id, sealed in closed), READER)
    return dict(zip((row_id for row_id, _sealed in closed), opened, strict=True))


def _first_day(on: date) -> date:
    return date.fromisoformat(f"{months_until(on, MONTHS)[0]}-01")


def _of_the_night(session: Session, on: date, *, anew: bool) -> Counter[Key]:
    """Return what was handed on, by all offices: read once a night, and once more by whoever goes on after an end."""
    kept: tuple[date, Counter[Key]] | None = current_app.extensions.get(OF_NIGHT)
    if anew or kept is None or kept[0] != on:
        kept = current_app.extensions[OF_NIGHT] = on, Counter(_handed_on(session, _first_day(on)))
    return kept[1]


def _handed_on(session: Session, first: date) -> Iterator[Key]:
    """Yield what was passed on, by the office that had it: a referral itself knows only the one that it went to."""
    rows = session.execute(
        select(ReferralStep.id, ReferralStep.details_sealed, ReferralStep.at, Referral.service, Referral.area_code)
        .join(Referral, Referral.id == ReferralStep.referral_id)
        .where(text(HANDED_ON), ReferralStep.at >= midnight(first))
        .where(ReferralStep.details_sealed.is_not(None))
    ).all()
    details: Any = ReferralStep.details.open_each(((row.id.bytes, row.details_sealed) for row in rows), READER)
    for row, told in zip(rows, details, strict=True):
        place = _place(UUID(told["from"]), row.service, row.area_code)
        yield *place, month_of(local(row.at)), performance.HANDED_ON, performance.ALL


def _place(office_id: UUID, service: str, area_code: str) -> Place:
    town = full(area_code[:TOWNSHIP])
    return Place(office_id, service, county_of(area_code) if service == CONFIDENTIAL else town)


def _replace(offices: Offices, counts: Counter[Key], on: date) -> None:
    """Write the counts in place of those of the night before: done twice they are the same."""
    kept = months_until(on, MONTHS)
    tree: dict[tuple[Place, str], dict[str, dict[str, int]]] = {}
    for (office_id, service, area_code, month, measure, what), number in sorted(counts.items()):
        if month in kept:
            place = Place(office_id, service, area_code)
            tree.setdefault((place, month), {}).setdefault(measure, {})[what] = number
    db.session.execute(
        delete(Performance).where(Performance.office_id.in_(offices)).execution_options(synchronize_session=False)
    )
    rows = [_row(place, month, told) for (place, month), told in tree.items() if place.service != CONFIDENTIAL]
    rows += [_confidential_row(office_id, offices, tree) for office_id in _may_be_asked(offices, tree, on)]
    if rows:
        db.session.execute(insert(Performance), rows)


def _row(place: Place, month: str, told: Any) -> dict[str, Any]:  # noqa: ANN401 -- as JSON
    row_id = uuid7()
    sealed = Performance.counts.seal_for(row_id, told)
    return {"id": row_id, **place._asdict(), "month": month, "counts_sealed": sealed}


def _may_be_asked(offices: Offices, tree: Iterable[tuple[Place, str]], on: date) -> list[UUID]:
    """Return the offices that have a row of confidential counts: that it is there tells nothing of them."""
    services = in_force(on).services.values()
    kinds = {kind for service in services if service.confidential for kind in service.office_kinds}
    asked = {place.office_id for place, _month in tree if place.service == CONFIDENTIAL}
    return [office_id for office_id, (kind, _area) in offices.items() if kind in kinds or office_id in asked]


def _confidential_row(office_id: UUID, offices: Offices, tree: dict[tuple[Place, str], Any]) -> dict[str, Any]:
    counts: dict[str, Any] = {}
    for (place, month), told in tree.items():
        if place.office_id == office_id and place.service == CONFIDENTIAL:
            counts.setdefault(place.area_code, {})[month] = told
    filling = " " * (-len(json.dumps(counts, separators=(",", ":"))) % BLOCK)
    city = full(offices[office_id][1][:CITY])
    return _row(Place(office_id, CONFIDENTIAL, city), "", {"counts": counts, "filling": filling})
