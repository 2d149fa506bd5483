"""The frame of every page, and the pages for what went wrong."""

import pytest
from bs4 import BeautifulSoup

from registry.web import errors


def page(plain, path, language="en"):
    client = plain.test_client()
    with client.session_transaction() as session:
        session["language"] = language
    answer = client.get(path)
    return answer, BeautifulSoup(answer.text, "html5lib")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_says_its_language_and_has_one_heading(plain, language):
    _, soup = page(plain, "/page", language)
    assert soup.html["lang"] == ("zh-CN" if language == "zh" else "en")
    assert [h1.text for h1 in soup.find_all("h1")] == ["Page"]
    assert soup.title.text.startswith("Page – ")
    assert soup.select_one("a.govuk-skip-link")["href"] == f"#{soup.main['id']}"


def test_sample_data_is_said_on_every_page(plain):
    _, soup = page(plain, "/page")
    assert soup.select_one(".app-sample").text == "Sample dataPeople and numbers are invented"


def test_signed_out_the_language_stands_before_the_words(plain):
    _, soup = page(plain, "/page?state=open")
    assert soup.nav is None
    buttons = soup.select("main form button")
    assert [button["value"] for button in buttons] == ["zh", "en"]
    assert soup.select_one("main input[name=next]")["value"] == "/page?state=open"


def test_signed_in_there_are_pages_to_go_to_and_a_way_out(plain):
    plain.config["SEEN"] = object()
    _, soup = page(plain, "/page")
    assert soup.select_one("nav [aria-current=page]").text == "Find"
    assert soup.find("form", action="/sign-out")
    assert soup.select_one("header button[name=language]")["value"] == "zh"


def test_where_answers_were_typed_the_language_button_sends_them_along(plain):
    plain.config["SEEN"] = object()
    _, soup = page(plain, "/keeping")
    buttons = soup.select("header button[form=form]")
    assert [button.get("name") for button in buttons] == [None, "_language"]
    assert buttons[0]["tabindex"] == "-1"


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 500, 503])
def test_an_error_has_a_page_that_says_what_to_do(english, status):
    answer, soup = page(english, f"/fails/{status}")
    assert answer.status_code == status
    assert soup.h1.text == str(errors.PAGES[status].heading)
    assert str(errors.PAGES[status].advice) in soup.main.text


def test_an_unusual_error_is_told_like_a_common_one(english):
    assert page(english, "/fails/418")[1].h1.text == str(errors.PAGES[400].heading)
    assert page(english, "/fails/502")[1].h1.text == str(errors.PAGES[500].heading)


def test_a_failure_shows_no_traceback(plain):
    plain.config["PROPAGATE_EXCEPTIONS"] = False
    answer, soup = page(plain, "/breaks")
    assert answer.status_code == 500
    assert soup.h1.text == "Something went wrong here"
    assert "ZeroDivisionError" not in answer.text


def test_when_the_frame_itself_fails_both_languages_are_shown(plain):
    plain.config["PROPAGATE_EXCEPTIONS"] = False
    plain.context_processor(lambda: 1 // 0)
    answer, _ = page(plain, "/page")
    assert answer.status_code == 500
    assert answer.text == errors.LAST_RESORT
