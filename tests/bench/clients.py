"""Clients that fetch and send: over the network, timed; and inside this process, with their statements counted."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from tests.bench.pages import Page

if TYPE_CHECKING:
    from flask import Flask

PATIENCE = 60
KEPT_SECONDS = 1.0  # gunicorn closes a connection that was quiet for two
OK = 200
REDIRECTS = (302, 303, 307)
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What came back: status, where to go on, and the page."""

    status: int
    location: str | None
    text: str


@dataclass
class Client(ABC):
    """Somebody signed in.

    Since they were last cleared: `times`, seconds waited for each answer; `sizes`, the bytes of each.
    """

    times: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    _fetched: list[Page] = field(default_factory=list, repr=False)
    _kept: dict[str, Page] = field(default_factory=dict, repr=False)

    @property
    def reading(self) -> float:
        """Seconds that it took to read the pages that came, since they were last cleared."""
        return sum(page.reading for page in self._fetched)

    def clear(self) -> None:
        """Forget what was measured so far."""
        self.times.clear()
        self.sizes.clear()
        self._fetched.clear()

    @abstractmethod
    def exchange(self, method: str, path: str, body: str | None) -> Answer:
        """Send one request and return its answer."""

    def sign_in(self, username: str, password: str) -> None:
        """Sign in with a demonstration account."""
        page = self.get("/sign-in")
        if self.send(page, {"username": username, "password": password}).path == "/sign-in":
            raise RuntimeError(f"{username} cannot sign in")

    def get(self, path: str) -> Page:
        """Fetch a page, through its redirects."""
        return self._through("GET", path, None)

    def kept(self, path: str) -> Page:
        """Return a page whose form is sent again and again; fetched the first time only."""
        if path not in self._kept:
            self._kept[path] = self.get(path)
        return self._kept[path]

    def send(self, page: Page, answers: dict[str, str], form: str = "form") -> Page:
        """Send a form of a page with these answers, and return the page that comes."""
        found = page.forms[form]
        return self._through("POST", found.action or page.path, urlencode(found.filled(answers)))

    def _through(self, method: str, path: str, body: str | None) -> Page:
        answer = self._timed(method, path, body)
        while answer.status in REDIRECTS and answer.location:
            parts = urlsplit(answer.location)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            answer = self._timed("GET", path, None)
        if answer.status != OK:
            raise RuntimeError(f"{method} {path}: {answer.status}")
        page = Page(path, answer.text)
        self._fetched.append(page)
        return page

    def _timed(self, method: str, path: str, body: str | None) -> Answer:
        began = time.perf_counter()
        answer = self.exchange(method, path, body)
        self.times.append(time.perf_counter() - began)
        self.sizes.append(len(answer.text.encode()))
        return answer


class NetworkClient(Client):
    """A client over loopback, with one connection that is kept open."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._cookies: dict[str, str] = {}
        self._used = time.monotonic()

    def exchange(self, method: str, path: str, body: str | None) -> Answer:
        """Send one request over the network, on a new connection where the server may just have closed the old one."""
        if time.monotonic() - self._used > KEPT_SECONDS:
            self._connection.close()
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = FORM
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        self._used = time.monotonic()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return Answer(answer.status, answer.headers.get("Location"), text)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class InnerClient(Client):
    """A client inside this process, whose layers can be measured."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self._http = app.test_client()

    def exchange(self, method: str, path: str, body: str | None) -> Answer:
        """Send one request to the application of this process."""
        answer = self._http.open(path, method=method, data=body, content_type=FORM if body is not None else None)
        return Answer(answer.status_code, answer.headers.get("Location"), answer.get_data(as_text=True))
