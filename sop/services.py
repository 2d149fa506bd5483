"""Builds the services of a version with their outcomes, and checks them against the code lists and each other."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sop.content import REGISTER_FIELDS, CodeList, Service
from sop.outcomes import read_outcomes
from sop.referral.offering import DAY, goes_with
from sop.referral.rules import LONGEST, read_climb
from sop.referral.triggers import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sop.content import Text
    from sop.reading import Table
    from sop.referral import ReferralRules

IDENTITY, POLICE = "identity", "police"
# What a service may be about, with what its office has to see for that.
SCHOOL, DOSES = "school", "doses"
ABOUT: Final[Mapping[str, str]] = MappingProxyType({SCHOOL: "child.school", DOSES: "child.doses"})
# Whatever a version or a place says: these stay sealed (design 4), so that nobody who reads the plain columns learns
# which of them a child was sent to, and their offices see before acceptance only whom they are to call.
SEALED: Final = frozenset({"disability", "social_assistance", "legal_aid", IDENTITY})
SEALED_BEFORE: Final = frozenset(f"child.{name}" for name in ("name", "sex", "birth_date", "area", "guardian", "phone"))
# Numbers of documents are seen from acceptance until closing only (design 1).
ONCE_ACCEPTED: Final = frozenset({"child.id_number"})
# Without these nobody can answer: doses are judged by age, papers are held against what the file says.
NEEDED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "vaccination": ("child.name", "child.birth_date", "child.doses"),
        IDENTITY: ("child.name", "child.birth_date", "child.sex", "child.id_number", "child.hukou"),
    }
)


def read_services(file: Table, codes: Mapping[str, CodeList], rules: ReferralRules) -> Mapping[str, Service]:
    """Build the services, whose codes must be in the lists of the same version; `rules` hold where one says nothing."""
    tables = dict(file.tables())
    services = {code: _service(code, table, codes, rules) for code, table in tables.items()}
    if not services:
        file.fault("-", "names no service")
    for code, service in services.items():
        _check(service, tables[code])
        for name in service.offer_first:
            if name == code or name not in services:
                tables[code].fault("offer_first", f"{name!r} is no other service")
    _check_sealed(services, tables)
    return MappingProxyType(services)


def _service(code: str, table: Table, codes: Mapping[str, CodeList], rules: ReferralRules) -> Service:
    own = table.values
    service = Service(
        code=code,
        name=table.text("name"),
        office_kinds=table.strings("office_kinds", codes["office_kind"].known),
        triggers=table.strings("triggers", frozenset(TRIGGERS.get(code, ())), empty=True),
        accept_days=table.number("accept_days", LONGEST) if "accept_days" in own else rules.accept_days,
        answer_days=table.number("answer_days", LONGEST) if "answer_days" in own else rules.answer_days,
        climb_days=read_climb(table) if "climb_days" in own else rules.climb_days,
        visible_before=table.strings("visible_before", REGISTER_FIELDS),
        visible_after=table.strings("visible_after", REGISTER_FIELDS, empty=True),
        outcomes=read_outcomes(table, codes),
        confidential=table.switch("confidential"),
        needs_agreement=table.switch("needs_agreement"),
        offer_first=table.any_strings("offer_first"),
        documents=_documents(table),
        items=table.any_strings("items", codes["item"].known),
        about=table.optional("about"),
        before_term=table.switch("before_term"),
        when_complete=table.optional("when_complete"),
        when_more=table.optional("when_more"),
    )
    table.finish()
    return service


def _documents(table: Table) -> tuple[Text, ...]:
    return tuple(each.as_text() for each in table.listed("documents")) if "documents" in table.values else ()


def _check(service: Service, table: Table) -> None:
    if service.answer_days < service.accept_days:
        table.fault("answer_days", "is shorter than accept_days")
    for name in sorted(set(service.visible_before) & set(service.visible_after)):
        table.fault("visible_after", f"{name!r} is visible before already")
    for name in sorted(ONCE_ACCEPTED.intersection(service.visible_before)):
        table.fault("visible_before", f"{name!r} may be seen only once the referral is accepted")
    for name in NEEDED.get(service.code, ()):
        if name not in service.visible_before + service.visible_after:
            table.fault("visible_after", f"{name!r} must be seen by who answers")
    if POLICE in service.office_kinds and not service.needs_agreement:
        table.fault("needs_agreement", "must be true: the police see a child only when the guardian agreed")
    if service.needs_agreement and not service.confidential:
        table.fault("needs_agreement", "only of a sealed service: the day on which a guardian agreed is sealed with it")
    if service.about is not None and ABOUT.get(service.about) not in service.visible_before + service.visible_after:
        table.fault("about", f"must be one of {', '.join(ABOUT)}, and what it is about be seen by who answers")
    _check_doses(service, table)
    if (service.code == IDENTITY) != bool(service.items):
        table.fault("items", f"belong to {IDENTITY}, and to no other service")


def _check_doses(service: Service, table: Table) -> None:
    """Entering doses answers by itself, with what it knows: that nothing is missing, or the day of the next one."""
    for key, kind, beside in (("when_complete", "solved", set[str]()), ("when_more", "interim", {DAY})):
        code = getattr(service, key)
        fits = {each.code for each in service.outcomes if each.kind == kind and goes_with(each) == beside}
        if code is not None and code not in fits:
            told = "a day" if beside else "nothing"
            table.fault(key, f"{code!r} is no {kind} outcome of the service with which {told} goes")


def _check_sealed(services: Mapping[str, Service], tables: Mapping[str, Table]) -> None:
    """Note what would tell one sealed service from another: limits or answers of its own, or more than whom to call."""
    for code in SEALED & services.keys():
        if not services[code].confidential:
            tables[code].fault("confidential", "must be true: this service stays sealed")
    sealed = [service for service in services.values() if service.confidential]
    for service in sealed:
        for name in sorted(set(service.visible_before) - SEALED_BEFORE - ONCE_ACCEPTED):
            tables[service.code].fault("visible_before", f"{name!r} of a sealed service is seen once it is accepted")
        for key in ("accept_days", "answer_days", "climb_days", "before_term"):
            if getattr(service, key) != getattr(sealed[0], key):
                tables[service.code].fault(key, f"differs from {sealed[0].code}: the dates would tell which it is")
        if _in_plain(service) != _in_plain(sealed[0]):
            words = f"differ from {sealed[0].code} in what stands in plain of them: that would tell which it is"
            tables[service.code].fault("outcomes", words)


def _in_plain(service: Service) -> frozenset[tuple[str | bool | None, ...]]:
    """Return what whoever reads the tables learns of an answer: its kind, state and day, and whether there is a reason.

    What is written back stands in the child's file.
    """
    return frozenset(
        (each.kind, each.state, each.asks, bool(each.reasons), *sorted(each.writes)) for each in service.outcomes
    )
