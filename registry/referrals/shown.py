"""What pages say of a referral, in the words of the SOP and the language of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from flask_babel import gettext as _

from registry.access import current_viewer
from registry.areas.offices import offices_by_id
from registry.children.queries import present_schooling
from registry.clock import today
from registry.i18n import language
from registry.referrals import confidential
from registry.referrals.calendar import unknown_year, working_calendar
from registry.referrals.lists import sent_list
from registry.web.filters import listed, long_date, short_date
from sop.referral import Move, Standing, State, visible
from sop.referral import standing as standing_on
from sop.schooling import grade_name
from sop.services import DOSES, SCHOOL
from sop.version import in_force, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from flask import Flask

    from registry.referrals.models import Referral, ReferralStep
    from registry.referrals.service import Proposed
    from sop.version import Service, Sop

BETWEEN_OFFICES = (Move.HAND_ON, Move.FOLLOW)  # their steps say from which office to which
TAG_OF_STATE = {
    "draft": "dashed",
    "sent": "grey",
    "accepted": "tint",
    "appointed": "tint",
    "closed": "done",
    "returned": "late",
    "withdrawn": "grey",
}


def standing(referral: Referral) -> Standing:
    """Return how a referral stands to its limit today: .kind open, soon, late or done, .days, .due."""
    soon_days = in_force(today()).referrals.soon_days
    return standing_on(State(referral.state), referral.deadlines, today(), working_calendar(), soon_days)


def standing_words(stands: Standing) -> str | None:
    """Return 逾期6天, 今天到期 or 剩2天; None where no office's clock runs."""
    if stands.due is None:
        return None
    if stands.kind == "late":
        return str(_("%(days)s d late", days=stands.days))
    if stands.days == 0:
        return str(_("Due today"))
    return str(_("%(days)s d left", days=stands.days))


def resend_words(referral: Referral) -> tuple[str, bool] | None:
    """Return by when a returned referral is sent again, and whether that day has passed; None of any other."""
    by = referral.resend_by
    if by is None:
        return None
    if by >= today():
        return str(_("Send again by %(day)s", day=short_date(by))), False
    return str(_("Should have been sent again by %(day)s", day=short_date(by))), True


def standing_tag(referral: Referral) -> tuple[str, str]:
    """Return (words, kind) of the one tag of a referral: what is urgent, else its state."""
    stands = standing(referral)
    if stands.kind in {"late", "soon"}:
        return standing_words(stands) or "", stands.kind
    return state_tag(referral)


def state_tag(referral: Referral) -> tuple[str, str]:
    """Return (words, kind) of the state."""
    return _code("referral_state", referral.state, sop_of(referral)), TAG_OF_STATE[referral.state]


def step_words(referral: Referral, step: ReferralStep) -> str:
    """Return what one step did: the state that followed, the outcome and the reason given."""
    outcome = step.outcome.open(current_viewer())
    return _outcome(referral, outcome) if outcome else step_state(referral, step)


def step_state(referral: Referral, step: ReferralStep) -> str:
    """Return the state that followed a step, and nothing of what was said with it."""
    return _code("referral_state", step.state, sop_of(referral))


def step_reason(referral: Referral, step: ReferralStep) -> str | None:
    """Return the reason given with a step, in words."""
    reason = step.reason.open(current_viewer())
    if reason is None:
        return None
    lists = {Move.RETURN_: "return_reason", Move.WITHDRAW: "withdraw_reason"}
    lists |= {Move.REOPEN: "reopen_reason", **dict.fromkeys(BETWEEN_OFFICES, "hand_on_reason")}
    return _code(lists.get(Move(step.move), "outcome_reason"), reason, sop_of(referral))


def handed_on(steps: Iterable[ReferralStep]) -> dict[UUID, str]:
    """Return of each step between two offices from which it went to which, by its id; one query at most."""
    viewer = current_viewer()
    moved = [each for each in steps if each.move in BETWEEN_OFFICES]
    told = {each.id: cast("dict[str, str | None]", each.details.open(viewer) or {}) for each in moved}
    offices = offices_by_id({UUID(key) for each in told.values() for key in each.values() if key}) if told else {}
    names = {office.id.hex: office.name(language()) for office in offices.values()}
    return {
        key: str(_("From %(office)s to %(other)s", office=_name(names, each, "from"), other=_name(names, each, "to")))
        for key, each in told.items()
    }


def _name(names: dict[str, str], told: dict[str, str | None], which: str) -> str:
    return names.get(told.get(which) or "", "")


def returned_because(referrals: Iterable[Referral]) -> dict[UUID, str | None]:
    """Return why each of these that is returned was, in words, by its id; one query at most."""
    back = {each.id: each for each in referrals if each.state == State.RETURNED}
    steps = sent_list.last_returns(back) if back else {}
    return {key: step_reason(each, steps[key]) if key in steps else None for key, each in back.items()}


def outcome_words(referral: Referral) -> str | None:
    """Return the outcome given last in words, 公办学校就读; None where there is none yet."""
    outcome = referral.outcome.open(current_viewer())
    return _outcome(referral, outcome) if outcome else None


def _outcome(referral: Referral, code: str) -> str:
    return service_of(referral).outcome(code).text.in_language(language())


def reference(referral: Referral) -> str:
    """Return the short number that both offices can name on the telephone; it tells nothing of the child."""
    return referral.id.hex[-8:].upper()


def reasons_of(referral: Referral) -> list[str]:
    """Return why the child was referred, in words."""
    sop = sop_of(referral)
    return [sop.explain(reason, language()) for reason in confidential.reasons_of(referral, current_viewer())]


def agreed_on(referral: Referral) -> date | None:
    """Return when the guardian agreed, where the service asks for it."""
    return confidential.agreed_on(referral, current_viewer())


def service_name(referral: Referral) -> str:
    """Return the name of the service: 就学."""
    return service_of(referral).name.in_language(language())


def office_name(referral: Referral) -> str:
    """Return the name of the office that has it or had it last."""
    office = confidential.office_of(referral, current_viewer())
    return office.name(language()) if office else ""


def grade_due(referral: Referral) -> str | None:
    """Return the grade that the child should be in; the month of birth is enough to know it.

    None where the service is not about school, or its office may not see the date of birth.
    """
    child = referral.child
    if service_of(referral).about != SCHOOL or "child.birth_date" not in visible_fields(referral):
        return None
    birth = child.birth_in_plain
    sop = sop_of(referral)
    return grade_name(sop, birth, today(), referral.area_code).in_language(language())


def calendar_missing(referral: Referral) -> str | None:
    """Say so where a limit ends in a year whose working-day calendar is not known yet, else None."""
    if not referral.sent_on or not referral.answer_by:
        return None
    return unknown_year(sop_of(referral), referral.sent_on, referral.answer_by)


def sop_of(referral: Referral) -> Sop:
    """Return the version that the referral was made under."""
    return load(referral.sop_version)


def service_of(referral: Referral) -> Service:
    """Return the service as the referral's version has it."""
    return confidential.service_of(referral, current_viewer())


def visible_fields(referral: Referral) -> tuple[str, ...]:
    """Return what the answering office may see of the child in the present state."""
    return visible(service_of(referral), State(referral.state))


def _code(list_name: str, code: str, sop: Sop) -> str:
    return sop.codes[list_name].text(code).in_language(language())


def situation(referral: Referral) -> str | None:
    """Return what the referral is about: where the child goes to school, or why its doses are to be looked at.

    None where the service is about neither, or where its office may not see it.
    """
    about, seen = service_of(referral).about, visible_fields(referral)
    if about == DOSES and "child.certificate" in seen:
        return _why_doses(referral)
    if about == SCHOOL and "child.school" in seen:
        present = present_schooling(referral.child)
        return _code("school", present.stage if present else "unknown", sop_of(referral))
    return None


def _why_doses(referral: Referral) -> str:
    """Return the reasons in a few words; of a referral that was asked for without any, what is known otherwise."""
    sop = sop_of(referral)
    keys = [f"short_{each.key}" for each in confidential.reasons_of(referral, current_viewer())]
    short = [sop.wording[key].in_language(language()) for key in keys if key in sop.wording]
    certificate = _code("certificate", referral.child.certificate, sop)
    return listed(short) or str(_("Certificate: %(answer)s", answer=certificate))


def names_school(referral: Referral) -> bool:
    """Tell whether the answer given last may name a school."""
    outcome = referral.outcome.open(current_viewer())
    return outcome is not None and "school" in service_of(referral).outcome(outcome).takes


def proposal_items(
    proposals: Iterable[Proposed], *, prefix: str = "", ticked: frozenset[str] | None = None
) -> list[dict[str, Any]]:
    """Return proposals as pages draw them: service, office, `reasons`, and `terms`: by when, what is seen.

    The box of a service has its code behind `prefix` as value. `ticked`: values chosen before; None ticks
    every proposal that an office answers.
    """
    sop = in_force(today())
    return [
        {
            "value": (value := f"{prefix}{each.service.code}"),
            "service": each.service.name.in_language(language()),
            "office": each.office.name(language()) if each.office else _("no office answers here yet"),
            "reasons": [sop.explain(reason, language()) for reason in each.reasons],
            "terms": list(_terms(sop, each)),
            "checked": each.office is not None and (ticked is None or value in ticked),
        }
        for each in proposals
    ]


def _terms(sop: Sop, proposed: Proposed) -> Iterator[str]:
    """Say by when the office answers, and what it sees."""
    limits, seen = proposed.deadlines, proposed.service.visible_before
    yield _(
        "To be accepted by %(accept)s and answered by %(answer)s",
        accept=long_date(limits.accept_by),
        answer=long_date(limits.answer_by),
    )
    if unknown := unknown_year(sop, today(), limits.answer_by):
        yield unknown
    names = [sop.codes["field"].text(field).in_language(language()) for field in seen]
    yield _("The office sees: %(fields)s", fields=listed(names))


WORDS = (
    agreed_on,
    calendar_missing,
    handed_on,
    office_name,
    outcome_words,
    reasons_of,
    reference,
    resend_words,
    returned_because,
    service_name,
    standing_tag,
    standing_words,
    state_tag,
    step_reason,
    step_state,
    step_words,
    proposal_items,
)


def init_app(app: Flask) -> None:
    """Let every template say how a referral stands: `standing(referral)`, `referral_words.state_tag(...)`."""
    app.jinja_env.globals["standing"] = standing
    app.jinja_env.globals["referral_words"] = {each.__name__: each for each in WORDS}
