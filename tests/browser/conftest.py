"""A demonstration that is served, a browser, and people who visit it."""

from __future__ import annotations

import itertools
import os
import shutil
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.visitor import Site, Visitor
from tests.serving import prepare, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

CHILDREN = 200
PICTURES = Path(__file__).parent / "pictures" if os.environ.get("PICTURES") else None
SCREENS = {"390": (390, 844), "1280": (1280, 900)}
PAIRS = ("390-zh", "1280-en")  # of screen and language: each screen and each language once
WIDELY = "test_every_page_of_every_role_is_well_made"
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Everything here needs a browser and this machine's own network, and takes its time; phones go to one worker.

    The stories go through phone and desk and both languages, but not through all four pairs of them: what differs
    between the pairs is the layout, and one test looks at the layout of every page in each.
    """
    spared = [item for item in items if not _is_wide(item) and not any(pair in item.name for pair in PAIRS)]
    if spared:
        config.hook.pytest_deselected(items=spared)
        items[:] = [item for item in items if item not in spared]
    for item in items:
        if Path(__file__).parent in item.path.parents:
            group = "phone" if "390" in item.name else "desk"
            marks = (
                pytest.mark.browser,
                pytest.mark.enable_socket,
                pytest.mark.timeout(300),
                pytest.mark.xdist_group(group),
            )
            for mark in marks:
                item.add_marker(mark)


def _is_wide(item: pytest.Item) -> bool:
    """Say whether a test runs whatever the pair: it is none of these, or looks at every page."""
    return Path(__file__).parent not in item.path.parents or item.name.startswith(WIDELY)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A small demonstration, served as operators serve it."""
    demonstration = prepare(tmp_path_factory.mktemp("demonstration"), CHILDREN)
    with served(demonstration.environment) as port:
        database = Path(demonstration.environment["REGISTRY_DATABASE_URL"].removeprefix("sqlite:///"))
        yield Site(f"http://127.0.0.1:{port}", demonstration.password, database)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("chromium is missing: apt-get install -y chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield opened
        opened.close()


@dataclass(frozen=True)
class Screen:
    """The size of a window in CSS pixels."""

    name: str
    width: int
    height: int


@pytest.fixture(params=SCREENS)
def screen(request: pytest.FixtureRequest) -> Screen:
    """A phone and a desk: a test that asks for it runs on both."""
    return Screen(request.param, *SCREENS[request.param])


@pytest.fixture
def visit(
    site: Site, browser: Browser, screen: Screen, language: str, looked_at: dict[str, set[str]]
) -> Iterator[Callable[..., Visitor]]:
    """Return a function: `visit("changzhou-registrar")` signs somebody in at a browser of their own."""
    opened: list[Visitor] = []

    def arrive(username: str, *, scripts: bool = True) -> Visitor:
        context = browser.new_context(
            viewport={"width": screen.width, "height": screen.height}, java_script_enabled=scripts
        )
        kind = f"{screen.name}-{language}"
        pictures = PICTURES / kind if PICTURES else None
        seen, closely = looked_at[kind], kind in PAIRS
        visitor = Visitor(site, context, language, scripts=scripts, closely=closely, seen=seen, pictures=pictures)
        opened.append(visitor)
        visitor.sign_in(username)
        return visitor

    yield arrive
    for visitor in opened:
        visitor.context.close()
    faults = [fault for visitor in opened for fault in visitor.faults]
    assert not faults, "\n".join(faults)


@pytest.fixture(scope="session")
def looked_at() -> dict[str, set[str]]:
    """The kinds of pages that were looked at closely: the second look at the same one costs time and finds nothing."""
    return defaultdict(set)


@pytest.fixture(scope="session")
def number() -> itertools.count[int]:
    """Numbers that tell the invented families of one run apart."""
    return itertools.count(1)
