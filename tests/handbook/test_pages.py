"""The handbook on screen: every signed-in role reads it, finds words in it, and gets to each part by its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.access import Role
from registry.clock import today
from sop.handbook.parts import BETWEEN
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Callable

    from sop.handbook.parts import Chapter
    from tests.client import Client

SAID = {"zh": "公安机关不能查看孩子名单", "en": "The police cannot look through the list"}
SEARCHED = {"zh": "学位 候补", "en": "no place WAITING"}
NOWHERE = {"zh": "没有这样的话", "en": "no such words"}


@pytest.mark.parametrize("role", list(Role))
def test_every_role_finds_the_handbook_from_the_foot_of_a_page(client_as: Callable[..., Client], role: Role) -> None:
    browser = client_as(role.value)
    (link,) = browser.get("/password").select("footer a[href='/handbook/']")
    assert link.get_text(strip=True)
    assert browser.get("/handbook/").h1 == in_force(today()).handbook.title.zh


def test_whoever_is_not_signed_in_is_not_offered_it(client: Client) -> None:
    assert client.get("/notice").select("footer a[href='/handbook/']") == []


def test_each_chapter_says_all_that_the_rules_say(
    client_as: Callable[..., Client], chapters: tuple[Chapter, ...], language: str
) -> None:
    browser = client_as("auditor", language=language)
    for chapter in chapters:
        page = browser.get(f"/handbook/{chapter.key}")
        assert page.h1 == chapter.title
        text = "".join(page.text.split())
        for part in chapter.sections:
            pieces = [piece for said in part.said() for piece in said.split(BETWEEN)]
            assert [
                piece for piece in pieces if "".join(piece.replace("：", ":").split()) not in text.replace("：", ":")
            ] == []


def test_every_table_is_told_by_name_unless_its_section_is_called_the_same(client_as: Callable[..., Client]) -> None:
    browser = client_as("registrar")
    for name in ("visits", "immunisation", "services"):
        for part in browser.get(f"/handbook/{name}").select(".app-handbook__part"):
            names = [caption.get_text(strip=True) for caption in part.select("caption")]
            title = part.h2.get_text(strip=True)
            assert [head.get_text(strip=True) for head in part.select("h3")] == [
                each for each in names if each != title
            ]


def test_districts_are_told_by_name(client_as: Callable[..., Client]) -> None:
    text = client_as("registrar").get("/handbook/definitions").text
    assert "320402" not in text


def test_every_entry_of_the_contents_leads_to_its_place(client_as: Callable[..., Client]) -> None:
    browser = client_as("registrar")
    links = [str(link["href"]) for link in browser.get("/handbook/").select(".app-handbook__contents a")]
    assert len(links) > 40
    ids = {
        path: {str(place["id"]) for place in browser.get(path).select("[id]")}
        for path in {link.partition("#")[0] for link in links}
    }
    for link in links:
        path, _hash, place = link.partition("#")
        assert not place or place in ids[path], link


def test_words_are_found_and_lead_to_where_they_stand(client_as: Callable[..., Client], language: str) -> None:
    browser = client_as("officer", language=language)
    page = browser.get("/handbook/").submit({"q": SEARCHED[language]}, form="form[role=search]")
    found = [str(link["href"]) for link in page.select(".app-entry a")]
    assert "/handbook/services#part-education" in found
    assert page.select("input[name=q]")[0]["value"] == SEARCHED[language]
    assert SAID[language] not in page.text


def test_what_stands_nowhere_is_said_to_stand_nowhere(client_as: Callable[..., Client], language: str) -> None:
    page = (
        client_as("officer", language=language)
        .get("/handbook/")
        .submit({"q": NOWHERE[language]}, form="form[role=search]")
    )
    assert page.select(".app-entry") == []
    assert page.select(".app-empty")


def test_a_search_for_nothing_shows_the_contents_alone(client_as: Callable[..., Client]) -> None:
    page = client_as("officer").get("/handbook/?q=+")
    assert page.select(".app-entry") == page.select(".app-empty") == []
    assert page.select(".app-handbook__contents li")


@pytest.mark.parametrize("path", ["/handbook/nothing", "/handbook/local", "/handbook/print/fr.pdf"])
def test_a_chapter_that_is_not_there_is_not_found(client_as: Callable[..., Client], path: str) -> None:
    client_as("registrar").get(path, status=404)
