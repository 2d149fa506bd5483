"""Builds the services of a version with their outcomes, and checks them against the code lists."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sop import immunisation, referral, schooling
from sop.content import REGISTER_FIELDS, CodeList, Outcome, Service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sop.reading import Table

OUTCOME_KINDS: Final = frozenset({"solved", "interim", "unsolved"})
ASKED_DAYS: Final = frozenset({"recall", "appointment", "next_dose"})
TRIGGERS: Final = frozenset(schooling.REASONS) | frozenset(immunisation.REASONS)
LONGEST: Final = 250  # working days of a year
# Numbers of documents are seen from acceptance until closing only, whatever a version or a place says (design 1).
ONCE_ACCEPTED: Final = frozenset({"child.id_number"})
# Without these nobody can enter doses of a child: the page of the clinic names it and judges them by its age.
NEEDED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"vaccination": ("child.name", "child.birth_date", "child.doses")}
)


def read_services(file: Table, codes: Mapping[str, CodeList]) -> Mapping[str, Service]:
    """Build the services, whose codes must be in the lists of the same version."""
    services = {code: _service(code, table, codes) for code, table in file.tables()}
    if not services:
        file.fault("-", "names no service")
    return MappingProxyType(services)


def _service(code: str, table: Table, codes: Mapping[str, CodeList]) -> Service:
    service = Service(
        code=code,
        name=table.text("name"),
        office_kinds=table.strings("office_kinds", _known(codes["office_kind"])),
        triggers=table.strings("triggers", TRIGGERS),
        accept_days=table.number("accept_days", LONGEST),
        answer_days=table.number("answer_days", LONGEST),
        visible_before=table.strings("visible_before", REGISTER_FIELDS),
        visible_after=table.strings("visible_after", REGISTER_FIELDS, empty=True),
        outcomes=tuple(_outcome(entry, codes) for entry in table.listed("outcomes")),
    )
    table.finish()
    if service.answer_days < service.accept_days:
        table.fault("answer_days", "is shorter than accept_days")
    for name in sorted(set(service.visible_before) & set(service.visible_after)):
        table.fault("visible_after", f"{name!r} is visible before already")
    for name in sorted(ONCE_ACCEPTED.intersection(service.visible_before)):
        table.fault("visible_before", f"{name!r} may be seen only once the referral is accepted")
    for name in NEEDED.get(code, ()):
        if name not in service.visible_before + service.visible_after:
            table.fault("visible_after", f"{name!r} must be seen by who enters doses")
    names = [outcome.code for outcome in service.outcomes]
    for name in sorted({name for name in names if names.count(name) > 1}):
        table.fault("outcomes", f"code {name!r} stands twice")
    for kind in sorted(OUTCOME_KINDS - {outcome.kind for outcome in service.outcomes}):
        table.fault("outcomes", f"none is {kind}")
    return service


def _outcome(table: Table, codes: Mapping[str, CodeList]) -> Outcome:
    outcome = Outcome(
        code=table.string("code"),
        text=table.text("text"),
        kind=table.string("kind"),
        state=table.optional("state"),
        asks=table.optional("asks"),
        reasons=_optional_strings(table, "reasons", _known(codes["outcome_reason"])),
        writes=_writes(table, codes),
    )
    table.finish()
    if outcome.kind not in OUTCOME_KINDS:
        table.fault("kind", f"must be one of {', '.join(sorted(OUTCOME_KINDS))}")
    if outcome.state is not None and (outcome.kind, outcome.state) != ("interim", referral.State.APPOINTED):
        table.fault("state", "may only be appointed, and only of an interim outcome")
    if outcome.asks is not None and outcome.asks not in ASKED_DAYS:
        table.fault("asks", f"must be one of {', '.join(sorted(ASKED_DAYS))}")
    if outcome.writes and outcome.kind != "solved":
        table.fault("writes", "only a solved outcome writes back")
    return outcome


def _writes(table: Table, codes: Mapping[str, CodeList]) -> Mapping[str, str]:
    if "writes" not in table.values:
        return MappingProxyType({})
    written = table.table("writes")
    known = {
        "school": _known(codes["school"]) | {"stage"},
        "schooling_kind": _known(codes["schooling_kind"]),
        "certificate": _known(codes["certificate"]),
    }
    values = {key: written.string(key) for key in known if key in written.values}
    written.finish()
    for key, value in values.items():
        if value not in known[key]:
            written.fault(key, f"{value!r} is not known")
    return MappingProxyType(values)


def _optional_strings(table: Table, key: str, known: frozenset[str]) -> tuple[str, ...]:
    return table.strings(key, known) if key in table.values else ()


def _known(codes: CodeList) -> frozenset[str]:
    return frozenset(entry.code for entry in codes)
