"""Which children count as registered: the rule by which they are counted in full, as the triggers count them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import String, cast, func, select

from registry.children.models import Child, Episode
from sop.indicators import POPULATIONS
from sop.status import ON_THE_REGISTER, ChildStatus

if TYPE_CHECKING:
    from sqlalchemy import Select


def counted() -> Select[Any]:
    """Return one row for each child on the register: area_code, sex, month of birth, populations.

    And `month`, of the day of registering: when a child came to be counted as it is nobody knows any more.
    The latest episode says where: its status is on the register, and the child has not grown up, died or been merged.
    Protected files are counted too. The triggers of migration 0005 say the same; a change of one is a change of both.
    """
    return (
        select(
            Episode.area_code,
            func.substr(cast(Episode.registered_on, String), 1, len("2026-11")).label("month"),
            Child.sex,
            Child.birth_year,
            Child.birth_month,
            *(getattr(Episode, name) for name in POPULATIONS),
        )
        .join(Child, Child.id == Episode.child_id)
        .where(
            Episode.latest,
            Episode.status.in_(ON_THE_REGISTER),
            Child.status == ChildStatus.REGISTERED,
            Child.merged_into.is_(None),
        )
    )
