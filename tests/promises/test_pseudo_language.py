"""A language in which every sentence of the catalogue stands in marks: what stands outside them was never wrapped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from babel.support import NullTranslations
from bs4 import BeautifulSoup
from bs4.element import PreformattedString
from flask_babel import Domain
from sqlalchemy import select

from registry.accounts.models import User
from registry.areas.models import Area, Block, Office
from registry.areas.queries import TOWN
from registry.children.models import Child
from registry.clock import today
from registry.database import db
from registry.households.models import Guardian
from registry.names import romanise
from seed.demo.places import CITIES
from sop.content import MONTHS, Text
from sop.version import in_force
from tests.client import OPENER, TAGS
from tests.promises.crawling import OF_EACH_KIND, PEOPLE, crawl, work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4.element import Tag
    from werkzeug.routing import Rule

    from tests.client import Client
    from tests.promises.crawling import World

pytestmark = pytest.mark.xdist_group("pseudo-language")  # all pages are fetched once, not once in each worker
OPEN, CLOSE = "\u27e6", "\u27e7"
SPOKEN = ("alt", "aria-label", "placeholder", "title", "data-choose", "data-none", "data-one", "data-other")
TABLES = {"draft_id": "intake_draft", "report_id": "harm_report"}  # else called as the argument is
LANGUAGES = {"English"}  # the names of the two languages are not translated
APART = re.compile(r"[,·;:()/–—|\n]+")
HAN = re.compile(r"[\u3000-\u9fff\uff00-\uffef\U00020000-\U0003ffff]+")
WORD = re.compile(r"[A-Za-z]{2,}")
MONTH = "|".join([*MONTHS, *(month[:3] for month in MONTHS)])
WRITTEN = (  # what filters write and what people compare: days, references, ids, card and masked numbers
    re.compile(rf"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day )?(?:\d{{1,2}} )?(?:{MONTH})(?: \d{{4}})?\b"),
    re.compile(r"\b[0-9A-Fa-f]{8}\b"),
    re.compile(r"\bC ?[0-9]{6}[0-9A-Z ]*"),
    re.compile(r"\b154[0-9 ]+\b"),
)


class Marked(NullTranslations):  # type: ignore[misc]  # Babel ships no types here
    """Every message as it stands in the code, in marks."""

    def ugettext(self, message: str) -> str:
        return f"{OPEN}{message}{CLOSE}"

    def ungettext(self, singular: str, plural: str, number: int) -> str:
        return self.ugettext(singular if number == 1 else plural)

    def upgettext(self, _context: str, message: str) -> str:
        return self.ugettext(message)

    def unpgettext(self, _context: str, singular: str, plural: str, number: int) -> str:
        return self.ungettext(singular, plural, number)


@pytest.fixture(scope="module")
def reached(world: World) -> Iterator[dict[str, BeautifulSoup]]:
    """All that somebody can reach, by its path, in that language; the procedure's words stand in marks, too."""
    work(world, "en")
    spoken, marked = Text.in_language, Marked()
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(Domain, "get_translations", lambda _domain: marked)
        changed.setattr(Text, "in_language", lambda text, language: f"{OPEN}{spoken(text, language)}{CLOSE}")
        browsers = [world.browser(who, "en") for who in PEOPLE]
        found = {page.path: page.soup for browser in browsers for page in crawl(world.app, browser)}
        for browser in browsers:
            found |= dict(beyond(world, browser, set(found)))
        yield found


@pytest.fixture(scope="module")
def pages(reached: dict[str, BeautifulSoup]) -> dict[str, BeautifulSoup]:
    return {path: soup for path, soup in reached.items() if soup.title}  # a paper is no page


def beyond(world: World, browser: Client, reached: set[str]) -> Iterator[tuple[str, BeautifulSoup]]:
    """Yield pages of the kinds that no link led to, those behind forms, about rows that other pages were about."""
    router = world.app.url_map.bind("localhost")
    seen = {router.match(path, method="GET")[0] for path in reached}
    for rule in world.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in seen or len(rule.arguments) > 1:
            continue
        for values in _arguments(world, rule, reached):
            path = router.build(rule.endpoint, values, method="GET")
            answer = browser.http.get(path)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                yield path, BeautifulSoup(answer.get_data(), "html.parser")


def _arguments(world: World, rule: Rule, reached: set[str]) -> Iterator[dict[str, object]]:
    """Yield what an address may be filled in with: of its table the rows met so far, the first and the last one."""
    if not rule.arguments:
        yield {}
    for name in rule.arguments:
        table = db.metadata.tables.get(TABLES.get(name, name[:-3]))
        if table is not None:
            with world.app.app_context():
                ids = list(db.session.scalars(select(table.c.id).order_by(table.c.id)))
            met = [row_id for row_id in ids if any(str(row_id) in path for path in reached)]
            for row_id in dict.fromkeys([*met[:OF_EACH_KIND], *ids[:1], *ids[-OF_EACH_KIND:]]):
                yield {name: row_id}


def bare(text: str, depth: int = 0) -> tuple[str, int]:
    """Return what of a text stands outside all marks, and how deep in marks it ends."""
    outside = []
    for sign in text:
        depth += (sign == OPEN) - (sign == CLOSE)
        outside.append(sign if depth == 0 and sign != CLOSE else " ")
    return "".join(outside), depth


def unmarked(soup: BeautifulSoup) -> Iterator[str]:
    """Yield what a page says outside marks; what is marked as another language is left out."""
    depth = 0
    for node in soup.find_all(string=True):
        if isinstance(node, PreformattedString) or node.parent.name in ("script", "style"):
            continue
        outside, depth = bare(str(node), depth)
        if _language(node.parent) == TAGS["en"]:
            yield outside
    for element in soup.find_all(True):
        if _language(element) == TAGS["en"]:
            yield from (bare(str(element[name]))[0] for name in SPOKEN if element.get(name))
            if element.name == "input" and element.get("type") in ("submit", "button", "reset"):
                yield bare(str(element.get("value", "")))[0]


def forgotten(soup: BeautifulSoup, data: set[str]) -> set[str]:
    """Return the words that are neither in marks nor data: names from the database, days, numbers."""
    found = set()
    for text in unmarked(soup):
        rest = HAN.sub(" ", text)
        for written in WRITTEN:
            rest = written.sub(" ", rest)
        for part in (" ".join(piece.split()).strip("*. ›→") for piece in APART.split(rest)):
            if part not in data and WORD.search(part):
                found.add(part)
    return found


def _language(element: Tag) -> str:
    marked = element if element.has_attr("lang") else element.find_parent(lang=True)
    return str(marked["lang"]) if marked else ""


@pytest.fixture(scope="module")
def data(world: World) -> set[str]:
    """Names of places, offices, blocks and people, as an English page writes them, and the codes of vaccines."""
    with world.app.app_context():
        stems = tuple(city.stem for city in CITIES)
        found = {
            name
            for code, level, name in db.session.execute(select(Area.code, Area.level, Area.name_en))
            if level <= TOWN or code.startswith(stems)
        }
        found |= set(db.session.scalars(select(Office.name_en))) | set(db.session.scalars(select(Block.name_en)))
        found |= set(db.session.scalars(select(User.username)))
        people = [person for table in (User, Child, Guardian) for person in db.session.scalars(select(table))]
        names = {person.name.open(OPENER) for person in people} - {None}
    pieces = {piece.strip() for name in found for piece in APART.split(name)}
    codes = set(in_force(today()).immunisation.vaccines)
    return found | pieces | {romanise(name) for name in names} | LANGUAGES | codes


def test_no_page_says_anything_that_was_never_wrapped(pages: dict[str, BeautifulSoup], data: set[str]) -> None:
    assert len(pages) > 100
    found = {path: forgotten(soup, data) for path, soup in pages.items()}
    assert {path: words for path, words in found.items() if words} == {}


def test_the_pages_are_in_that_language(pages: dict[str, BeautifulSoup]) -> None:
    assert all(OPEN in soup.title.get_text() for soup in pages.values())


def test_nearly_every_kind_of_page_is_among_them(reached: dict[str, BeautifulSoup], world: World) -> None:
    router = world.app.url_map.bind("localhost")
    seen = {router.match(path, method="GET")[0] for path in reached}
    kinds = {rule.endpoint for rule in world.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert len(seen) > 0.75 * len(kinds), f"not seen: {sorted(kinds - seen)}"


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>⟦Saved.⟧ Never wrapped</p>", {"Never wrapped"}),
        ("<p>⟦Call <b>110</b> first⟧, 22 November 2026, Tianning</p>", set()),
        ("<title>Files – ⟦Registry⟧</title>", {"Files"}),
        ('<input placeholder="Name"><input type="submit" value="Send"><img alt="⟦Mark⟧">', {"Name", "Send"}),
        ('<a aria-label="Close">⟦x⟧</a><span lang="zh-CN">Latin in Chinese</span>', {"Close"}),
        ("<option>Tianning 天宁区</option><p>⟦one ⟦two⟧ three⟧ four five</p>", {"four five"}),
        ("<button>Save</button><p>3 children</p><p>1,234</p>", {"Save", "3 children"}),
    ],
)
def test_the_search_finds_what_was_never_wrapped_and_nothing_else(page: str, words: set[str]) -> None:
    soup = BeautifulSoup(f'<html lang="en">{page}', "html5lib")
    assert forgotten(soup, {"Tianning"}) == words
