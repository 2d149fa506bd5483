"""What pages say of proposals, in the words of the procedure and the language of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from registry.access import current_viewer
from registry.children.display import written_name
from registry.clock import today
from registry.i18n import language
from registry.referrals import confidential
from registry.referrals.proposals import proposal_list
from registry.referrals.proposals.proposal_form import DECLARED, WHY
from registry.referrals.proposals.proposing import REFER, WITHDRAW
from registry.referrals.service import AGREED, OFFERED
from registry.referrals.service_words import service_choices
from registry.referrals.shown import proposal_items
from registry.web.filters import joined, listed, marked
from registry.web.forms import choices
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from flask import Flask
    from markupsafe import Markup

    from registry.access import Viewer
    from registry.referrals.proposals.proposal_form import Typed
    from registry.referrals.proposals.proposal_list import Line, OfFamily
    from registry.referrals.service import Proposed
    from sop.version import Service

    Item = dict[str, Any]


class Waiting(NamedTuple):
    """What waits for the registrar: how many referrals are proposed, and how many are to be withdrawn."""

    to_send: int
    to_withdraw: int


def items_of(lines: Iterable[Line], typed: Typed) -> list[Item]:
    """Return proposals as their page draws them: as `proposal_items` does, with the agreement where it is needed."""
    return [_item(line.row.id.hex, line.proposed, typed) | {"version": line.row.version} for line in lines]


def wishes_of(proposed: Iterable[Proposed], typed: Typed, unticked: frozenset[str]) -> list[Item]:
    """Return the same for the page of one child, where the code of a service stands for it.

    `unticked`: codes of what was declined before, or what no rule proposes.
    """
    return [_item(each.service.code, each, typed, ticks=each.service.code not in unticked) for each in proposed]


def _item(key: str, proposed: Proposed, typed: Typed, *, ticks: bool = True) -> Item:
    (item,) = proposal_items([proposed])
    declared = _declared(key, proposed.service, typed)
    return item | {
        "value": key,
        "checked": typed.checked(key, unless_shown=ticks and proposed.office is not None and not declared),
        "declared": declared,
        "first": proposed.service.offer_first,
        "why": typed.why.get(key, ""),
        "errors": {"why": typed.errors_at(f"{WHY}{key}")},
    }


def _declared(key: str, service: Service, typed: Typed) -> list[Item]:
    """Return the boxes of what is to be said before a service is asked: what was offered first, and the consent."""
    first = listed(in_force(today()).services[code].name.in_language(language()) for code in service.offer_first)
    boxes: list[tuple[str, str, frozenset[str]]] = []
    if first:
        boxes.append((OFFERED, _("Offered first, and explained: %(services)s.", services=first), typed.offered))
    if service.needs_agreement:
        boxes.append((AGREED, _("The guardian agrees."), typed.agreed))
    return [
        {
            "id": f"{DECLARED[what]}{key}",
            "words": words,
            "checked": key in ticked,
            "errors": typed.errors_at(f"{DECLARED[what]}{key}"),
        }
        for what, words, ticked in boxes
    ]


def family_name(household: Any, child: Any, viewer: Viewer) -> str:  # noqa: ANN401 -- rows that other rooms may not name
    """Return what a family is called: by its first guardian with a name, else by `child`, one of its children."""
    named = next((adult for adult in household.guardians if adult.name), None)
    return str(_("%(name)s's family", name=written_name(named or child, viewer)))


def family_place(family: OfFamily, viewer: Viewer) -> Markup:
    """Return block and address, and for how many children something is proposed."""
    home = family.household
    number = len(family.children)
    block = home.block.name(language()) if home.block else None
    street = home.address.open(viewer)
    children = ngettext("proposals for %(num)s child", "proposals for %(num)s children", number)
    return joined([block, marked(street) if street else None, children])


def not_needed_reasons() -> list[tuple[str, str]]:
    """Return why a proposal may not be followed, as a form offers it."""
    return choices(in_force(today()).codes["decline_reason"].choices(language()))


def services_offered() -> list[tuple[str, str]]:
    """Return the services that the list may be narrowed to; those that say much about a child under one name."""
    return [("", _("All")), *service_choices()]


def names_of_child(child_id: UUID) -> tuple[str, str]:
    """Return the names of the services that are proposed for a child, and of those proposed to be withdrawn."""
    viewer = current_viewer()
    rows = proposal_list.of_child(child_id)
    names = [(row.kind, confidential.service_of(row, viewer).name.in_language(language())) for row in rows]
    to_send, to_withdraw = (listed(name for one, name in names if one == kind) for kind in (REFER, WITHDRAW))
    return to_send, to_withdraw


def waiting() -> Waiting:
    """Return what waits for the registrar who looks."""
    viewer = current_viewer()
    return Waiting(proposal_list.count(viewer), proposal_list.count_to_withdraw(viewer))


WORDS = (family_name, family_place, names_of_child, not_needed_reasons, waiting)


def init_app(app: Flask) -> None:
    """Let templates say what is proposed: `proposal_words.waiting()`."""
    app.jinja_env.globals["proposal_words"] = {each.__name__: each for each in WORDS}
