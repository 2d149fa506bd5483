"""What lists of referrals can be narrowed by: a vaccine of which a dose is due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _
from sqlalchemy import select

from registry.doses.models import CourseState
from registry.i18n import language
from registry.referrals.lists.office_filters import Narrowing
from sop.services import DOSES
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import Select

TO_GIVE: Final = ("overdue", "due")


def _label() -> str:
    return str(_("Vaccine due"))


def _choices(on: date) -> list[tuple[str, str]]:
    courses = in_force(on).immunisation.courses
    return [(code, course.name.in_language(language())) for code, course in courses.items()]


def _left_out() -> str:
    return str(_("Only vaccination referrals that your office has accepted: of others you do not see the doses."))


def _files(course: str) -> Select[UUID]:
    """Return the statement for the files of which a dose of a course is due or overdue, as last reckoned."""
    return select(CourseState.child_id).where(CourseState.course == course, CourseState.status.in_(TO_GIVE))


BY_COURSE: Final = Narrowing("course", DOSES, "child.doses", _label, _choices, _left_out, _files)
