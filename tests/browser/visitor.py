"""Somebody at a browser, who looks at every page for what no page may have: faults of access, width or scripts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import APIResponse, BrowserContext, ConsoleMessage, Locator, Request, Response

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
SERIOUS = ("serious", "critical")
TAGS = {"zh": "zh-CN", "en": "en"}
PATIENCE_MS = 15_000
AXE = Axe()
ONLY_FAULTS = {"resultTypes": ["violations"]}  # what is well made is not written down at length


@dataclass(frozen=True)
class Site:
    """A served demonstration: its address, the password of its accounts, and the file of its database."""

    address: str
    password: str
    database: Path


class Visitor:
    """A browser with one person at it. `faults` collects what was wrong with the pages that were seen."""

    def __init__(
        self,
        site: Site,
        context: BrowserContext,
        language: str,
        *,
        scripts: bool,
        closely: bool,
        seen: set[str],
        pictures: Path | None,
    ) -> None:
        """`closely`: whether faults of access are looked for, and not of the layout alone."""
        self.site, self.context, self.language = site, context, language
        self.scripts, self.closely, self.pictures = scripts, closely, pictures
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.faults: list[str] = []
        self.status = 0
        self._who = ""
        self._seen = seen
        self._measuring = False
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self._fault(f"script error: {error}"))
        self.page.on("response", self._answered)
        self.page.on("request", self._asked)

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def sign_in(self, username: str) -> None:
        """Go to the sign-in page, choose the language there, and sign in."""
        own, self.language = self.language, "zh"
        self.open("/sign-in")
        self.language = own
        if own != "zh":
            self.press(f'button[name=language][value="{own}"]')
        self._who = username
        self.fill(username=username, password=self.site.password)
        self.press("form#form button.app-button--primary")
        assert self.path != "/sign-in", self.main.inner_text()

    def open(self, path: str) -> None:
        """Type an address."""
        self.page.goto(self.site.address + path)
        self.look()

    def read(self, path: str) -> APIResponse:
        """Fetch what an address answers to this person, without drawing it: for what is only searched for words."""
        return self.page.request.get(self.site.address + path)

    def press(self, css: str, *, has_text: str | None = None) -> None:
        """Press the first button or link that fits and look at the page that comes."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator(css, has_text=has_text).first.click()
        self.look()

    def fill(self, **answers: str) -> None:
        """Fill in boxes and lists by name; two underscores stand for a hyphen."""
        for key, answer in answers.items():
            control = self.page.locator(f'[name="{key.replace("__", "-")}"]').first
            if control.evaluate("control => control.tagName") == "SELECT":
                control.select_option(answer)
            else:
                control.fill(answer)

    def choose(self, **answers: str) -> None:
        """Choose tiles by name and code; two underscores stand for a hyphen."""
        for key, answer in answers.items():
            tile = self.page.locator(f'input[name="{key.replace("__", "-")}"][value="{answer}"]')
            self.page.locator(f'label[for="{tile.get_attribute("id")}"]').click()

    def look(self) -> None:
        """Inspect the page that is shown; the costly part once for each kind of page, screen and language."""
        tag = self.page.locator("html").get_attribute("lang")
        if tag != TAGS[self.language]:
            self._fault(f"<html lang> is {tag}")
        self._measure_width()
        wrong = self.page.locator(".govuk-error-summary").count()
        actions = self.page.evaluate("Array.from(document.forms).map(form => form.getAttribute('action'))")
        forms = sorted({UUID.sub("id", action or "") for action in actions})
        kind = UUID.sub("id", f"{self._who} {self.path} {wrong} {self.status} {self.scripts} {forms}")
        if kind in self._seen:
            return
        self._seen.add(kind)
        self._picture()
        if self.scripts and self.closely:  # the engine needs them; without them the page is the same
            self._measure_access()

    def _measure_width(self) -> None:
        wide, window = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        if wide > window:
            self._fault(f"scrolls sideways: {wide} > {window}: {self.page.evaluate(WIDEST)}")

    def _measure_access(self) -> None:
        self._measuring = True
        found = AXE.run(self.page, options=ONLY_FAULTS).response["violations"]
        self._measuring = False
        for violation in found:
            if violation["impact"] in SERIOUS:
                nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
                self._fault(f"axe {violation['impact']}: {violation['id']}: {nodes}")

    def _picture(self) -> None:
        if self.pictures:
            name = UUID.sub("id", self.path).strip("/").replace("/", "-")
            where = self.pictures / f"{self._who}-{len(self._seen):03d}-{name}-{self.status}.png"
            self.page.screenshot(path=where, full_page=True)

    def _heard(self, message: ConsoleMessage) -> None:
        """What the browser complains of: refused by the policy, failed scripts. A page's own status is not one."""
        page_itself = "Failed to load resource" in message.text and message.location.get("url") == self.page.url
        if message.type in ("error", "warning") and not page_itself and not self._measuring:
            self._fault(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        main = response.request.is_navigation_request()
        if main:
            self.status = response.status
        if response.status >= (500 if main else 400):
            self._fault(f"{response.status} for {urlsplit(response.url).path}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.site.address, "data:", "blob:")):
            self._fault(f"asks another host: {request.url}")

    def _fault(self, what: str) -> None:
        said = f"{self._who} at {self.path} ({self.language}): {what}"
        if said not in self.faults:
            self.faults.append(said)


WIDEST = """Array.from(document.querySelectorAll("main *, header *, nav *, footer *"))
  .filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
  .filter(e => !e.closest(".app-region, .app-tabs"))  // these scroll by themselves
  .slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(" | ")"""
