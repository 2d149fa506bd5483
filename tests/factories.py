"""One factory per thing: complete, invented and valid unless a test says what matters to it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from registry.access import Role, Viewer, viewer_for
from registry.accounts.models import User
from registry.areas.models import Area, Block, Office, OfficeService
from registry.areas.queries import scope_prefixes
from registry.children.models import Child, Episode, Guardianship, Schooling
from registry.children.service import index_entries
from registry.clock import now, today
from registry.database import db
from registry.households.models import Guardian, Household
from registry.referrals import confidential
from registry.referrals.models import Referral
from registry.referrals.steps import set_due
from registry.vault.service import index_child
from sop.identity import BirthDate, check_character
from sop.version import in_force
from tests.client import PASSWORD
from tests.databases import CHEAP_HASHER

if TYPE_CHECKING:
    from datetime import date

    from flask import Flask

COMMUNITY = "320402008901"  # an invented community of Tianning district, Changzhou
ELSEWHERE = "320404001901"  # one of the next district
VILLAGE = "321322117901"  # a village in Shuyang county, Suqian
KINDS = {
    "registrar": "community",
    "supervisor": "township",
    "officer": "education",
    "protection_officer": "civil_affairs",
    "official": "government",
    "administrator": "administration",
    "auditor": "audit",
}
AREAS = {
    "registrar": COMMUNITY,
    "supervisor": COMMUNITY[:9] + "000",
    "officer": COMMUNITY[:6] + "000000",
    "protection_officer": COMMUNITY[:6] + "000000",
    "official": COMMUNITY[:4] + "00000000",
    "administrator": COMMUNITY[:4] + "00000000",
    "auditor": COMMUNITY[:4] + "00000000",
}


def id_number(county: str, birth: date, sequence: int) -> str:
    """Make an invented number with a right check digit; sequences begin at 901, as all invented ones do."""
    body = f"{county}{birth:%Y%m%d}{sequence:03d}"
    return body + check_character(body)


class Factory:
    """Makes rows and commits them, so that a browser sees them. What it returns is detached, with its columns."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.count = itertools.count(1)

    def area(self, code: str = COMMUNITY) -> str:
        """Make an invented community (any other division is there already)."""
        with self.app.app_context():
            if db.session.get(Area, code) is None:
                number = int(code[-3:]) - 900
                names = {"name_zh": f"示例{number}社区", "name_en": f"Example {number}"}
                db.session.add(Area(code=code, level=5, parent_code=code[:9] + "000", **names))
                db.session.commit()
        return code

    def block(self, code: str = COMMUNITY, name: str = "3幢") -> Block:
        self.area(code)
        return self._saved(Block(area_code=code, name_zh=name, name_en=f"Block {name.rstrip('幢')}"))

    def office(
        self,
        kind: str = "community",
        area: str = COMMUNITY,
        *,
        side: str | None = "receiving",
        serves: tuple[tuple[str, str], ...] = (),
    ) -> Office:
        """Make an office; `serves`: (service, area code) that it answers for."""
        self.area(area)
        number = next(self.count)
        office = self._saved(
            Office(
                kind=kind,
                name_zh=f"示例单位{number}",
                name_en=f"Example office {number}",
                area_code=area,
                side=side,
            )
        )
        for service, served in serves:
            self._saved(OfficeService(office_id=office.id, service=service, area_code=self.area(served)))
        return office

    def user(
        self, role: str = "registrar", *, office: Office | None = None, area: str | None = None, **values: Any
    ) -> User:
        """Make an account of a role, with the password of `tests.client.PASSWORD`."""
        office = office or self.office(KINDS[role], area or AREAS[role])
        number = next(self.count)
        defaults = {
            "username": f"user-{number}",
            "name": "王秀芳",
            "role": Role(role).value,
            "office_id": office.id,
            "password_hash": CHEAP_HASHER.hash(PASSWORD),
            "created_at": now(),
        }
        with self.app.app_context():  # sealing needs the vault
            return self._saved(User(**defaults | values))

    def viewer(self, role: str = "registrar", *, user: User | None = None, **office: Any) -> Viewer:
        """Make an account and return what its pages get: its viewer."""
        user = user or self.user(role, **office)
        with self.app.app_context():
            place = db.session.get_one(Office, user.office_id)
            return viewer_for(
                user_id=user.id,
                role=Role(user.role),
                office_id=place.id,
                area_code=place.area_code,
                prefixes=scope_prefixes(place.area_code),
                language="zh",
            )

    def household(self, area: str = COMMUNITY, **values: Any) -> Household:
        """Make a household with one guardian: a mother with a phone."""
        office = values.pop("office", None) or self.office(area=area)
        phone = values.pop("phone", f"1540000{next(self.count):04d}")
        with self.app.app_context():
            home = Household(
                area_code=self.area(area),
                address=values.pop("address", "3幢2单元602室"),
                registered_on=today(),
                office_id=office.id,
                sop_version=in_force(today()).version,
                **values,
            )
            home.guardians = [Guardian(position=1, name="周敏", pinyin="Zhou Min", phone=phone, lives_here=True)]
            db.session.add(home)
            db.session.commit()
            return self._detached(home, "guardians")

    def child(self, *, household: Household | None = None, **values: Any) -> Child:
        """Make a child on file: an episode, a guardianship, a schooling answer and blind indexes.

        Traits: `area`, `flags` (names of the episode's flags), `status` of the episode, `school`, `number` (an ID
        number, or None), `protected`, `side`, `block_id`, `child_status`.
        """
        area = values.pop("area", household.area_code if household else COMMUNITY)
        household = household or self.household(area)
        birth = values.pop("birth", BirthDate(2019, 6, 14))
        number = values.pop("number", id_number("321322", birth.latest, 901 + next(self.count) % 90))
        episode = dict.fromkeys(values.pop("flags", ("migrant_monitoring", "migrant_statistical")), True)
        episode |= {"status": values.pop("status", "active"), "side": values.pop("side", "receiving")}
        episode["block_id"] = values.pop("block_id", None)
        school = values.pop("school", "primary")
        values |= {"status": values.pop("child_status", "registered")}
        with self.app.app_context():
            child = Child(**_identity(birth, number, household) | values)
            child.episodes = [Episode(**_episode(household, area), **episode)]
            child.guardianships = [Guardianship(guardian_id=household.guardians[0].id, relation="52")]
            child.schooling = [Schooling(stage=school, from_month="2025-09", told_by="guardian")]
            db.session.add(child)
            db.session.flush()
            _index(child, birth, number, household)
            db.session.commit()
            return self._detached(child, "episodes")

    def referral(self, child: Child, office: Office, **values: Any) -> Referral:
        """Make a referral of the child to an office, of any service, sent today and not yet accepted."""
        agreed_on = values.pop("agreed_on", None)
        sender = values.pop("from_office", None) or self.office(area=child.episodes[0].area_code)
        defaults = {
            "child_id": child.id,
            "service": "education",
            "office_id": office.id,
            "from_office_id": sender.id,
            "area_code": child.episodes[0].area_code,
            "state": "sent",
            "reasons": [],
            "sent_on": today(),
            "accept_by": today(),
            "answer_by": today(),
            "sop_version": in_force(today()).version,
        }
        with self.app.app_context():  # sealing needs the vault
            row = Referral(**defaults | values)
            set_due(row)
            _address(row, office, agreed_on)
            return self._saved(row)

    def _saved(self, row: Any) -> Any:
        with self.app.app_context():
            db.session.add(row)
            db.session.commit()
            return self._detached(row)

    def _detached(self, row: Any, *loaded: str) -> Any:
        """Let go of a row with its columns, and with these relations of it, loaded."""
        db.session.refresh(row)
        for each in itertools.chain(*(getattr(row, relation) for relation in loaded)):
            db.session.refresh(each)
        db.session.expunge_all()
        return row


def _address(referral: Referral, office: Office, agreed_on: date | None) -> None:
    """Seal which service of which office it is, where that says much about a child."""
    from tests.client import OPENER

    service = in_force(today()).services.get(referral.service)
    if service and service.confidential:
        confidential.write(referral, service, (), agreed_on=agreed_on)
        confidential.address(referral, office, OPENER)


def _identity(birth: BirthDate, number: str | None, household: Household) -> dict[str, Any]:
    return {
        "name": "陈雨桐",
        "pinyin": "Chen Yutong",
        "birth_date": birth,
        "birth_year": birth.year,
        "birth_month": birth.month,
        "sex": "2",
        "ethnic": "01",
        "id_number": number,
        "id_number_answer": "given" if number else "none",
        "hukou_county": "321322000000",
        "hukou": "321322000000",
        "hukou_answer": "given",
        "certificate": "seen",
        "registered_at": now(),
        "registered_by_office": household.office_id,
        "sop_version": household.sop_version,
    }


def _episode(household: Household, area: str) -> dict[str, Any]:
    return {
        "household_id": household.id,
        "area_code": area,
        "arrived": BirthDate(2025, 8, 28),
        "arrived_month": "2025-08",
        "circumstances": {"stays": "yes", "guardian_here": "one"},
        "registered_on": today(),
        "source": "home_visit",
        "sop_version": household.sop_version,
    }


def _index(child: Child, birth: BirthDate, number: str | None, household: Household) -> None:
    from tests.client import OPENER

    name, phone = child.name.open(OPENER) or "", household.guardians[0].phone.open(OPENER)
    for kind, values, exclusive in index_entries(name, birth, number, [phone] if phone else []):
        index_child(db.session, child.id, kind, *values, exclusive=exclusive and not child.protected)
