"""What rows of an office's lists show: in each cell only what the service may see of the child."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from registry.areas.queries import names_of
from registry.audit import service as audit
from registry.children.display import age, answer, person
from registry.children.fields import sealed_fields
from registry.i18n import language
from registry.referrals.shown import grade_due, service_name, service_of, situation, visible_fields
from sop.referral import IN_HAND
from sop.services import DOSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markupsafe import Markup

    from registry.access import Viewer
    from registry.referrals.models import Referral


class Cells(NamedTuple):
    """What a row says of the child and of what is asked; None where the service may not see it, or is not about it."""

    name: Markup | None
    sex: str | None
    age: str | None
    grade: str | None
    situation: str | None
    places: list[str]
    service: str
    doses: bool  # whether the office enters doses of this child now


def rows_of(viewer: Viewer, referrals: Sequence[Referral]) -> dict[str, Any]:
    """Return what the template of a list shows of these, and note who was shown; one query.

    `cells`: by the id of the referral; `names`: likewise, the names alone; `wanted`: the cells without which some row
    would say less, so that a list of one service has no column that is always empty or always the same.
    """
    places = _places(referrals)
    cells = {each.id: _cells(viewer, each, places) for each in referrals}
    names = {key: row.name for key, row in cells.items()}
    files = [each.child_id for each in referrals if names[each.id] is not None]
    audit.note("children_listed", viewer=viewer, children=files, list="referrals", shown=len(files))
    wanted = {name for name in ("grade", "situation") if any(getattr(row, name) for row in cells.values())}
    several = {"service"} if len({row.service for row in cells.values()}) > 1 else set()
    return {"cells": cells, "names": names, "wanted_cells": wanted | several}


def _cells(viewer: Viewer, referral: Referral, places: dict[str, list[str]]) -> Cells:
    child, seen = referral.child, frozenset(visible_fields(referral))
    return Cells(
        name=person(child, viewer.opening(sealed_fields(["child.name"]))) if "child.name" in seen else None,
        sex=answer("sex", child.sex) if "child.sex" in seen else None,
        age=age((child.birth_year, child.birth_month)) if "child.birth_date" in seen else None,
        grade=grade_due(referral),
        situation=situation(referral),
        places=places.get(referral.area_code, []) if "child.area" in seen else [],
        service=service_name(referral),
        doses=service_of(referral).about == DOSES and referral.state in IN_HAND,
    )


def _places(referrals: Iterable[Referral]) -> dict[str, list[str]]:
    """Return township and community of each area on the page, in one query."""
    towns = {each.area_code: f"{each.area_code[:9]}000" for each in referrals}
    names = names_of({*towns, *towns.values()}, language())
    return {code: [names[one] for one in (town, code) if one in names] for code, town in towns.items()}
