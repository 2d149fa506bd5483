"""What pages of protection say of codes: judgements, levels, harm, recipients, reasons, in the page's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask_babel import gettext as _
from markupsafe import Markup

from registry.clock import local, today
from registry.i18n import language
from registry.names import romanise
from sop.version import in_force, load

if TYPE_CHECKING:
    from datetime import date

    from registry.access import Viewer
    from registry.protection.models import HarmReport, HarmTold, ProtectionRequest
    from registry.protection.queries import Assessed
    from registry.protection.reports import Report
    from sop.protection import Judgement, ProtectionRules
    from sop.version import CodeList, Text

    Tag = tuple[str, str]

LEVEL_KINDS = {"high": "late", "raised": "soon", "ordinary": "grey"}
NOBODY = "nobody"


def rules() -> ProtectionRules:
    """Return the rules in force today."""
    return in_force(today()).protection


def said(text: Text | None) -> str:
    """Return words of the procedure in the language of the page."""
    return text.in_language(language()) if text else ""


def judged(assessed: Assessed) -> list[tuple[str, str | Markup]]:
    """Return what was judged, by (label, answer), in the words of the procedure it was made under."""
    answers, then = assessed.answers, load(assessed.row.sop_version).protection
    held = [said(then.judgement("category", code).text) for code in answers.categories]
    note = _("Stays with the office that wrote it") if assessed.withheld else lines(answers.note or "")
    return [
        (_("Kind of guardianship"), said(then.judgement("guardianship", answers.guardianship).text)),
        (_("Assessment of the care"), said(then.judgement("assessment", answers.assessment).text)),
        (_("Key care"), ("；" if language() == "zh" else "; ").join(held) or _("None")),
        (_("Note"), note),
    ]


def lines(typed: str) -> Markup:
    """Return what was typed in several lines, each on its own."""
    return Markup("<br>").join(typed.split("\n"))


def risk_tags(assessed: Assessed) -> list[Tag]:
    """Return the tags of a level, and that the child must be seen; of an earlier assessment the level in grey."""
    words = said(load(assessed.row.sop_version).protection.levels.text(assessed.risk.level))
    counts = assessed.row.latest
    tags = [(_("Risk: %(level)s", level=words), LEVEL_KINDS[assessed.risk.level] if counts else "grey")]
    return [*tags, (_("Must be seen"), "outlined")] if counts and assessed.risk.must_be_seen else tags


def meanings(judgements: tuple[Judgement, ...]) -> list[tuple[str, str]]:
    """Return the answers of a question that have a definition, each with it."""
    return [(said(one.text), said(one.meaning)) for one in judgements if one.meaning]


def child_of(report: Report) -> Markup:
    """Name the child of a report: as it was on file, else as it was described."""
    name = report.content.name
    if name is None:
        return Markup("{}").format(report.content.described or "")
    if language() == "zh":
        return Markup("<bdi>{}</bdi>").format(name)
    return Markup('{} <bdi lang="zh-CN" class="app-characters">{}</bdi>').format(romanise(name), name)


def danger_tag(report: Report) -> Tag | None:
    """Return the tag of a report of present danger; None where there is none."""
    return (_("Danger now"), "late") if report.content.urgency == "now" else None


def listed(codes: CodeList, held: tuple[str, ...]) -> str:
    """Return the words of several codes; one that the list no longer holds stands as it is."""
    known = [said(codes.text(code)) if codes.has(code) else code for code in held]
    return ("；" if language() == "zh" else "; ").join(known)


def phoned(report: Report) -> str:
    """Say who was phoned, and how that went."""
    lines = {one.code: said(one.name) for one in (*rules().hotlines, *rules().local_hotlines.values())}
    called = [lines.get(code, code) for code in report.content.phoned if code != NOBODY]
    joint = "；" if language() == "zh" else "; "
    return joint.join(
        [*(called or [_("Nobody yet")]), *([report.content.phoned_how] if report.content.phoned_how else [])]
    )


def recipient(code: str) -> str:
    """Name a body that is told of harm."""
    return said(rules().recipient(code).name)


def not_told(report: HarmReport) -> list[tuple[str, str]]:
    """Return the bodies that have still to be told, by (code, name), in the order of the law."""
    done = {one.recipient for one in report.told}
    return [(one.code, said(one.name)) for one in rules().recipients if one.code not in done]


def state_tag(report: HarmReport) -> Tag:
    """Return the tag of where a report stands."""
    if report.closed_at is not None:
        return _("Closed"), "done"
    waiting = len(not_told(report))
    return (_("Passed on"), "tint") if waiting == 0 else (_("Not yet passed on"), "soon")


def way(told: HarmTold, viewer: Viewer) -> str:
    """Say how a body was told."""
    return told.way.open(viewer) or ""


def day_of(report: HarmReport) -> date:
    """Return the day of the offices on which a report was written."""
    return local(report.made_at).date()


def asked_for(request: ProtectionRequest, viewer: Viewer) -> list[tuple[str, str]]:
    """Return what was asked for a file and why, by (label, answer)."""
    kept = cast("dict[str, Any]", request.reason.open(viewer))
    codes = rules().lifting if request.act == "lift" else rules().protecting
    why = said(codes.text(kept["code"])) if codes.has(kept["code"]) else kept["code"]
    return [(_("Reason"), why), (_("Note"), kept["note"] or "")]


def act(request: ProtectionRequest) -> str:
    """Say what was asked."""
    return str(_("Lift the mark") if request.act == "lift" else _("Protect the file"))


def decision_tag(request: ProtectionRequest) -> Tag:
    """Return the tag of what became of a request."""
    words: dict[str, Tag] = {
        "confirmed": (_("Confirmed"), "done"),
        "refused": (_("Refused"), "grey"),
        "withdrawn": (_("Withdrawn"), "grey"),
    }
    return words.get(request.decision or "", (_("Waiting"), "soon"))
