"""A browser without a screen that inspects every page it fetches, so that each view test checks markup too."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import html5lib
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from bs4.element import Tag
    from flask import Flask
    from werkzeug.test import TestResponse

TAGS = {"zh": "zh-CN", "en": "en"}
PASSWORD = "a-long-invented-password"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
READ_ELSEWHERE = ("application/pdf", XLSX)  # papers and spreadsheets: by the tests that are about them


@dataclass(frozen=True)
class _Opener:
    """A viewer of tests who may open everything."""

    opens: None = None
    role: None = None

    def covers(self, area_code: str) -> bool:
        """Every office is one of the own side."""
        return bool(area_code)


OPENER = _Opener()


@dataclass(frozen=True)
class Attached:
    """A file, given as the answer of a field that takes one."""

    content: bytes
    name: str

    def sent(self) -> tuple[BytesIO, str]:
        return BytesIO(self.content), self.name


@dataclass
class Page:
    """A fetched page: its parsed text, and its forms ready to be filled and sent."""

    client: Client
    path: str
    status: int
    soup: BeautifulSoup
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        main = self.soup.find(id="main") or self.soup
        return " ".join(main.get_text(" ").split())

    @property
    def h1(self) -> str:
        return " ".join(self.soup.h1.get_text(" ").split()) if self.soup.h1 else ""

    @property
    def errors(self) -> dict[str, str]:
        """Errors of the summary: the id each one links to → its words."""
        found = self.soup.select(".govuk-error-summary a, .error-summary a")
        return {link["href"].lstrip("#"): " ".join(link.get_text(" ").split()) for link in found}

    def select(self, css: str) -> list[Tag]:
        return list(self.soup.select(css))

    def form(self, css: str = "form#form") -> Tag:
        forms = self.soup.select(css)
        assert forms, f"{self.path}: no form {css!r}"
        return forms[0]

    def values(self, css: str = "form#form") -> list[tuple[str, str]]:
        """Return what a browser would send: every successful control with its present value."""
        return _successful(self.soup, self.form(css))

    def submit(
        self,
        answers: dict[str, Any] | None = None,
        *,
        button: str | tuple[str, str] | None = None,
        form: str = "form#form",
        status: int | None = None,
    ) -> Page:
        """Fill in answers (a list for several boxes, None to untick) and send; follows the redirect.

        `button`: its text, or (name, value). Without it the form's first button is pressed.
        """
        element = self.form(form)
        names = {c.get("name") for c in _controls(self.soup, element)}
        pairs: list[tuple[str, Any]] = list(self.values(form))
        for name, value in (answers or {}).items():
            assert name in names, f"{self.path}: the form has no field {name!r}; it has {sorted(filter(None, names))}"
            pairs = [p for p in pairs if p[0] != name]
            given = value if isinstance(value, list | tuple) else [value]
            pairs += [(name, v.sent() if isinstance(v, Attached) else str(v)) for v in given if v is not None]
        pairs += _button(self.soup, element, button)
        action = element.get("action") or self.path
        if (element.get("method") or "get").lower() == "get":
            query = urlencode([(name, value) for name, value in pairs if name])
            return self.client.get(f"{str(action).split('?')[0]}?{query}", status=status or HTTPStatus.OK)
        return self.client.post(str(action), pairs, status=status)


class Client:
    """Signs in, fetches, follows links, and fails on a page that is not well made."""

    def __init__(self, app: Flask, language: str = "zh") -> None:
        self.app = app
        self.language = language
        self.http = app.test_client()
        with self.http.session_transaction() as session:
            session["language"] = language

    def sign_in(self, user: Any, password: str = PASSWORD) -> Page:
        username = user if isinstance(user, str) else user.username
        page = self.get("/sign-in")
        return page.submit({"username": username, "password": password}, status=200)

    def let_in(self, user: Any) -> None:
        """Sign in without a look at the pages on the way, which tests of their own look at: each costs time."""
        (token,) = set(TOKEN.findall(self.http.get("/sign-in").text))
        told = {"username": user.username, "password": PASSWORD, "csrf_token": token}
        answer = self.http.post("/sign-in", data=told)
        assert answer.status_code == HTTPStatus.FOUND, f"{user.username} is not let in"

    def get(self, path: str, status: int = 200, *, follow: bool = True, check: bool = True) -> Page:
        return self._page(self.http.get(path, follow_redirects=follow), status, check=check)

    def post(self, path: str, pairs: list[tuple[str, Any]], status: int | None = None) -> Page:
        from werkzeug.datastructures import MultiDict

        answer = self.http.post(path, data=MultiDict(pairs), follow_redirects=True)
        for each in (*answer.history, answer):
            each.request.environ["wsgi.input"].close()  # a large file lies in a temporary one
        return self._page(answer, status)

    def _page(self, answer: TestResponse, status: int | None, *, check: bool = True) -> Page:
        path = answer.request.path
        if status is not None:
            assert answer.status_code == status, f"{path}: {answer.status_code}, not {status}\n{answer.text[:2000]}"
        if check and answer.mimetype == "text/html":
            _parse_strictly(answer.get_data(), path)
        words = b"" if answer.mimetype in READ_ELSEWHERE else answer.get_data()
        soup = BeautifulSoup(words, "html.parser")
        page = Page(self, path, answer.status_code, soup, dict(answer.headers))
        if check and answer.mimetype == "text/html":
            inspect(page, self.language)
        return page


def inspect(page: Page, language: str | None) -> None:
    """Fail with a sentence that says how to mend it when a page breaks one of the rules of every page."""
    soup, where = page.soup, f"{page.path}:"
    assert len(soup.select("h1")) == 1, f"{where} needs exactly one h1"
    title = soup.title.get_text(strip=True) if soup.title else ""
    assert title, f"{where} needs a title"
    if language:
        assert soup.html["lang"] == TAGS[language], f"{where} <html lang> should be {TAGS[language]}"
    ids = [e["id"] for e in soup.select("[id]")]
    assert len(ids) == len(set(ids)), f"{where} ids twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    for control in soup.select("input, select, textarea"):
        if control.get("type") not in ("hidden", "submit", "button"):
            assert _labelled(soup, control), f"{where} no label for {control}"
    for form in soup.select("form"):
        if form.get("method", "get").lower() == "post":
            assert form.select("input[name=csrf_token]"), (
                f"{where} a form that posts needs its token: {form.get('action')}"
            )
    assert not soup.select("[style], [onclick], [onsubmit], [onchange]"), f"{where} inline style or handler"
    assert not [s for s in soup.select("script") if not s.get("src")], f"{where} inline script"
    outside = [e for e in soup.select("[src], link[href]") if urlsplit(e.get("src") or e.get("href")).netloc]
    assert not outside, f"{where} a file from another host: {outside}"


def _parse_strictly(data: bytes, path: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            html5lib.HTMLParser(strict=True).parse(data)
        except html5lib.html5parser.ParseError as error:
            raise AssertionError(f"{path}: not valid HTML: {error}") from error


def _labelled(soup: BeautifulSoup, control: Tag) -> bool:
    if control.get("aria-label") or control.get("aria-labelledby") or control.find_parent("label"):
        return True
    return bool(control.get("id") and soup.find("label", attrs={"for": control["id"]}))


def _controls(soup: BeautifulSoup, form: Tag) -> list[Tag]:
    inside = form.select("input, select, textarea, button")
    associated = soup.select(f"[form='{form.get('id')}']") if form.get("id") else []
    return inside + [c for c in associated if c not in inside]


def _successful(soup: BeautifulSoup, form: Tag) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for control in _controls(soup, form):
        name, kind = control.get("name"), control.get("type", "")
        if (
            not name
            or control.has_attr("disabled")
            or control.name == "button"
            or kind in ("submit", "button", "image")
        ):
            continue
        if control.name == "select":
            options = control.select("option")
            chosen = [o for o in options if o.has_attr("selected")] or options[:1]
            pairs += [(name, o.get("value", o.get_text())) for o in chosen]
        elif control.name == "textarea":
            pairs.append((name, control.get_text()))
        elif kind not in ("checkbox", "radio") or control.has_attr("checked"):
            pairs.append((name, control.get("value", "on" if kind == "checkbox" else "")))
    return pairs


def _button(soup: BeautifulSoup, form: Tag, wanted: str | tuple[str, str] | None) -> list[tuple[str, str]]:
    buttons = [c for c in _controls(soup, form) if c.name == "button" or c.get("type") == "submit"]
    if isinstance(wanted, tuple):
        assert any((b.get("name"), b.get("value", "")) == wanted for b in buttons), f"no button {wanted}"
        return [wanted]
    if isinstance(wanted, str):
        buttons = [b for b in buttons if wanted in b.get_text()]
        assert buttons, f"no button {wanted!r}"
    else:
        buttons = [b for b in buttons if b in form.select("button, input")]
    return [(b["name"], b.get("value", "")) for b in buttons[:1] if b.get("name")]
