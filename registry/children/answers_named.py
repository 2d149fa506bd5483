"""Single answers of a child's own by the names of their questions, each opened for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from sqlalchemy import select

from registry.children.models import Child, ChildAnswer
from registry.database import db

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date
    from uuid import UUID

    from registry.vault.codecs import JsonValue
    from registry.vault.sealed import Handle, Opener
    from sop.questions import Value


class Answered(NamedTuple):
    """An answer to one question and the day on which it was given; nothing is opened before it is asked for."""

    question: str
    sealed: Handle[JsonValue]
    on: date

    def open(self, viewer: Opener) -> Value | None:
        """Return the answer."""
        told = self.sealed.open(viewer)
        return cast("Value", told.get(self.question)) if isinstance(told, dict) else None


def named_answers(child_id: UUID, questions: Collection[str]) -> Mapping[str, Answered]:
    """Return what a child answered to these questions, in one query; what nobody answered is left out.

    Of a file merged into this one an answer counts where this one has none. Questions that say much about a child
    stand together in a row without a name of their own, and those of a household with it: neither is found here.
    Whoever calls has checked that the viewer may open the file.
    """
    rows = db.session.execute(
        select(ChildAnswer)
        .join(Child, Child.id == ChildAnswer.child_id)
        .where(ChildAnswer.question.in_(questions), (Child.id == child_id) | (Child.merged_into == child_id))
        .order_by(Child.merged_into.is_(None), ChildAnswer.id)
    ).scalars()
    return {row.question: Answered(row.question, row.value, row.answered_on) for row in rows}
