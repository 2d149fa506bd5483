"""Every page that somebody can reach is whole in its language, well made, and changes nothing by being read."""

from __future__ import annotations

import re
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

FOREIGN = {"zh": re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{3,}(?![A-Za-z0-9])"), "en": re.compile(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]+")}
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


def foreign(page: Page, language: str, known: set[str]) -> set[str]:
    """Return the words of a page that are in the other language."""
    texts = (
        re.sub(r"[\w-]+-[\w-]+", lambda m: "" if m[0] in known else m[0], text) for text in said(page.soup, language)
    )
    return {word for text in texts for word in FOREIGN[language].findall(text)}


def _language(element: Tag) -> str:
    marked = element if element.has_attr("lang") else element.find_parent(lang=True)
    return str(marked["lang"]) if marked else ""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_that_can_be_reached_is_in_its_language_and_reading_it_changes_nothing(
    world: World, language: str
) -> None:
    pages = [work(world, language)]
    browsers = [world.browser(username, language) for username in PEOPLE]
    before = world.rows()
    for browser in browsers:
        pages += crawl(world.app, browser)
    assert {name for name, rows in world.rows().items() if rows != before[name]} == set()
    known = world.usernames()
    found = {page.path: words for page in pages if (words := foreign(page, language, known))}
    assert found == {}
    assert len(pages) > 60


def test_the_search_finds_a_word_of_the_other_language() -> None:
    page = '<html lang="{}"><body aria-label="ab {}"><i lang="x">{}</i><select><option>Wu 吴</select>{}</body></html>'
    chinese = BeautifulSoup(page.format("zh-CN", "Sign", "not", "登记 in"), "html5lib")
    assert "".join(said(chinese, "zh")).count("Sign") == 1
