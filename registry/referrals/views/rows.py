"""What rows of an office's lists show: the name where the service may see it, and where the child lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.areas.queries import names_of
from registry.audit import service as audit
from registry.children.display import person
from registry.children.fields import sealed_fields
from registry.i18n import language
from registry.referrals.lists.office_filters import OF_SCHOOL
from registry.referrals.shown import visible_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markupsafe import Markup

    from registry.access import Viewer
    from registry.referrals.models import Referral


def rows_of(viewer: Viewer, referrals: Sequence[Referral]) -> dict[str, Any]:
    """Return what the template of a list shows of these, and note who was shown; one query.

    `names`: by the id of the referral, None where nothing of the child may be seen; `places`: township and community by
    area code; `of_school`: whether the list is about school, and says which grade is due.
    """
    names = {each.id: _name(viewer, each) for each in referrals}
    seen = [each for each in referrals if names[each.id] is not None]
    files = [each.child_id for each in seen]
    audit.note("children_listed", viewer=viewer, children=files, list="referrals", shown=len(seen))
    return {"names": names, "places": _places(seen), "of_school": any(map(_is_of_school, seen))}


def _is_of_school(referral: Referral) -> bool:
    return OF_SCHOOL in visible_fields(referral)


def _name(viewer: Viewer, referral: Referral) -> Markup | None:
    """Open the name, and nothing else, where the service may see it."""
    if "child.name" not in visible_fields(referral):
        return None
    return person(referral.child, viewer.opening(sealed_fields(["child.name"])))


def _places(referrals: Iterable[Referral]) -> dict[str, list[str]]:
    """Return township and community of each area on the page, in one query."""
    towns = {each.area_code: f"{each.area_code[:9]}000" for each in referrals}
    names = names_of({*towns, *towns.values()}, language())
    return {code: [names[one] for one in (town, code) if one in names] for code, town in towns.items()}
