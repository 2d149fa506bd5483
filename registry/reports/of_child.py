"""What papers for a family say of one child: facts in both languages, whatever the language of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from markupsafe import Markup

from registry.areas.codes import ancestors
from registry.areas.queries import full_name, full_names_of
from registry.children import answers_shown, fields
from registry.children.answers import answers_of
from registry.children.display import answer, flag_tags, status_tag, unanswered
from registry.children.fields import guardian, spaced
from registry.children.guardianships import present
from registry.children.queries import present_episode, present_schooling
from registry.i18n import language
from registry.paper.said import both
from registry.referrals import shown as referral_words
from registry.referrals.discreet import discreet_name, is_discreet
from registry.web.filters import long_date, month_span
from sop.card import grouped
from sop.content import LANGUAGES, Text
from sop.identity import mask_id_number
from sop.referral import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.models import Child, Episode, Guardianship, Schooling
    from registry.paper.letter import Fact
    from registry.referrals.models import Referral
    from sop.questions import Question, Value

Places = dict[str, Text]

# Told elsewhere on the paper, or where somebody else than the one who gets it lives, works or is treated.
TOLD_ELSEWHERE = frozenset({"school", "certificate"})
ABOUT_OTHERS = frozenset({"away_area", "cannot_care_why"})
WHEREABOUTS = frozenset({"school_name", "grade_class", "health_clinic", "hukou_place"})


def fact(label: Callable[[], object], value: Callable[[], object]) -> Fact:
    """Return a label and a value as they are said in both languages, without markup."""
    return both(label), both(lambda: plain(value()))


def plain(value: object) -> str:
    """Return what a page shows, without its markup."""
    return str(value.striptags()) if isinstance(value, Markup) else str(value or "")


def name_of(child: Child, viewer: Viewer) -> Text:
    """Return the name in characters, and its reading where the paper says the same in English beside them."""
    name = child.name.open(viewer) or ""
    return Text(name, child.pinyin.open(viewer) or name)


def places_of(children: Iterable[Child], viewer: Viewer) -> Places:
    """Return the names of all divisions that papers about these children speak of, in two queries."""
    files = list(children)
    codes = {each.area_code for child in files for each in child.episodes}
    codes |= {each for child in files if (code := child.hukou.open(viewer)) for each in (code, _province(code))}
    zh, en = (full_names_of(codes, tongue) for tongue in LANGUAGES)
    return {code: Text(zh.get(code, code), en.get(code, code)) for code in codes}


def identity(child: Child, viewer: Viewer, places: Places, *, whole: bool, at_home: bool) -> list[Fact]:
    """Return who the child is. `whole`: the ID number in full, else masked.

    Where whoever reads does not live with the child (`at_home`), no more than the province of its hukou, which
    may be where it lives, and no card number, which names the county that gave it.
    """
    number, card = child.id_number.open(viewer), child.card_number.open(viewer)
    shown = number if number is None or whole else mask_id_number(number)
    given = [fact(lambda: _("Card number"), lambda: grouped(card) if card else "")]
    return [
        *(given if at_home else []),
        fact(lambda: _("Sex"), lambda: answer("sex", child.sex)),
        fact(lambda: _("Date of birth"), lambda: fields.born(child, viewer)),
        fact(lambda: _("ID number"), lambda: shown or fields.without_number(child)),
        (both(lambda: _("Place of hukou")), _hukou(child, viewer, places, at_home=at_home)),
        fact(lambda: _("Ethnic group"), lambda: answer("ethnic", child.ethnic.open(viewer))),
    ]


def _hukou(child: Child, viewer: Viewer, places: Places, *, at_home: bool) -> Text:
    code = child.hukou.open(viewer)
    if not code:
        return both(lambda: unanswered(child.hukou_answer))
    return places[code if at_home else _province(code)]


def _province(code: str) -> str:
    return ancestors(code)[0]


def category(child: Child) -> Fact:
    """Return as what the child is registered."""
    flags = present_episode(child).flags
    return fact(lambda: _("Registration category"), lambda: _listed(words for words, _kind in flag_tags(flags)))


def address(child: Child, viewer: Viewer) -> Fact:
    """Return where the child lives."""
    return fact(lambda: _("Address"), lambda: fields.address(child, viewer))


def present_school(child: Child, viewer: Viewer, *, at_home: bool) -> Fact:
    """Return the present answer about school; the school's name only for whoever lives with the child."""
    present = present_schooling(child)
    stage = present.stage if present else None
    return fact(lambda: _("Schooling"), lambda: fields.schooling(child, viewer) if at_home else answer("school", stage))


def certificate(child: Child) -> Fact:
    """Return the answer about the vaccination certificate."""
    return fact(lambda: _("Vaccination certificate"), lambda: fields.certificate(child))


def episodes(child: Child, places: Places) -> list[Fact]:
    """Return where the child was on the register, newest first: since when, the area, and how it ended."""
    return [_episode(each, places[each.area_code]) for each in child.episodes]


def _episode(each: Episode, area: Text) -> Fact:
    return fact(
        lambda: long_date(each.registered_on),
        lambda: _listed((area.in_language(language()), status_tag(each.status)[0])),
    )


def adults(child: Child, viewer: Viewer, *, recipient: UUID | None, at_home: bool) -> list[Fact]:
    """Return who answers and cares for the child, for one of them to read.

    Everybody's name and relation; phone, work and address only the recipient's own and, where the recipient
    lives with the child (`at_home`), the phones of those who live there too.
    """
    return [
        _adult_fact(one, viewer, own=one.guardian_id == recipient, with_them=at_home and one.guardian.lives_here)
        for one in present(child)
    ]


def _adult_fact(one: Guardianship, viewer: Viewer, *, own: bool, with_them: bool) -> Fact:
    return fact(lambda: answer("care", one.care), lambda: _adult(one, viewer, own=own, with_them=with_them))


def _adult(one: Guardianship, viewer: Viewer, *, own: bool, with_them: bool) -> str:
    adult, said = one.guardian, [guardian(one, viewer)]
    phone = adult.phone.open(viewer) if own or with_them else None
    workplace, street = (adult.workplace.open(viewer), adult.address.open(viewer)) if own else (None, None)
    said += [spaced(phone)] if phone else []
    said += [_("works in %(place)s", place=full_name(workplace, language()))] if workplace else []
    said += [_("lives at %(address)s", address=street)] if street else []
    return _listed(said)


def schooling(child: Child, viewer: Viewer, *, at_home: bool) -> list[Fact]:
    """Return the spells of schooling, newest first; the school's name only for whoever lives with the child."""
    return [_spell_fact(spell, viewer, at_home=at_home) for spell in child.schooling]


def _spell_fact(spell: Schooling, viewer: Viewer, *, at_home: bool) -> Fact:
    since, until = _month(spell.from_month), _month(spell.to_month) if spell.to_month else None
    return fact(lambda: month_span((since, until)), lambda: _spell(spell, viewer, at_home=at_home))


def _spell(spell: Schooling, viewer: Viewer, *, at_home: bool) -> str:
    kind = spell.kind.open(viewer)
    school = spell.school.open(viewer) if at_home else None
    return _listed((answer("school", spell.stage), answer("schooling_kind", kind), school or ""))


def _month(text: str) -> tuple[int, int, None]:
    return int(text[:4]), int(text[5:]), None


def answered(child: Child, viewer: Viewer, on: date, *, at_home: bool) -> list[Fact]:
    """Return the answers of the full file; whoever lives elsewhere gets none that tell where the family is."""
    known = answers_of(viewer, child, on)
    left_out = TOLD_ELSEWHERE | ABOUT_OTHERS | (frozenset() if at_home else WHEREABOUTS)
    return [
        _answer(each, known.values[each.key])
        for each in known.asked()
        if each.key in known.values and each.key not in left_out and (at_home or each.scope == "child")
    ]


def _answer(question: Question, value: Value) -> Fact:
    return fact(lambda: answers_shown.name_of(question), lambda: answers_shown.worded(question, value))


def referrals(child: Child, *, at_home: bool) -> list[Fact]:
    """Return each referral: the service, the office, how it stands, its answer, when to come, by when."""
    return [_referral_fact(each, at_home=at_home) for each in child.referrals]


def _referral_fact(each: Referral, *, at_home: bool) -> Fact:
    return fact(lambda: referral_words.service_name(each), lambda: _referral(each, at_home=at_home))


def _referral(each: Referral, *, at_home: bool) -> str:
    office = referral_words.office_name(each) if at_home else ""
    state = answer("referral_state", each.state)
    due = come = ""
    if each.is_open and each.answer_by:
        due = _("Will answer by %(day)s", day=long_date(each.answer_by))
    if at_home and each.recall_on:
        come = _("Next date: %(day)s", day=long_date(each.recall_on))
    return _listed((office, state, referral_words.outcome_words(each) or "", come, due))


def progress(child: Child, *, at_home: bool) -> list[Fact]:
    """Return how each referral stands, for a paper that lies about at home: of a confidential service not which."""
    return [_progress_fact(each, at_home=at_home) for each in child.referrals]


def _progress_fact(each: Referral, *, at_home: bool) -> Fact:
    return fact(lambda: discreet_name(each), lambda: _progress(each, at_home=at_home))


def _progress(each: Referral, *, at_home: bool) -> str:
    told = not is_discreet(each)
    office = referral_words.office_name(each) if told and at_home else ""
    outcome = referral_words.outcome_words(each) if told else None
    due = _("Will answer by %(day)s", day=long_date(each.answer_by)) if each.is_open and each.answer_by else ""
    return _listed((office, _stands(each, at_home=at_home), outcome or "", due))


def _stands(each: Referral, *, at_home: bool) -> str:
    """Return the state with its day; where to be on which day only whoever lives with the child reads."""
    said = {
        State.SENT: lambda: _("Sent on %(day)s", day=long_date(each.sent_on)),
        State.ACCEPTED: lambda: _("Accepted on %(day)s", day=long_date(each.accepted_on)),
        State.CLOSED: lambda: _("Closed on %(day)s", day=long_date(each.closed_on)),
    }
    state = State(each.state)
    words = said[state]() if state in said else answer("referral_state", each.state)
    if not at_home or each.recall_on is None:
        return words
    appointed = state is State.APPOINTED
    day = long_date(each.recall_on)
    return _("Appointment on %(day)s", day=day) if appointed else _listed((words, _("Next date: %(day)s", day=day)))


def _listed(parts: Iterable[str]) -> str:
    return ("；" if language() == "zh" else "; ").join(part for part in parts if part)
