"""Loads the demonstration into an empty database: divisions, offices, accounts, families."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, text, update

from registry import create_app
from registry.accounts.models import User
from registry.accounts.passwords import hash_password
from registry.areas.models import Area, Block, Office, OfficeService
from registry.children.models import Child, Episode
from registry.clock import now
from registry.database import db, uuid7
from registry.installing import install
from registry.referrals.calendar import working_calendar
from registry.vault.models import BlindIndex
from seed.demo.accounts import accounts
from seed.demo.estimates import load_estimates
from seed.demo.ids import Ids
from seed.demo.moves import load_moves
from seed.demo.people import Maker
from seed.demo.places import CITIES, City, Community, communities, home_of, offices
from seed.demo.writer import Writer
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

BATCH = 500  # families in one round of statements
OFFICES_OF_A_CITY = 1000  # at most: their invented numbers do not meet
NOBODY = "no password opens this account"


def load(children: int, seed: int, on: date, password: str, town: str | None = None) -> int:
    """Migrate, load the divisions, and invent this many children; returns how many there are.

    `town`: 9 digits of a township of the demonstration, where all of them live; else they are spread over it.
    """
    with create_app().app_context():
        install()
        session = db.session()
        places = _load_places(session)
        _load_accounts(session, places, password)
        db.session.commit()
        made = _load_families(session, places, children, seed, on, town)
        if town is None:
            load_moves(session, places, on)
        db.session.execute(text("ANALYZE"))  # so that the engine plans for rows it has, not for an empty table
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return made


def _load_families(session: Session, places: Ids, children: int, seed: int, on: date, town: str | None) -> int:
    made, share = 0, 0.0
    for city in CITIES:
        if town is not None and not town.startswith(city.stem):
            continue
        share += 1.0 if town else city.share
        random = Random(f"{seed} {city.name}")
        writer = Writer(session, in_force(on), working_calendar(), places, random, on)
        maker = Maker(random, in_force(on), on, first_phone=(CITIES.index(city) + 1) * 10_000_000)
        towns = [place for place in communities(city) if place.code.startswith(town or city.counties)]
        wanted = round(children * share) - made  # of the running share, so that the cities add up
        while writer.children < wanted:
            for _ in range(BATCH):
                writer.add(maker.family(city, towns), city.side, most=wanted - writer.children)
                if writer.children >= wanted:
                    break
            writer.write()
        if town is None:
            _protect_one(session, places, city)
            keeper = places.staff[places.by_kind["administration", city.stem.ljust(12, "0")]]
            load_estimates(session, city, on, keeper)
        made += writer.children
    return made


def _protect_one(session: Session, places: Ids, city: City) -> None:
    """Protect one file of the home community: only its registrar and the protection officer see it."""
    home = home_of(city).code
    child = session.scalar(select(Episode.child_id).where(Episode.area_code == home).limit(1))
    registrar = places.staff[places.community(home)]
    session.execute(update(Child).where(Child.id == child).values(protected=True, protected_registrar_id=registrar))
    # A protected file does not stand in the way of registering: its identity is not exclusive.
    session.execute(update(BlindIndex).where(BlindIndex.child_id == child).values(exclusive=False))


def _load_places(session: Session) -> Ids:
    places = Ids()
    for city in CITIES:
        towns = communities(city)
        session.execute(
            insert(Area),
            [
                {
                    "code": c.code,
                    "level": 5,
                    "parent_code": c.code[:9] + "000",
                    "name_zh": c.zh,
                    "name_en": c.en,
                }
                for c in towns
            ],
        )
        for community in towns:
            _load_blocks(session, places, community)
        _load_offices(session, places, city)
    return places


def _load_blocks(session: Session, places: Ids, community: Community) -> None:
    ids = places.blocks[community.code] = [uuid7() for _ in community.blocks]
    if ids:
        rows = zip(ids, community.blocks, strict=True)
        session.execute(
            insert(Block),
            [
                {"id": i, "area_code": community.code, "name_zh": zh, "name_en": en, "position": place}
                for place, (i, (zh, en)) in enumerate(rows, start=1)
            ],
        )


def _load_offices(session: Session, places: Ids, city: City) -> None:
    def names(code: str) -> tuple[str, str]:
        area = session.get_one(Area, code)
        return area.name_zh, area.name_en

    first = CITIES.index(city) * OFFICES_OF_A_CITY
    for number, plan in enumerate(offices(city, names), start=first + 1):
        office = Office(
            kind=plan.kind,
            name_zh=plan.zh,
            name_en=plan.en,
            area_code=plan.area,
            side=plan.side,
            phone=f"154 0000 {number:04}",
        )
        session.add(office)
        places.by_kind[plan.kind, plan.area] = office.id
        for service in plan.serves:
            session.add(OfficeService(office_id=office.id, service=service, area_code=plan.area))
            places.services[service, plan.area] = office.id
    session.flush()


def _load_accounts(session: Session, places: Ids, password: str) -> None:
    """Make the accounts that people sign in with, and in each city a closed one for what others did earlier."""
    shared = hash_password(password)
    for city in CITIES:
        for account in accounts(city):
            office = places.by_kind[account.office_kind, account.area]
            user = _user(account.username, account.role, account.name, office, shared)
            places.staff[office] = user.id
            session.add(user)
        home = places.by_kind["administration", city.stem.ljust(12, "0")]
        earlier = _user(f"{city.name}-earlier", "registrar", "示例人员", home, NOBODY, active=False)
        session.add(earlier)
        for (_, area), office in places.by_kind.items():
            if area.startswith(city.stem):
                places.staff.setdefault(office, earlier.id)
    session.flush()


def _user(username: str, role: str, name: str, office: UUID, password_hash: str, *, active: bool = True) -> User:
    return User(
        username=username,
        name=name,
        role=role,
        office_id=office,
        password_hash=password_hash,
        active=active,
        created_at=now(),
    )
