"""A field for choosing a division: level by level and by typing, with a button where there is no script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import render_template
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import Field
from wtforms.validators import StopValidation

from registry.areas.finding import search
from registry.areas.queries import Place, children_of, full_names_of, path, place
from registry.i18n import language

if TYPE_CHECKING:
    from collections.abc import Sequence

LEVELS = {
    1: _l("Province"),
    2: _l("City or prefecture"),
    3: _l("County or district"),
    4: _l("Town or street"),
    5: _l("Community or village"),
}
CHOOSE = {
    1: _l("Choose the province"),
    2: _l("Choose the city or prefecture"),
    3: _l("Choose the county or district"),
    4: _l("Choose the town or street"),
    5: _l("Choose the community or village"),
}
NOT_FOUND = _l("No place has this name: check it, or choose step by step")
SEVERAL = _l("Several places have this name: choose one")
NOT_OFFERED = _l("Choose a place from the list")
PROVINCE, COUNTY, TOWN = 1, 3, 4
COUNTY_STEP = 4  # the most selects that are ever shown


@dataclass(frozen=True)
class Step:
    """One select of the picker: its level's label, what it offers and what is chosen in it."""

    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str


def label_of(one: Place, tongue: str) -> str:
    """Return a place as lists offer it: in English the romanised name with the characters behind it."""
    return one.name_zh if tongue == "zh" else f"{one.name_en} {one.name_zh}"


class AreaWidget:
    """Draws an AreaField from its template."""

    def __call__(self, field: AreaField, **kwargs: Any) -> Markup:  # noqa: ANN401
        """Return the markup; `hint` adds a sentence under the label."""
        return Markup(render_template("areas/_picker.html", field=field, hint=kwargs.get("hint")))  # noqa: S704 -- a template of ours, which escapes what it is given


class AreaField(Field):  # type: ignore[misc]  # WTForms ships no types
    """A division; `data` is its 12-digit code or None.

    `at_least`: level that an answer must reach (1 province to 5 community), where the place has such a level
    at all (a city without counties is enough for a county); `deepest`: level that is still offered.
    Posts name-typed, name-found, name-1 to name-4; the buttons name-find and name-open only ask for the page
    again (`asked` is then true, and the form is not to be judged).
    """

    widget = AreaWidget()

    def __init__(
        self,
        label: Any = None,  # noqa: ANN401
        validators: Sequence[Any] | None = None,
        *,
        at_least: int = COUNTY,
        deepest: int = TOWN,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.at_least, self.deepest = at_least, deepest
        self.typed, self.asked = "", False
        self.found: list[tuple[str, str]] = []

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:  # noqa: ANN401, ARG002
        """Take what was chosen or typed in a sent form, or the code the form was opened with."""
        self.process_errors: list[str] = []
        self.object_data = self.data = data if isinstance(data, str) and data else self.default
        if formdata is None or not any(key.startswith(f"{self.name}-") for key in formdata):
            return
        self.asked = f"{self.name}-find" in formdata or f"{self.name}-open" in formdata
        self.typed = formdata.get(f"{self.name}-typed", "").strip()[:60]
        self.data = self._chosen(formdata)
        picked = formdata.get(f"{self.name}-found", "")
        if picked:
            self._take(picked)
        elif self.typed:
            self._look_up()
        self.raw_data = [self.data] if self.data else []
        if self.asked and self.typed and not self.found:
            self.errors = [str(NOT_FOUND)]  # the page comes back unjudged, but this is what was asked

    def _chosen(self, formdata: Any) -> str | None:  # noqa: ANN401
        """Return the deepest choice below the choice before it: a changed province drops the rest."""
        code = None
        for number in range(1, COUNTY_STEP + 1):
            sent = formdata.get(f"{self.name}-{number}", "")
            if sent not in {one.code for one in self._below(code)}:
                if sent and not code:
                    self.process_errors.append(str(NOT_OFFERED))
                break
            code = sent
        return code

    def _take(self, code: str) -> None:
        one = place(code)
        if one is None or one.level > self.deepest:
            self.process_errors.append(str(NOT_OFFERED))
            return
        self.data, self.typed = code, ""

    def _look_up(self) -> None:
        """Take the place whose name was typed when there is just one, else offer those there are."""
        hits = search(self.typed, deepest=self.deepest)
        exact = [one for one in hits if self.typed.split()[-1] in (one.name_zh, one.name_en)]
        alone = hits if len(hits) == 1 else exact if len(exact) == 1 else []
        if alone:
            self._take(alone[0].code)
            return
        names = full_names_of([one.code for one in hits], language())
        self.found = [(one.code, names[one.code]) for one in hits]
        self.data = None
        self.process_errors.append(str(SEVERAL if hits else NOT_FOUND))

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401, ARG002
        """Stop at what could not be read, and at a choice that ends too high."""
        if self.process_errors:
            raise StopValidation
        one = place(self.data) if self.data else None
        if self.data and one is None:
            raise StopValidation(str(NOT_OFFERED))
        if one and one.level < self.at_least and self._below(one.code, to=self.at_least):
            raise StopValidation(str(CHOOSE[self._below(one.code)[0].level]))

    def _below(self, code: str | None, to: int | None = None) -> list[Place]:
        return [one for one in children_of(code) if one.level <= (to or self.deepest)]

    @property
    def steps(self) -> list[Step]:
        """Return the selects to draw: one for each level chosen, and the next."""
        chain = [one.code for one in path(self.data)] if self.data else []
        steps: list[Step] = []
        above: str | None = None
        for code in [*chain, ""]:
            offered = self._below(above)
            if offered and len(steps) < COUNTY_STEP:
                steps.append(self._step(len(steps) + 1, offered, code))
            above = code
        return steps

    def _step(self, number: int, offered: list[Place], chosen: str) -> Step:
        options = [(one.code, label_of(one, language())) for one in offered]
        return Step(f"{self.name}-{number}", str(LEVELS[offered[0].level]), options, chosen)

    @property
    def anchor(self) -> str:
        """Return the id of the control where the error summary leads."""
        return f"{self.id}-found" if self.found else f"{self.id}-typed"
