"""The slip of a referral: what the office may see before it accepts, and a part to tear off for its answer.

In Chinese and English on one sheet, for an office without the registry, or a family that goes there by itself. What
comes back on paper the registrar finds by the reference and enters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _
from markupsafe import Markup

from registry.areas.queries import full_names_of
from registry.children.fields import facts_for_service, sealed_fields
from registry.children.queries import children_for_service, present_episode
from registry.i18n import language, spoken
from registry.paper.flow import FULL, Flow
from registry.paper.lettering import broken
from registry.paper.pieces import Blank, Tick, Words, arranged
from registry.paper.qr import qr_code
from registry.paper.said import both
from registry.paper.sheet import BOTTOM, FAINT, INK, LEFT, MM, QUIET, RIGHT, Imprint, Letters
from registry.referrals import confidential, shown
from registry.referrals.answers import answer_words
from registry.web.filters import HAN, in_chinese, long_date, phrases
from sop.content import LANGUAGES, Text
from sop.referral import offers, wanting
from sop.referral.rules import APPOINTMENT, NEXT_DOSE, RECALL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from uuid import UUID

    from registry.access import Viewer
    from registry.areas.models import Office
    from registry.children.models import Child
    from registry.paper.pieces import Piece
    from registry.referrals.models import Referral

COLUMN: Final = FULL / 2
GAP: Final = 3 * MM
LABEL, VALUE, SMALL = 6.8, 9.4, 7.4
STEP: Final = 1.32
QR: Final = 22 * MM
TICK_STEP: Final = 5.2 * MM
LINE_STEP: Final = 6.6 * MM
ITEM: Final = 45 * MM
RESULT: Final = 32 * MM
HEAD: Final = 31.2 * MM
STAMP: Final = 16 * MM

AREA: Final = "child.area"

Fact = tuple[Text, Text]
Places = dict[str, Text]


def slips_paper(viewer: Viewer, referrals: Sequence[Referral], version: str, *, sample: bool) -> bytes:
    """Return the slips of referrals that offices have, as one PDF. `version` and `sample`: see `Imprint`.

    The viewer may open what the offices may see before they accept; nothing else of the children is opened.
    """
    flow = Flow(Imprint(both(lambda: _("Referral slip")), version, sample))
    children = children_for_service(each.child_id for each in referrals)
    places = _places(viewer, referrals, children)
    for place, referral in enumerate(referrals):
        if place:
            flow.turn()
        flow.title(flow.sheet.imprint.title)
        _facts(flow, _asked(viewer, referral, places), columns=3)
        _facts(flow, _of_child(viewer, referral, children[referral.child_id], places), columns=2)
        _documents(flow, referral)
        _tear_off(flow, referral)
    return flow.pdf()


def _places(viewer: Viewer, referrals: Iterable[Referral], children: Mapping[UUID, Child]) -> Places:
    """Return the names of where the offices and the children are, in one query for each language."""
    offices = [confidential.office_of(each, viewer) for each in referrals]
    codes = {office.area_code for office in offices if office}
    codes |= {present_episode(child).area_code for child in children.values()}
    zh, en = (full_names_of(codes, tongue) for tongue in LANGUAGES)
    return {code: Text(zh.get(code, code), en.get(code, code)) for code in codes}


def _asked(viewer: Viewer, referral: Referral, places: Places) -> list[Fact]:
    """Who asks whom for what, and by when. Where an office is, its name and its area say: no more is kept of it."""
    office = confidential.office_of(referral, viewer)
    where = places[office.area_code] if office else Text("", "")
    told = [
        (lambda: _("Reference"), lambda: shown.reference(referral)),
        (lambda: _("Service"), lambda: shown.service_name(referral)),
        (lambda: _("Reason"), lambda: phrases(shown.reasons_of(referral))),
        (lambda: _("To the office"), lambda: _called(office)),
        (lambda: _("Area of the office"), lambda: where.in_language(language())),
        (lambda: _("Sent by"), lambda: _called(referral.from_office)),
        (lambda: _("Sent"), lambda: long_date(referral.sent_on)),
        (lambda: _("Accept by"), lambda: long_date(referral.accept_by)),
        (lambda: _("Answer by"), lambda: long_date(referral.answer_by)),
    ]
    agreed_on = shown.agreed_on(referral)
    agreed = [(lambda: _("The guardian agreed"), lambda: long_date(agreed_on))] if agreed_on else []
    return [(both(label), both(value)) for label, value in (*told, *agreed)]


def _called(office: Office | None) -> str:
    """Return what an office is called, and where it is reached, which stands once."""
    if office is None:
        return ""
    name = office.name(language())
    return f"{name} {office.phone}" if office.phone and in_chinese() else name


def _of_child(viewer: Viewer, referral: Referral, child: Child, places: Places) -> list[Fact]:
    """What the service may see before it accepts, and no more."""
    fields = shown.service_of(referral).visible_before
    opening = viewer.opening(sealed_fields(fields))

    def said(tongue: str) -> list[tuple[str, str]]:
        with spoken(tongue):
            return [(label, _plain(value)) for label, value in facts_for_service(opening, child, told)]

    told = [field for field in fields if field != AREA]
    pairs = zip(said("zh"), said("en"), strict=True)
    lives = (both(lambda: _("Area of residence")), places[present_episode(child).area_code])
    facts = [(Text(zh[0], en[0]), _once(zh[1], en[1])) for zh, en in pairs]
    return [*facts, lives] if AREA in fields else facts


def _plain(value: str | Markup | None) -> str:
    """Return what a page shows on several lines, on one and without its markup."""
    if isinstance(value, Markup):
        return phrases(part.striptags() for part in value.split(Markup("<br>")))
    return value or ""


def _once(zh: str, en: str) -> Text:
    """Return a value without the characters that its English words repeat from the line above them."""
    words = " ".join(word for word in en.split(" ") if not HAN.search(word)).rstrip(", ;")
    same = zh.replace("；", "; ") == en
    return Text(zh, zh if same else words or zh)


def _facts(flow: Flow, facts: Sequence[Fact], columns: int) -> None:
    """Write facts in columns, each label above its value."""
    width = FULL / columns
    for left in range(0, len(facts), columns):
        row = [(label, _lines(value, width - GAP)) for label, value in facts[left : left + columns]]
        height = LABEL * STEP + max(sum(size * STEP for _line, size, _tongue in lines) for _label, lines in row) + 3
        flow.need(height)
        for place, (label, lines) in enumerate(row):
            x, y = LEFT + place * width, flow.y - LABEL - 2
            flow.sheet.both((x, y), label, Letters(LABEL, QUIET), gap=3)
            for words, size, tongue in lines:
                y -= size * STEP
                flow.sheet.text((x, y), words, Letters(size, INK if tongue == "zh" else QUIET), language=tongue)
        flow.y -= height
        flow.sheet.line(LEFT, flow.y, RIGHT, flow.y, ink=FAINT)


def _lines(said: Text, width: float) -> list[tuple[str, float, str]]:
    """Return (words, size, language) of each line of a value; what is the same in both languages stands once."""
    tongues = [("zh", said.zh or "—", VALUE)] + ([("en", said.en, SMALL)] if said.en != said.zh else [])
    return [(line, size, tongue) for tongue, words, size in tongues for line in broken(words, size, width)]


def _documents(flow: Flow, referral: Referral) -> None:
    papers = shown.service_of(referral).documents
    if not papers:
        return
    flow.need(12 * MM)
    flow.space(LABEL + 2)
    flow.sheet.both((LEFT, flow.y), both(lambda: _("To be brought along")), Letters(LABEL, QUIET), gap=3)
    for paper in papers:
        flow.space(4.4 * MM)
        flow.sheet.both((LEFT, flow.y), Text(f"· {paper.zh}", paper.en), Letters(VALUE - 0.6))
    flow.space(3 * MM)


def _tear_off(flow: Flow, referral: Referral) -> None:
    """Draw the part for the answer at the foot of the page, on the next one where it does not fit below the rest."""
    height = _height(referral)
    flow.need(height)
    sheet, flow.y = flow.sheet, BOTTOM + height
    sheet.line(LEFT - 10 * MM, flow.y, RIGHT + 10 * MM, flow.y, ink=QUIET, dashed=True)
    cut = both(lambda: _("Cut here; this part goes back to the office that sent the referral"))
    sheet.both((LEFT, flow.y - 3.6 * MM), cut, Letters(7))
    flow.space(5.4 * MM)
    reference = shown.reference(referral)
    said = both(lambda: _("Reference %(reference)s", reference=reference))
    sheet.picture(RIGHT - QR, flow.y - QR + 1 * MM, QR, qr_code(reference), f"{said.zh} {said.en}")
    flow.space(6 * MM)
    sheet.both((LEFT, flow.y), both(lambda: _("Answer slip")), Letters(13, bold=True), kind="H2")
    for line in (
        said,
        both(lambda: _("Service: %(service)s", service=shown.service_name(referral))),
        both(lambda: _("Back to: %(office)s", office=referral.from_office.name(language()))),
    ):
        flow.space(5.3 * MM)
        sheet.both((LEFT, flow.y), line, Letters(9))
    flow.space(4 * MM)
    _outcomes(flow, referral)
    _items(flow, referral)
    for pieces in _to_fill_in(referral):
        _line(flow, pieces)
    _signature(flow)


def _height(referral: Referral) -> float:
    outcomes = -(-len(answer_words.outcomes_of(referral)) // 2) * TICK_STEP
    items = len(shown.service_of(referral).items) * TICK_STEP
    lines = sum(len(arranged(pieces, FULL)) for pieces in _to_fill_in(referral)) * LINE_STEP
    return HEAD + outcomes + items + lines + STAMP


def _outcomes(flow: Flow, referral: Referral) -> None:
    """Draw a box for each outcome, in two columns read downwards."""
    ticks = [Tick(outcome.text) for outcome in answer_words.outcomes_of(referral)]
    rows = -(-len(ticks) // 2)
    for place, tick in enumerate(ticks):
        column, row = divmod(place, rows)
        tick.draw(flow.sheet, LEFT + column * COLUMN, flow.y - (row + 1) * TICK_STEP, COLUMN - GAP)
    flow.space(rows * TICK_STEP)


def _items(flow: Flow, referral: Referral) -> None:
    """Draw a line for each item that is compared, with a box for each result."""
    service, codes = shown.service_of(referral), shown.sop_of(referral).codes
    for item in service.items:
        flow.space(TICK_STEP)
        Words(codes["item"].text(item)).draw(flow.sheet, LEFT, flow.y, ITEM)
        for place, result in enumerate(codes["item_result"]):
            Tick(result.text).draw(flow.sheet, LEFT + ITEM + place * RESULT, flow.y, RESULT)


def _to_fill_in(referral: Referral) -> list[tuple[Piece, ...]]:
    """Return the lines below the outcomes: what any outcome of the service asks for or takes."""
    service = shown.service_of(referral)
    offered, lines = offers(shown.sop_of(referral), service), list[tuple["Piece", ...]]()
    if instead := offered["alternative"]:
        lines.append((_words(lambda: _("Offered instead")), *(Tick(each.text) for each in instead)))
    days = {
        RECALL: lambda: _("Date to come again"),
        APPOINTMENT: lambda: _("Date of the appointment"),
        NEXT_DOSE: lambda: _("Date of the next dose"),
    }
    asked = {
        "reason": lambda: _("Reason"),
        "school_kind": lambda: _("Kind of school"),
        "school": lambda: _("Name of the school"),
        "grade": lambda: _("Grade"),
        "begins": lambda: _("First day at school"),
    }
    labels = [label for kind, label in days.items() if kind in {each.asks for each in service.outcomes}]
    labels += [label for name, label in asked.items() if wanting(service, name)]
    blanks = [(_words(label), Blank(24 * MM)) for label in labels]
    pairs = [blanks[place : place + 2] for place in range(0, len(blanks), 2)]
    lines += [tuple(piece for blank in pair for piece in blank) for pair in pairs]
    return [*lines, (_words(lambda: _("Returned because")), Blank())]


def _words(say: Callable[[], object]) -> Words:
    return Words(both(say))


def _line(flow: Flow, pieces: tuple[Piece, ...]) -> None:
    for line in arranged(pieces, FULL):
        flow.space(LINE_STEP)
        for piece, place, width in line:
            piece.draw(flow.sheet, LEFT + place, flow.y, width)


def _signature(flow: Flow) -> None:
    labels = [both(lambda: _("Signature")), both(lambda: _("Date on the slip")), both(lambda: _("Stamp of the office"))]
    flow.space(9 * MM)
    for place, label in enumerate(labels):
        x = LEFT + place * FULL / len(labels)
        end = flow.sheet.both((x, flow.y), label, Letters(9)) + 4
        flow.sheet.line(end, flow.y - 2, x + FULL / len(labels) - 3 * MM, flow.y - 2)
