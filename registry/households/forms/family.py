"""The shape of the second page: where the household lives, its guardians, and what either quick form asks more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, SelectField
from wtforms.validators import ValidationError

from registry.areas.forms import AreaField
from registry.clock import today
from registry.households import places
from registry.households.answers import FamilyAnswers, GuardianAnswers, answered
from registry.i18n import language
from registry.web.fields import DateParts, Text, Tiles
from registry.web.forms import PartForm, RegistryForm
from sop.identity import BirthDate, normalise_name
from sop.version import CodeList, in_force

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.access import Viewer

PREFILLED = frozenset({"lives_here"})
HAN = "01"


def _codes(name: str) -> CodeList:
    return in_force(today()).codes[name]


def _offered(name: str) -> list[tuple[str, str]]:
    return _codes(name).choices(language())


def _withheld() -> list[tuple[str, str]]:
    """The two answers that stand beside a value: not known, and declined."""
    return [pair for pair in _offered("stays") if pair[0] in ("unknown", "refused")]


def _relations() -> list[tuple[str, str]]:
    return [("", _("Choose…")), *_offered("relation")]


class GuardianPart(PartForm):
    """One guardian, or the actual carer."""

    name = Text(_l("Name"))
    name_answer = Tiles(_l("If no name is given"), choices=_withheld)
    relation = SelectField(_l("Relation to the children"), choices=_relations, default="")
    phone = Text(_l("Phone"), max_length=30)
    phone_answer = Tiles(_l("If no phone is given"), choices=_withheld)
    lives_here = Tiles(_l("Lives here?"), code_list="boarding", default="yes")

    def person(self, number: int) -> str:
        """Name the guardian in the error summary by the place on the page."""
        return str(_("Guardian %(number)s", number=number))

    def answers(self) -> GuardianAnswers:
        """Return the typed answers."""
        return GuardianAnswers(
            name=normalise_name(self.name.data) if self.name.data else None,
            name_answer=answered(self.name.data, self.name_answer.data),
            relation=self.relation.data or "",
            phone=self.phone.data,
            phone_answer=answered(self.phone.data, self.phone_answer.data),
            lives_here=self.lives_here.data or "",
        )


class FamilyForm(RegistryForm):
    """What both quick forms ask of a household."""

    area_code = SelectField(_l("Community"), validate_choice=False)
    block_id = SelectField(_l("Building or block"), default="")
    address = Text(_l("Address below the community"), max_length=200)
    address_answer = Tiles(_l("If no address is given"), choices=_withheld)
    hukou = AreaField(_l("Place of hukou: county"), at_least=3, deepest=3)
    hukou_answer = Tiles(_l("If no place of hukou is given"), choices=_withheld)
    hukou_town = SelectField(_l("Township of the hukou"), default="")
    ethnic = SelectField(_l("Ethnic group"), choices=lambda: _offered("ethnic"), default=HAN)
    guardians = FieldList(FormField(GuardianPart), min_entries=1, max_entries=20)

    def offer(self, viewer: Viewer) -> None:
        """Offer the places that lie in the viewer's own area, the own community first chosen."""
        communities = places.communities(viewer)
        self.area_code.choices = [("", _("Choose…")), *communities] if len(communities) > 1 else communities
        if len(communities) == 1:
            self.area_code.anchor = "form"  # nothing to choose is drawn for a community that is settled
        self.block_id.choices = [("", _("No block")), *places.blocks(viewer)]
        self.hukou_town.choices = [("", _("Choose…")), *places.towns(viewer)]

    def validate_area_code(self, field: SelectField) -> None:
        """Refuse a community that is not the viewer's to register in."""
        if not field.data or field.data not in dict(field.choices):
            raise ValidationError(_("Choose the community"))

    def answers(self) -> FamilyAnswers:
        """Return the typed answers of a valid form."""
        hukou = self._hukou()
        return FamilyAnswers(
            area_code=self.area_code.data,
            block_id=self.block_id.data or None,
            address=self.address.data,
            address_answer=answered(self.address.data, self.address_answer.data),
            hukou_code=hukou,
            hukou_answer=answered(hukou, self.hukou_answer.data),
            ethnic=self.ethnic.data or "",
            guardians=tuple(entry.form.answers() for entry in self.guardians if _is_answered(entry.form)),
            contradicted=tuple(self._contradicted(hukou)),
            **self._more(),
        )

    def _hukou(self) -> str | None:
        """The township counts only where the county is the same as here."""
        county: str | None = self.hukou.data
        town = self._hukou_town()
        elsewhere = town is None or (county is not None and not places.same_county(county, town))
        return county if elsewhere else town

    def _hukou_town(self) -> str | None:
        return self.hukou_town.data or None

    def _contradicted(self, hukou: str | None) -> Iterator[str]:
        """Yield the labels of questions that hold a value and, beside it, an answer that there is none."""
        for place, entry in enumerate(self.guardians, 1):
            for label in contradicted(entry.form):
                yield str(_("%(person)s: %(message)s", person=entry.form.person(place), message=label))
        yield from contradicted(self)
        if hukou and self.hukou_answer.data and not self.hukou.data:
            yield str(self.hukou_town.label.text)

    def _more(self) -> dict[str, Any]:
        return {}


class ReceivingForm(FamilyForm):
    """A family that moved here."""

    arrived = DateParts(_l("When did the family arrive?"), allow_month=True)
    arrived_answer = Tiles(_l("If no date is given"), choices=_withheld)
    stays = Tiles(_l("Does the family mean to stay six months or longer?"), code_list="stays")
    alone = BooleanField(_l("No guardian is here: the child is alone"))

    def _more(self) -> dict[str, Any]:
        return {
            "arrived": _partial(self.arrived),
            "arrived_answer": answered(self.arrived.data, self.arrived_answer.data),
            "stays": self.stays.data or "",
            "alone": bool(self.alone.data),
        }


class SendingForm(FamilyForm):
    """Parents are away, the child stayed here. The first guardian is the actual carer."""

    town_at_home = ""

    who_away = Tiles(_l("Who is away?"), code_list="who_away")
    away_since = DateParts(_l("Away since when?"), allow_month=True)
    away_since_answer = Tiles(_l("If no date is given"), choices=_withheld)
    away_area = AreaField(_l("To which province and city?"), at_least=1, deepest=2)
    away_area_answer = Tiles(_l("If no place is given"), choices=_withheld)
    other_parent_can_care = Tiles(
        _l("If one parent is at home: can that parent care for the child?"),
        code_list="other_parent_can_care",
    )
    boarding = Tiles(_l("Does the child board at school?"), code_list="boarding")

    def offer(self, viewer: Viewer) -> None:
        """Offer the places; the own township is chosen as that of the hukou before anybody said so."""
        super().offer(viewer)
        self.town_at_home = places.own_town(viewer)

    def _hukou_town(self) -> str | None:
        """What was prefilled and never touched is no answer where the question was declined."""
        town = super()._hukou_town()
        return None if self.hukou_answer.data and town == self.town_at_home else town

    def _more(self) -> dict[str, Any]:
        return {
            "who_away": self.who_away.data or "",
            "away_since": _partial(self.away_since),
            "away_since_answer": answered(self.away_since.data, self.away_since_answer.data),
            "away_area": self.away_area.data,
            "away_area_answer": answered(self.away_area.data, self.away_area_answer.data),
            "other_parent_can_care": self.other_parent_can_care.data or "",
            "boarding": self.boarding.data or "",
        }


FORMS: dict[str, type[FamilyForm]] = {"receiving": ReceivingForm, "sending": SendingForm}


def contradicted(form: RegistryForm) -> Iterator[str]:
    """Yield the labels of fields that hold a value while the field "..._answer" says that there is none."""
    for field in form:
        name = field.short_name.removesuffix("_answer")
        if name != field.short_name and field.data and form[name].data is not None:
            yield str(form[name].label.text)


def _partial(field: DateParts) -> BirthDate | None:
    return BirthDate(*field.data) if field.data else None


def _is_answered(part: GuardianPart) -> bool:
    """Whether anything was said about this adult; where the adult lives says nothing by itself."""
    said = (part.name, part.name_answer, part.relation, part.phone, part.phone_answer)
    return any(field.data for field in said)
