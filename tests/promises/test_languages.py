"""Every page that somebody can reach is whole in its language, well made, and changes nothing by being read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from bs4.element import PreformattedString

from tests.client import TAGS
from tests.promises.crawling import PEOPLE, crawl, work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4.element import Tag

    from tests.client import Page
    from tests.promises.crawling import World

pytestmark = pytest.mark.xdist_group("every-page")  # fetched once in each language, not once more in each worker
FOREIGN = {
    "zh": re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{3,}(?![A-Za-z0-9])"),
    "en": re.compile(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]+"),
}
REFERENCE = re.compile(r"\b[0-9A-F]{8}\b")  # of a referral
CARD = re.compile(r"C \d{6} \d\d [0-9A-Z]{7} [0-9A-Z]")
# Kinds of files and vaccines that are called so everywhere.
FILES = re.compile(r"(?<![A-Za-z0-9])(?:Excel|CSV|xlsx?|PDF|HPV|Hib)(?![A-Za-z0-9])")
SPOKEN = ("alt", "aria-label", "placeholder", "title", "data-choose", "data-none", "data-one", "data-other")


def said(soup: BeautifulSoup, language: str) -> Iterator[str]:
    """Yield the texts that are in the language of the page; what is marked as another language is left out."""
    for text in soup.find_all(string=True):
        if not isinstance(text, PreformattedString) and _language(text.parent) == TAGS[language]:
            # The options of a list hold no marks: characters stand behind their reading there.
            yield re.sub(r"^([A-Z].*) \S+$", r"\1", text) if text.parent.name == "option" else str(text)
    for element in soup.find_all(True):
        if _language(element) == TAGS[language]:
            yield from (str(element[name]) for name in SPOKEN if element.get(name))


def foreign(soup: BeautifulSoup, language: str, known: set[str]) -> set[str]:
    """Return the words of a page that are in the other language; `known` ones (user names) may stand anywhere."""
    names = re.compile("|".join(sorted(known, key=len, reverse=True)) or "$^")
    texts = (names.sub("", FILES.sub("", REFERENCE.sub("", CARD.sub("", text)))) for text in said(soup, language))
    return {word for text in texts for word in FOREIGN[language].findall(text)}


def _language(element: Tag) -> str:
    marked = element if element.has_attr("lang") else element.find_parent(lang=True)
    return str(marked["lang"]) if marked else ""


@dataclass(frozen=True)
class Walk:
    """All pages that were reached in a language, and the tables of which reading changed a row."""

    language: str
    pages: list[Page]
    changed: set[str]


@pytest.fixture(scope="module", params=["zh", "en"])
def walk(request: pytest.FixtureRequest, world: World) -> Walk:
    language = str(request.param)
    pages = [work(world, language)]
    browsers = [world.browser(username, language) for username in PEOPLE]
    before = world.rows()
    for browser in browsers:
        pages += crawl(world.app, browser)
    changed = {name for name, rows in world.rows().items() if rows != before[name]}
    return Walk(language, pages, changed)


def test_every_page_that_can_be_reached_is_whole_in_its_language(walk: Walk, world: World) -> None:
    known = world.usernames()
    found = {page.path: foreign(page.soup, walk.language, known) for page in walk.pages}
    assert {path: words for path, words in found.items() if words} == {}


def test_reading_pages_changes_nothing_but_the_audit_and_when_a_session_was_seen(walk: Walk) -> None:
    assert len(walk.pages) > 60
    assert walk.changed == set()


@pytest.mark.parametrize(
    ("language", "page", "words"),
    [
        (
            "zh",
            '<html lang="zh-CN"><p>登记 Register<i lang="en">English</i><a title="Sign in">2026</a>',
            {"Register", "Sign"},
        ),
        (
            "en",
            '<html lang="en"><title>登记</title><bdi lang="zh-CN">李</bdi><img alt="姓名"><option>Wu 吴',
            {"登记", "姓名"},
        ),
    ],
    ids=["zh", "en"],
)
def test_the_search_finds_what_is_said_in_the_other_language(language: str, page: str, words: set[str]) -> None:
    assert foreign(BeautifulSoup(page, "html5lib"), language, set()) == words
