"""What pages say of a referral, in the words of the SOP and the language of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from registry.access import current_viewer
from registry.children.queries import present_schooling
from registry.clock import today
from registry.i18n import language
from registry.referrals import queries
from registry.referrals.calendar import working_calendar
from registry.referrals.reasons import read
from registry.web.filters import in_chinese, long_date
from sop.identity import BirthDate
from sop.referral import Deadlines, Standing, State, calendar_known, visible
from sop.referral import standing as standing_on
from sop.schooling import grade_name
from sop.version import in_force, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from flask import Flask

    from registry.referrals.models import Referral, ReferralStep
    from registry.referrals.service import Proposed
    from sop.version import Service, Sop

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
    limits = None
    if referral.accept_by and referral.answer_by:
        limits = Deadlines(referral.accept_by, referral.answer_by)
    return standing_on(State(referral.state), limits, today(), working_calendar())


def standing_words(stands: Standing) -> str | None:
    """Return 逾期6天, 今天到期 or 剩2天; None where no office's clock runs."""
    if stands.due is None:
        return None
    if stands.kind == "late":
        return str(_("%(days)s d late", days=stands.days))
    if stands.days == 0:
        return str(_("Due today"))
    return str(_("%(days)s d left", days=stands.days))


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
    return _outcome(referral, outcome) if outcome else _code("referral_state", step.state, sop_of(referral))


def step_reason(referral: Referral, step: ReferralStep) -> str | None:
    """Return the reason given with a step, in words."""
    reason = step.reason.open(current_viewer())
    if reason is None:
        return None
    lists = {"return": "return_reason", "withdraw": "withdraw_reason"}
    return _code(lists.get(step.move, "outcome_reason"), reason, sop_of(referral))


def returned_because(referrals: Iterable[Referral]) -> dict[UUID, str | None]:
    """Return why each of these that is returned was, in words, by its id; one query at most."""
    back = {each.id: each for each in referrals if each.state == State.RETURNED}
    steps = queries.last_returns(back) if back else {}
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
    return [sop.explain(reason, language()) for reason in read(referral.reasons)]


def service_name(referral: Referral) -> str:
    """Return the name of the service: 就学."""
    return service_of(referral).name.in_language(language())


def grade_due(referral: Referral) -> str:
    """Return the grade that the child should be in; the month of birth is enough to know it."""
    child = referral.child
    birth = BirthDate(child.birth_year, child.birth_month)
    sop = sop_of(referral)
    return grade_name(sop, birth, today(), referral.area_code).in_language(language())


def calendar_missing(referral: Referral) -> str | None:
    """Say so where a limit ends in a year whose working-day calendar is not known yet, else None."""
    calendar = working_calendar()
    if referral.answer_by is None or calendar_known(calendar, referral.answer_by):
        return None
    return sop_of(referral).say("warn_calendar", language(), year=referral.answer_by.year)


def sop_of(referral: Referral) -> Sop:
    """Return the version that the referral was made under."""
    return load(referral.sop_version)


def service_of(referral: Referral) -> Service:
    """Return the service as the referral's version has it."""
    return sop_of(referral).services[referral.service]


def visible_fields(referral: Referral) -> tuple[str, ...]:
    """Return what the answering office may see of the child in the present state."""
    return visible(service_of(referral), State(referral.state))


def _code(list_name: str, code: str, sop: Sop) -> str:
    return sop.codes[list_name].text(code).in_language(language())


def situation(referral: Referral) -> str:
    """Return the answer that the referral rests on: where the child goes to school, or the certificate."""
    child, sop = referral.child, sop_of(referral)
    if "child.certificate" in service_of(referral).visible_before:
        return _code("certificate", child.certificate, sop)
    present = present_schooling(child)
    return _code("school", present.stage if present else "unknown", sop)


def needing(referral: Referral, what: str) -> str:
    """Return, in words, the outcomes that ask for a "reason" or a "day"; empty when none does."""
    outcomes = service_of(referral).outcomes
    asking = [each for each in outcomes if (each.reasons if what == "reason" else each.asks)]
    return ("、" if in_chinese() else "; ").join(each.text.in_language(language()) for each in asking)


def asks_school(referral: Referral) -> bool:
    """Tell whether an answer of this service may name a school."""
    return any("schooling_kind" in each.writes for each in service_of(referral).outcomes)


def proposal_items(
    proposals: Iterable[Proposed], *, prefix: str = "", ticked: frozenset[str] | None = None
) -> list[dict[str, Any]]:
    """Return proposals as the macro of that name draws them: service, office, why, by when, what is seen.

    The box of a service has its code behind `prefix` as value. `ticked`: values chosen before; None ticks
    every proposal that an office answers.
    """
    sop = in_force(today())
    return [
        {
            "value": (value := f"{prefix}{each.service.code}"),
            "service": each.service.name.in_language(language()),
            "office": each.office.name(language()) if each.office else _("no office answers here yet"),
            "lines": list(_proposal_lines(sop, each)),
            "checked": each.office is not None and (ticked is None or value in ticked),
        }
        for each in proposals
    ]


def _proposal_lines(sop: Sop, proposed: Proposed) -> Iterator[str]:
    limits, seen = proposed.deadlines, proposed.service.visible_before
    yield from (sop.explain(reason, language()) for reason in proposed.reasons)
    yield _(
        "To be accepted by %(accept)s and answered by %(answer)s",
        accept=long_date(limits.accept_by),
        answer=long_date(limits.answer_by),
    )
    if not proposed.calendar_known:
        yield sop.say("warn_calendar", language(), year=limits.answer_by.year)
    names = [sop.codes["field"].text(field).in_language(language()) for field in seen]
    yield _("The office sees: %(fields)s", fields=("、" if in_chinese() else ", ").join(names))


WORDS = (
    asks_school,
    calendar_missing,
    grade_due,
    needing,
    outcome_words,
    reasons_of,
    reference,
    returned_because,
    service_name,
    situation,
    standing_tag,
    standing_words,
    state_tag,
    step_reason,
    step_words,
    proposal_items,
)


def init_app(app: Flask) -> None:
    """Let every template say how a referral stands: `standing(referral)`, `referral_words.state_tag(...)`."""
    app.jinja_env.globals["standing"] = standing
    app.jinja_env.globals["referral_words"] = {each.__name__: each for each in WORDS}
