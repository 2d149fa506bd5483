"""Writes families in bulk: rows for many households at once, sealed and indexed as the services would."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from registry.children.card_numbers import draw
from registry.children.facts import facts
from registry.children.models import Child, Episode, Guardianship, Schooling
from registry.children.service import index_entries
from registry.database import uuid7
from registry.households.models import Guardian, Household, NoticeGiven
from registry.matching.models import Match
from registry.names import romanise
from registry.referrals.models import Referral, ReferralStep
from registry.referrals.reasons import kept
from registry.vault.models import BlindIndex
from registry.vault.service import index_rows
from registry.visits.models import Visit, VisitedChild
from seed.demo.histories import (
    SOLVED_SHARE,
    History,
    instant_of,
    open_history,
    referral_rows,
    solved_history,
)
from seed.demo.visiting import add_visits
from sop.eligibility import FLAGS, classify
from sop.identity import is_complete
from sop.referral import State, propose

if TYPE_CHECKING:
    from datetime import date
    from random import Random
    from uuid import UUID

    from sqlalchemy.orm import Session

    from registry.households.answers import GuardianAnswers
    from seed.demo.ids import Ids
    from seed.demo.people import Family, Kid
    from sop.eligibility import Classification
    from sop.referral import Calendar
    from sop.version import Sop

TABLES = (
    Household,
    NoticeGiven,
    Guardian,
    Child,
    Episode,
    Guardianship,
    Schooling,
    BlindIndex,
    Match,
    Referral,
    ReferralStep,
    Visit,
    VisitedChild,
)
MISTYPED_SHARE = 0.003


class Writer:
    """Collects rows and writes them table by table. `write` keeps the number of statements small."""

    def __init__(self, session: Session, sop: Sop, calendar: Calendar, places: Ids, random: Random, on: date) -> None:
        self.session, self.sop, self.calendar = session, sop, calendar
        self.places, self.random, self.on = places, random, on
        self.rows: dict[type, list[dict[str, Any]]] = defaultdict(list)
        self.children = 0
        self.last: tuple[UUID, str] | None = None  # the child before with a number

    def add(self, family: Family, side: str, most: int) -> None:
        """Add a household with its guardians and at most so many children.

        A child outside every definition is left out.
        """
        area = family.community.code
        household, office = uuid7(), self.places.community(area)
        block = self.places.blocks[area][family.block] if family.block is not None else None
        kids = [(kid, self._classified(kid, family)) for kid in family.kids]
        kept = [(kid, decision) for kid, decision in kids if not decision.outside][:most]
        if not kept:
            return
        self.rows[Household].append(
            {
                "id": household,
                "version": 1,
                "area_code": area,
                "block_id": block,
                "address_sealed": Household.address.seal_for(household, family.address),
                "registered_on": family.registered_on,
                "office_id": office,
                "sop_version": self.sop.version,
            }
        )
        self._notice(household, family)
        guardians = [self._guardian(household, place, adult) for place, adult in enumerate(family.adults, 1)]
        for told, decision in kept:
            kid = self._mistyped(told)
            child = self._child(kid, family, office)
            self._episode(child, kid, household, block, family, side, decision)
            self._file(child, kid, family, guardians)

    def write(self) -> None:
        """Insert what was collected, and forget it."""
        add_visits(self.rows, self.places, self.sop, self.on)
        for table in TABLES:
            if self.rows[table]:
                self.session.execute(insert(table), self.rows[table])
        self.session.flush()
        self.rows.clear()

    def _classified(self, kid: Kid, family: Family) -> Classification:
        told = facts(kid.birth, family.community.code, kid.hukou, family.arrived, family.circumstances)
        return classify(self.sop, told, self.on)

    def _mistyped(self, kid: Kid) -> Kid:
        """Now and then somebody types the number of the child before: two files, and a match to decide."""
        if kid.id_number and self.last and self.random.random() < MISTYPED_SHARE:
            return replace(kid, id_number=self.last[1])
        return kid

    def _notice(self, household: UUID, family: Family) -> None:
        self.rows[NoticeGiven].append(
            {
                "id": uuid7(),
                "household_id": household,
                "notice_version": self.sop.notice.version,
                "language": "zh",
                "answer": "agrees",
                "given_at": instant_of(family.registered_on),
                "given_by": self.places.staff[self.places.community(family.community.code)],
            }
        )

    def _guardian(self, household: UUID, position: int, adult: GuardianAnswers) -> tuple[UUID, str]:
        guardian = uuid7()
        self.rows[Guardian].append(
            {
                "id": guardian,
                "version": 1,
                "household_id": household,
                "position": position,
                "name_sealed": Guardian.name.seal_for(guardian, adult.name),
                "name_answer": adult.name_answer,
                "pinyin_sealed": Guardian.pinyin.seal_for(guardian, romanise(adult.name or "")),
                "phone_sealed": Guardian.phone.seal_for(guardian, adult.phone),
                "phone_answer": adult.phone_answer,
                "lives_here": adult.lives_here == "yes",
                "lives_here_answer": adult.lives_here,
            }
        )
        return guardian, adult.relation

    def _child(self, kid: Kid, family: Family, office: UUID) -> UUID:
        child = uuid7()
        card = draw(family.community.code, family.registered_on, self.random.choice)
        self.children += 1
        self.rows[Child].append(
            {
                "id": child,
                "version": 1,
                "name_sealed": Child.name.seal_for(child, kid.name),
                "pinyin_sealed": Child.pinyin.seal_for(child, romanise(kid.name)),
                "birth_date_sealed": Child.birth_date.seal_for(child, kid.birth),
                "birth_year": kid.birth.year,
                "birth_month": kid.birth.month,
                "sex": kid.sex,
                "ethnic_sealed": Child.ethnic.seal_for(child, kid.ethnic),
                "id_number_sealed": Child.id_number.seal_for(child, kid.id_number),
                "id_number_answer": kid.id_number_answer,
                "hukou_county": kid.hukou,
                "hukou_sealed": Child.hukou.seal_for(child, kid.hukou),
                "hukou_answer": kid.hukou_answer,
                "card_number_sealed": Child.card_number.seal_for(child, card),
                "certificate": kid.certificate,
                "status": "registered",
                "protected": False,
                "registered_at": instant_of(family.registered_on),
                "registered_by_office": office,
                "sop_version": self.sop.version,
            }
        )
        self._indexes(child, kid, family)
        self.rows[BlindIndex] += index_rows(child, "card", card, exclusive=True)
        if kid.id_number:
            self._match(child, kid.id_number, family)
            self.last = child, kid.id_number
        return child

    def _match(self, child: UUID, number: str, family: Family) -> None:
        if self.last and self.last[1] == number:
            self.rows[Match].append(
                {
                    "id": uuid7(),
                    "child_id": child,
                    "other_child_id": self.last[0],
                    "area_code": family.community.code,
                    "reason": "same_number",
                    "protected": False,
                    "raised_at": instant_of(family.registered_on),
                }
            )

    def _indexes(self, child: UUID, kid: Kid, family: Family) -> None:
        phones = [adult.phone for adult in family.adults if adult.phone]
        for kind, values, exclusive in index_entries(kid.name, kid.birth, kid.id_number, phones):
            self.rows[BlindIndex] += index_rows(child, kind, *values, exclusive=exclusive)

    def _episode(
        self,
        child: UUID,
        kid: Kid,
        household: UUID,
        block: UUID | None,
        family: Family,
        side: str,
        decision: Classification,
    ) -> None:
        episode = uuid7()
        flags = {flag.code for flag in decision.flags}
        self.rows[Episode].append(
            {
                "id": episode,
                "version": 1,
                "child_id": child,
                "household_id": household,
                "area_code": family.community.code,
                "block_id": block,
                "side": side,
                "status": "active" if is_complete(kid.name, kid.birth, kid.id_number_answer) else "pending",
                **{flag: flag in flags for flag in FLAGS},
                "changes_month": f"{decision.changes_on:%Y-%m}" if decision.changes_on else None,
                "arrived_sealed": Episode.arrived.seal_for(episode, family.arrived),
                "arrived_month": family.arrived.iso[:7] if family.arrived else None,
                "circumstances_sealed": Episode.circumstances.seal_for(episode, family.circumstances),
                "registered_on": family.registered_on,
                "source": "home_visit",
                "sop_version": self.sop.version,
            }
        )

    def _file(self, child: UUID, kid: Kid, family: Family, guardians: list[tuple[UUID, str]]) -> None:
        self.rows[Guardianship] += [
            {"id": uuid7(), "child_id": child, "guardian_id": guardian, "relation": relation}
            for guardian, relation in guardians
        ]
        told = "guardian"
        for history, reasons in self._histories(kid, family):
            referral, steps = referral_rows(history, reasons, child, self.places, family.community.code, self.sop)
            self.rows[Referral].append(referral)
            self.rows[ReferralStep] += steps
            if history.service.code == "education" and history.state is State.CLOSED and kid.school != "none":
                told = "office"
        self.rows[Schooling].append(
            {
                "id": uuid7(),
                "child_id": child,
                "stage": kid.school,
                "from_month": f"{family.registered_on:%Y-%m}",
                "told_by": told,
            }
        )

    def _histories(self, kid: Kid, family: Family) -> list[tuple[History, list[dict[str, Any]]]]:
        """Make referrals for today's needs (most of them were sent), and some that were solved before."""
        needs = {p.service: p for p in propose(self.sop, kid.birth, kid.school, kid.certificate, self.on)}
        answered = {
            "education": kid.school in ("kindergarten", "primary", "junior"),
            "vaccination": kid.certificate == "seen",
        }
        made = []
        for code, service in self.sop.services.items():
            arguments = (service, self.calendar, self.on)
            if code in needs and self.random.random() < 0.85:
                history = open_history(self.random, self.sop, *arguments, family.registered_on)
                made.append((history, kept(needs[code].reasons)))
            elif code not in needs and answered[code] and self.random.random() < SOLVED_SHARE:
                history = solved_history(self.random, *arguments, kid.school, family.registered_on)
                made.append((history, []))
        return made
