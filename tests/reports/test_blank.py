"""Blank papers: the questions of the screens, all of them, in the order of the screens, in both languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from wtforms import DecimalField, Form

from registry.clock import today
from registry.households.forms.carers import CarerForm
from registry.i18n import spoken
from registry.reports import blank, full, quick
from registry.reports.asking import asked, shapes_of
from sop.questions import KINDS, LISTED
from sop.version import in_force
from tests.documents import Document, check_document
from tests.factories import VILLAGE
from tests.households.conftest import family

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory

PARTS = re.compile(r"-(year|month|day|typed|found|[0-9])$")
FIRST = re.compile(r"(guardians|children)-0-(.*)")
NOT_ASKED = {"csrf_token", "draft", "side", "stamp"}


def questions_on(page: Page) -> list[str]:
    """The names of a screen's questions in the order of the screen, those of a first person as "guardians.name"."""
    names = []
    for control in page.form().select("input, select, textarea"):
        name = PARTS.sub("", control.get("name", ""))
        first = FIRST.fullmatch(name)
        if first:
            names.append(f"{first[1]}.{first[2]}")
        elif name and name not in NOT_ASKED and not re.match(r"(guardians|children|seen|_)", name):
            names.append(name)
    return list(dict.fromkeys(names))


@pytest.fixture
def screens(make: Factory, client_as: Callable[..., Client]) -> Callable[[str], list[str]]:
    """Return a function that walks the screens of one side and gives their questions in order."""

    def walked(side: str) -> list[str]:
        office = make.office("village", VILLAGE, side=side)
        browser = client_as(make.user(office=office))
        make.block(VILLAGE)
        page = browser.get("/households/new")
        found = questions_on(page)
        page = page.submit({"side": side, "answer": "agrees"}, button=("continue", "1"), status=200)
        found += questions_on(page)
        answers = family() if side == "receiving" else {"guardians-0-phone": "15400002671", "who_away": "both"}
        page = page.submit(answers, button=("continue", "1"), status=200)
        return found + questions_on(page)

    return walked


@pytest.mark.parametrize("side", ["receiving", "sending"])
def test_a_quick_form_asks_what_the_screens_ask_in_the_same_order(
    app: Flask, screens: Callable[[str], list[str]], side: str
) -> None:
    assert list(quick.names(side)) == screens(side)


@pytest.mark.parametrize("side", ["receiving", "sending"])
def test_no_field_of_the_screens_definitions_is_missing_on_paper(app: Flask, side: str) -> None:
    with app.test_request_context():
        assert set(quick.shapes(side)) == set(quick.names(side))


@pytest.mark.parametrize("side", ["receiving", "sending"])
def test_the_full_form_asks_every_question_of_the_procedure_that_is_asked_at_all(app: Flask, side: str) -> None:
    questions = [each for each in in_force(today()).questions if not each.off and each.when.side in (None, side)]
    with app.test_request_context():
        printed = [each.key for _name, those in full.sections(side) for each in those]
    before = {name.rpartition(".")[2] for name in quick.names(side)}
    assert printed == [each.key for each in questions if each.key not in before]
    assert set(printed) | before >= {each.key for each in questions}


def test_paper_knows_every_kind_of_question_of_the_procedure() -> None:
    assert set(full.KINDS) | LISTED == KINDS


def test_a_kind_of_field_that_no_paper_knows_is_not_left_out_silently(app: Flask) -> None:
    class Strange(Form):
        amount = DecimalField("Amount")

    with app.test_request_context(), pytest.raises(TypeError, match="amount"):
        asked(["amount"], shapes_of(Strange), {})


@pytest.mark.parametrize("name", list(blank.PAPERS))
def test_a_blank_paper_is_whole_in_both_languages(client: Client, app: Flask, name: str) -> None:
    answer = client.http.get(f"/papers/{name}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == f'inline; filename="{name}.pdf"'
    document = Document(answer.data)
    with app.test_request_context():
        for language in ("zh", "en"):
            with spoken(language):
                check_document(document, str(blank.PAPERS[name]))
    assert 50_000 < len(answer.data) < 1_000_000
    assert {language for _kind, language, _alternative in document.parts()} == {"zh-CN", "en"}


def own_questions(names: tuple[str, ...]) -> list[str]:
    """Those that are not the answer beside another one, that there is none."""
    return [name for name in names if name.removesuffix("_answer") not in names or not name.endswith("_answer")]


def words_of(shapes: dict[str, Any], names: tuple[str, ...]) -> list[Any]:
    said = [shapes[name].label for name in own_questions(names)]
    return said + [words for name in names for code, words in shapes[name].choices]


@pytest.mark.parametrize("side", ["receiving", "sending"])
def test_every_label_and_every_answer_stands_on_the_form_in_chinese_and_english(app: Flask, side: str) -> None:
    with app.test_request_context():
        shapes = quick.shapes(side)
        text = "".join(Document(blank.paper(f"quick-{side}", sample=False)).text.split())
    missing = [
        words
        for said in words_of(shapes, quick.names(side))
        for words in (said.zh, said.en)
        if "".join(words.split()) not in text
    ]
    assert missing == []


def test_the_full_form_has_every_question_with_its_answers_in_both_languages(app: Flask) -> None:
    sop = in_force(today())
    with app.test_request_context():
        text = "".join(Document(blank.paper("full-sending", sample=False)).text.split())
        asked_for = [each for _name, those in full.sections("sending") for each in those]
    said = [each.label for each in asked_for]
    said += [code.text for each in asked_for if each.codes for code in sop.codes[each.codes]]
    assert [each for each in said for words in (each.zh, each.en) if "".join(words.split()) not in text] == []


@pytest.mark.parametrize("side", ["receiving", "sending"])
def test_the_full_form_asks_who_else_cares_and_where_a_parent_works_as_the_screen_does(app: Flask, side: str) -> None:
    not_on_paper = {"existing", "siblings"}  # somebody on file already, and the other children on file
    with app.test_request_context():
        shapes = shapes_of(lambda: CarerForm(formdata=None, meta={"csrf": False}))
        text = "".join(Document(blank.paper(f"full-{side}", sample=False)).text.split())
    assert set(full.CARER) == set(shapes) - not_on_paper
    said = [shapes[name].label for name in own_questions(full.CARER)]
    said += [words for _code, words in shapes["care"].choices]
    assert [each for each in said for words in (each.zh, each.en) if "".join(words.split()) not in text] == []


def test_a_condition_of_a_question_stands_beside_it_on_paper(app: Flask) -> None:
    with app.test_request_context():
        text = "".join(Document(blank.paper("full-receiving", sample=False)).text.split())
    assert "其他监护人在、没有监护人" in text


def test_questions_are_numbered_through_from_the_first_to_the_last(app: Flask) -> None:
    with app.test_request_context():
        document = Document(blank.paper("quick-receiving", sample=False))
    asked_for = len(own_questions(quick.names("receiving")))
    guardians, children = (quick.GUARDIANS - 1) * 4, (quick.CHILDREN - 1) * 7
    numbers = {int(line) for line in document.text.split() if re.fullmatch(r"[1-9][0-9]?", line)}
    assert asked_for + guardians + children == 39
    assert set(range(1, 40)) <= numbers


def test_the_notice_holds_every_promise_and_paragraph_and_the_slip_is_on_the_first_page(app: Flask) -> None:
    notice = in_force(today()).notice
    with app.test_request_context():
        first, second = Document(blank.paper("notice", sample=False)).pages
    said = [*notice.promises, *(text for part in notice.sections for text in (part.heading, *part.paragraphs))]
    joined = "".join(first.split()), "".join(second.split())
    assert [each.zh for each in said if "".join(each.zh.split()) not in joined[0]] == []
    assert [each.en for each in said if "".join(each.en.split()) not in joined[1]] == []
    for words in ("回执", "监护人签名", "Guardian's signature", notice.version):
        assert words in first


def test_a_paper_is_made_once_for_a_version(app: Flask) -> None:
    with app.test_request_context():
        assert blank.paper("notice", sample=False) is blank.paper("notice", sample=False)


def test_everybody_finds_the_papers_from_the_foot_of_a_page(client: Client, language: str) -> None:
    client.language = language
    with client.http.session_transaction() as session:
        session["language"] = language
    (link,) = client.get("/notice").select("footer a[href='/papers/']")
    page = client.get(str(link["href"]))
    assert page.h1 == {"zh": "纸质表格", "en": "Papers to print"}[language]
    assert [a["href"] for a in page.select("main a")] == [f"/papers/{name}.pdf" for name in blank.PAPERS]
    client.get("/papers/other.pdf", status=404)
