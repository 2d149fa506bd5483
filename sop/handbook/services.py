"""The chapter on services: who answers, when it is proposed, by when, what is seen, and how it may be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sop.handbook.parts import Facts, Paragraph, Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sop.content import Outcome, Service
    from sop.handbook.parts import Table
    from sop.handbook.voice import Voice


def services(voice: Voice) -> Iterator[Section]:
    """Yield a section for each service: offices, limits, what they see, and how they may answer."""
    for code, service in voice.sop.services.items():
        facts = Facts(tuple((voice.say(label), (value,)) for label, value in _about(voice, service)))
        seen = Paragraph(voice.say("service_visible"))
        yield Section(code, voice.text(service.name), (facts, seen, _outcomes(voice, service)))


def _about(voice: Voice, service: Service) -> Iterator[tuple[str, str]]:
    first, second = service.climb_days
    triggers = voice.phrases(voice.say(f"trigger_{name}") for name in service.triggers)
    yield "service_offices", _listed(voice, "office_kind", service.office_kinds)
    yield "service_triggers", triggers if service.triggers else voice.say("by_hand")
    yield from _conditions(voice, service)
    yield "service_papers", voice.phrases(map(voice.text, service.documents))
    yield "service_accept", voice.count("working_day", service.accept_days)
    yield "service_answer", voice.count("working_day", service.answer_days)
    yield "service_climb", voice.say("climb_rule", first=first, second=second)
    yield "service_before", _listed(voice, "field", service.visible_before)
    yield "service_after", _listed(voice, "field", service.visible_after)


def _conditions(voice: Voice, service: Service) -> Iterator[tuple[str, str]]:
    """Yield what holds of some services alone."""
    if service.needs_agreement:
        yield "service_agreement", voice.say("agreement_rule")
    if service.offer_first:
        yield "service_first", voice.listed(voice.text(voice.sop.services[code].name) for code in service.offer_first)
    if service.confidential:
        yield "service_sealed", voice.say("sealed_rule")
    if service.items:
        results = voice.listed(map(voice.inside, voice.codes(voice.sop.codes["item_result"])))
        yield "service_items", voice.say("items_rule", items=_listed(voice, "item", service.items), results=results)


def _outcomes(voice: Voice, service: Service) -> Table:
    kinds = voice.sop.codes["outcome_kind"]
    rows = [
        (each.code, voice.text(each.text), voice.text(kinds.text(each.kind)), _to_enter(voice, each))
        for each in service.outcomes
    ]
    name = voice.say("outcomes_of", service=voice.text(service.name))
    return voice.table(name, ("code", "outcome", "kind", "to_enter"), rows)


def _to_enter(voice: Voice, outcome: Outcome) -> str:
    parts = [voice.say(f"asks_{outcome.asks}")] if outcome.asks else []
    if outcome.reasons:
        parts.append(voice.say("one_of", reasons=_inside(voice, "outcome_reason", outcome.reasons)))
    if outcome.alternative:
        parts.append(voice.say("alternative_of", alternatives=_inside(voice, "alternative", outcome.alternative)))
    if outcome.takes:
        parts.append(voice.say("may_take", fields=voice.listed(voice.say(f"takes_{name}") for name in outcome.takes)))
    return voice.phrases(parts) if parts else ""


def _listed(voice: Voice, name: str, codes: tuple[str, ...]) -> str:
    return voice.listed(voice.text(voice.sop.codes[name].text(code)) for code in codes)


def _inside(voice: Voice, name: str, codes: tuple[str, ...]) -> str:
    return voice.listed(voice.inside(voice.text(voice.sop.codes[name].text(code))) for code in codes)
