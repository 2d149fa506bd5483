"""Loads the demonstration into an empty database: divisions, offices, accounts, families."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import insert, select, text, update

from registry import create_app
from registry.accounts.models import User
from registry.accounts.passwords import hash_password
from registry.areas.models import Area, Block, Office, OfficeService
from registry.children.models import Child, Episode
from registry.clock import now
from registry.coverage.recounting import rebuild_all
from registry.database import db, uuid7
from registry.installing import install
from registry.jobs.service import kinds_of
from registry.referrals.calendar import working_calendar
from registry.vault.models import BlindIndex
from seed.demo.accounts import accounts
from seed.demo.bulk import resume, suspend
from seed.demo.estimates import load_estimates
from seed.demo.ids import Ids
from seed.demo.moves import load_moves
from seed.demo.people import Maker, Sequences
from seed.demo.places import CITIES, TOWN, City, Community, communities, home_of, offices, residence
from seed.demo.world import World
from seed.demo.writer import TABLES, Writer
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from seed.demo.places import Residence

BATCH = 500  # families in one round of statements, and in one transaction
ENDED_SHARE = 0.06  # of children on the register: so many more were on it, and are no longer
ENDED_SINCE = 420  # days; on that day they were on it
OFFICES_OF_A_CITY = 1000  # at most: their invented numbers do not meet
OF_REFERRALS = "referral-"  # how the names of their nightly work begin
NOBODY = "no password opens this account"


def load(children: int, seed: int, on: date, password: str, in_town: int = 0, *, night: bool = True) -> None:
    """Migrate the database that the settings name, load the divisions, and fill it; see `fill`.

    `night`: its referrals then stand as the round of that night leaves them: climbed, counted, and what rules propose.
    """
    with create_app().app_context():
        install()
        fill(children, seed, on, password, in_town)
        if night:
            work_through(on)
        db.session.remove()
        db.engine.dispose()


def work_through(on: date) -> None:
    """Do what is done each night of referrals, batch by batch as the worker would."""
    for name, each in sorted(kinds_of(current_app).items()):
        after = None
        while each.nightly and name.startswith(OF_REFERRALS):
            after = each.function(on.isoformat(), after).after
            db.session.commit()
            if after is None:
                break


def fill(children: int, seed: int, on: date, password: str, in_town: int = 0) -> None:
    """Invent offices, accounts, and this many children on the register, in a database that is installed and empty.

    `in_town` of them live in the township of the first accounts, which then holds no other file; the others elsewhere.
    Without it they are spread over all cities. Beside them there are files that are no longer on the register.
    Commits batch by batch: whoever calls throws a database away in which this did not come to its end.
    """
    session = db.session()
    places = _load_places(session)
    _load_accounts(session, places, password)
    world = World(in_force(on), working_calendar(), places, on, frozenset(map(home_of, CITIES)))
    suspended = suspend(session.connection(), TABLES)
    _load_families(session, world, children, seed, in_town)
    resume(session.connection(), suspended)
    rebuild_all(session)  # what follows reads counts
    _load_rest(session, world)
    settle(session)


def settle(session: Session) -> None:
    """Let the engine plan for rows it has, not for an empty table; and PostgreSQL read them from indexes alone.

    In a register that grows by itself both happen in the background.
    """
    session.execute(text("ANALYZE"))
    session.commit()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")


def _load_families(session: Session, world: World, children: int, seed: int, in_town: int) -> None:
    made, share, sequences = 0, 0.0, Sequences()
    for city in CITIES:
        random = Random(f"{seed} {city.name}")
        writer = Writer(world, random, city)
        maker = Maker(random, world.sop, world.on, (CITIES.index(city) + 1) * 10_000_000, sequences)
        town = home_of(city).code[:TOWN] if city is CITIES[0] and in_town else None
        if town is not None:
            _load_present(session, writer, maker, residence(city, in_town, town), in_town)
        share += city.share
        wanted = round((children - in_town) * share) - made  # of the running share, so that the cities add up
        _load_present(session, writer, maker, residence(city, wanted, outside=town), wanted)
        _load_ended(session, writer, maker, residence(city, wanted, outside=town), round(wanted * ENDED_SHARE))
        made += wanted


def _load_present(session: Session, writer: Writer, maker: Maker, where: Residence, wanted: int) -> None:
    """Write families with so many children who are on the register."""
    until = writer.children + wanted
    while writer.children < until:
        for _ in range(BATCH):
            writer.add(maker.family(writer.city, where), most=until - writer.children)
            if writer.children >= until:
                break
        _write(session, writer)


def _load_ended(session: Session, writer: Writer, maker: Maker, where: Residence, wanted: int) -> None:
    """Write families with so many children who were on the register on an earlier day, and are no longer."""
    then = writer.world.on - timedelta(days=ENDED_SINCE)
    earlier = maker.as_of(then)
    while writer.ended < wanted:
        writer.add_ended(earlier.family(writer.city, where), then, most=wanted - writer.ended)
        if len(writer.rows[Child]) >= BATCH:
            _write(session, writer)
    _write(session, writer)


def _write(session: Session, writer: Writer) -> None:
    writer.write(session.connection())
    db.session.commit()


def _load_rest(session: Session, world: World) -> None:
    """Add what the services make, and what needs to find what was written."""
    for city in CITIES:
        _protect_one(session, world.places, city)
        keeper = world.places.staff[world.places.by_kind["administration", city.stem.ljust(12, "0")]]
        load_estimates(session, city, world.on, keeper)
    load_moves(session, world.places, world.on)


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
