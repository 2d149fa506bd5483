"""A child elsewhere who can be looked up by everything there is, and somebody who looks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from registry.children.elsewhere import look_up
from registry.clock import today
from registry.database import db
from registry.vault.service import index_child
from sop.identity import BirthDate
from sop.version import in_force
from tests.factories import VILLAGE, id_number

if TYPE_CHECKING:
    from registry.access import Viewer
    from registry.children.models import Child
    from tests.factories import Factory

BIRTH = BirthDate(2019, 6, 14)
NUMBER = id_number("321322", date(2019, 6, 14), 905)
PHONE = "15400007755"
CARD = "C321322227K4M2QXR"
LIMIT = in_force(today()).transfers.look_ups_a_day
ASKED: dict[str, tuple[str, ...]] = {
    "card": (CARD,),
    "id_number": (NUMBER,),
    "document": ("11", "K320123456"),
    "name": ("陈雨桐", "2019-06-14", PHONE),
    "identity": (NUMBER, "陈雨桐", "2019-06-14"),
}


def far_child(make: Factory, **values: Any) -> Child:
    """A child of the village, who holds everything that one can be looked up by."""
    area = values.pop("area", VILLAGE)
    child = make.child(household=make.household(area, phone=PHONE), birth=BIRTH, number=NUMBER, **values)
    with make.app.app_context():
        index_child(db.session(), child.id, "card", CARD)
        index_child(db.session(), child.id, "document", "11", "K320123456")
        db.session.commit()
    return child


def asks(viewer: Viewer, by: str = "card", values: tuple[str, ...] | None = None) -> Any:
    return look_up(viewer, by, values or ASKED[by], "moved_here", today())  # type: ignore[arg-type]
