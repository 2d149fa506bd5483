"""The facts of a file, each with its label: those that a service's office may see, and their wording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from registry.areas.queries import full_names_of, names_of
from registry.children.display import age, answer, person, unanswered, written_name
from registry.children.facts import birth_of
from registry.children.guardianships import present
from registry.children.queries import present_episode, present_schooling
from registry.i18n import language
from registry.web.filters import long_date, marked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from registry.access import Viewer
    from registry.children.models import Child, Guardianship

Value = str | Markup

# The columns that have to be opened for a field of the procedure; fields that are missing here are plain.
COLUMNS: Final[Mapping[str, frozenset[str]]] = {
    "child.name": frozenset({"child.name", "child.pinyin"}),
    "child.birth_date": frozenset({"child.birth_date"}),
    "child.id_number": frozenset({"child.id_number"}),
    "child.hukou": frozenset({"child.hukou"}),
    "child.address": frozenset({"household.address"}),
    "child.guardian": frozenset({"guardian.name", "guardian.pinyin"}),
    "child.phone": frozenset({"guardian.phone"}),
    "child.school": frozenset({"schooling.school"}),
    "child.doses": frozenset({"dose.day"}),
}
# Fields that another room shows on a page of its own: an office may open their columns, no list of facts holds them.
ON_PAGES_OF_THEIR_OWN: Final = frozenset({"child.doses"})


def sealed_fields(fields: Iterable[str]) -> frozenset[str]:
    """Return the sealed columns behind fields of the procedure, such as a service's visible ones."""
    return frozenset().union(*(COLUMNS.get(field, frozenset()) for field in fields))


def facts_for_service(viewer: Viewer, child: Child, fields: Iterable[str]) -> list[tuple[str, Value | None]]:
    """Return (label, value) of these fields of the procedure and of no other, in their order.

    Those of ON_PAGES_OF_THEIR_OWN are left out. `viewer` may open `sealed_fields(fields)`; `child` comes from
    `queries.children_for_service`. Raises KeyError for a field that the procedure does not know.
    """
    told = [field for field in fields if field not in ON_PAGES_OF_THEIR_OWN]
    return [(_label(field), READERS[field](child, viewer)) for field in told]


def _label(field: str) -> str:
    words = answer("field", field)
    return words[:1].upper() + words[1:]


def born(child: Child, viewer: Viewer) -> str:
    """Return the date of birth as far as it is known, and the age."""
    birth = birth_of(child, viewer)
    day = long_date(birth)
    return str(_("%(day)s (%(age)s)", day=day, age=age(birth)))


def id_number(child: Child, viewer: Viewer) -> str:
    """Return the ID number, or why there is none."""
    return child.id_number.open(viewer) or without_number(child)


def without_number(child: Child) -> str:
    """Return what was answered instead of an ID number."""
    answers: dict[str, str] = {"later": _("To follow"), "none": _("Has none")}
    return answers.get(child.id_number_answer) or unanswered(child.id_number_answer)


def difference(one: str | None, other: str | None) -> str:
    """Say how two numbers differ, without showing them; nothing when they are the same or one is missing."""
    if not one or not other or one == other:
        return ""
    if len(one) != len(other):
        return str(_("The numbers have a different length."))
    places = sum(left != right for left, right in zip(one, other, strict=True))
    return str(
        ngettext("The numbers differ in %(num)s character.", "The numbers differ in %(num)s characters.", places)
    )


def hukou(child: Child, viewer: Viewer) -> str:
    """Return the place of hukou down to what is known of it, or 不清楚, or 拒答."""
    code = child.hukou.open(viewer)
    return full_names_of([code], language()).get(code, code) if code else unanswered(child.hukou_answer)


def area(child: Child) -> str:
    """Return the community where the child lives, with all that lies above it."""
    code = present_episode(child).area_code
    return full_names_of([code], language()).get(code, code)


def address(child: Child, viewer: Viewer) -> str:
    """Return the community with the address inside it; without one the answer that was given instead."""
    episode = present_episode(child)
    community = names_of([episode.area_code], language()).get(episode.area_code, "")
    street = episode.household.address.open(viewer)
    if street is None:
        return unanswered(episode.household.address_answer) or community
    if episode.block and not street.startswith((episode.block.name_zh, episode.block.name_en)):
        block = episode.block.name(language())
        return str(_("%(community)s, %(block)s, %(address)s", community=community, block=block, address=street))
    return str(_("%(community)s, %(address)s", community=community, address=street))


def guardians(child: Child, viewer: Viewer) -> Markup:
    """Return each guardian's name and relation on a line of its own."""
    return _lines(guardian(one, viewer) for one in present(child))


def guardian(one: Guardianship, viewer: Viewer) -> str:
    """Return a guardian's name and what they are to the child."""
    name = written_name(one.guardian, viewer) or unanswered(one.guardian.name_answer)
    relation = answer("relation", one.relation)
    if not relation:
        return name
    relation = relation[:1].lower() + relation[1:]
    return str(_("%(name)s (%(relation)s)", name=name, relation=relation))


def phones(child: Child, viewer: Viewer) -> Markup:
    """Return the guardians' phone numbers, each on a line of its own."""
    return _lines(phone_numbers(child, viewer))


def phone_numbers(child: Child, viewer: Viewer) -> list[str]:
    """Return the guardians' phone numbers, each once; without any the answer that was given instead."""
    adults = [one.guardian for one in present(child)]
    opened = [adult.phone.open(viewer) for adult in adults]
    numbers = [spaced(number) for number in dict.fromkeys(opened) if number]
    answers = [unanswered(adult.phone_answer) for adult in adults]
    return numbers or [words for words in answers[:1] if words]


def spaced(number: str) -> str:
    """Return a mobile number as people read it: 154 0000 3316; any other unchanged."""
    mobile = number.startswith("1") and len(number) == len("15400003316")
    return f"{number[:3]} {number[3:7]} {number[7:]}" if mobile else number


def schooling(child: Child, viewer: Viewer) -> str:
    """Return the present answer about school, with the school's name where there is one."""
    present = present_schooling(child)
    if present is None:
        return ""
    parts = (answer("school", present.stage), present.school.open(viewer))
    return str(_("%(stage)s, %(school)s", stage=parts[0], school=parts[1])) if parts[1] else parts[0]


def certificate(child: Child) -> str:
    """Return the answer about the vaccination certificate."""
    return answer("certificate", child.certificate)


def _lines(texts: Iterable[str]) -> Markup:
    return Markup("<br>").join(marked(text) for text in texts)


READERS: Final[Mapping[str, Callable[[Child, Viewer], Value | None]]] = {
    "child.name": person,
    "child.sex": lambda child, _viewer: answer("sex", child.sex),
    "child.birth_date": born,
    "child.id_number": id_number,
    "child.hukou": hukou,
    "child.area": lambda child, _viewer: area(child),
    "child.address": address,
    "child.guardian": guardians,
    "child.phone": phones,
    "child.school": schooling,
    "child.certificate": lambda child, _viewer: certificate(child),
}
