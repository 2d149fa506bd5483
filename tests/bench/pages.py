"""Reads the forms of a page as a browser sends them, cheaply: the reader shares the processors with the server."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser


@dataclass
class Form:
    """A form: where it is sent to, and what it would send as it stands."""

    action: str
    values: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, answers: dict[str, str]) -> list[tuple[str, str]]:
        """Return what is sent when these boxes hold these answers."""
        return [pair for pair in self.values if pair[0] not in answers] + list(answers.items())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, Form] = {}
        self._form: Form | None = None
        self._list: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(has.get("action", ""))
            self.forms.setdefault(has.get("id") or has.get("action", ""), self._form)
        elif self._form is not None:
            self._control(tag, has)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._list = None

    def _control(self, tag: str, has: dict[str, str]) -> None:
        kind, name = has.get("type", ""), has.get("name", "")
        if tag == "select":
            self._list = name
            self._send(name, "")
        elif tag == "option" and self._list is not None:
            if "selected" in has:
                self._drop(self._list)
                self._send(self._list, has.get("value", ""))
        elif tag == "input" and name and (kind not in ("radio", "checkbox") or "checked" in has):
            self._send(name, has.get("value", "on"))

    def _send(self, name: str, value: str) -> None:
        if self._form is not None:
            self._form.values.append((name, value))

    def _drop(self, name: str) -> None:
        if self._form is not None:
            self._form.values = [pair for pair in self._form.values if pair[0] != name]


@dataclass
class Page:
    """A fetched page; it is read only where somebody goes on from it."""

    path: str
    text: str = field(repr=False)
    reading: float = 0.0  # seconds that it took

    @property
    def forms(self) -> dict[str, Form]:
        """Its forms by id (or address)."""
        return self._read.forms

    @cached_property
    def _read(self) -> _Reader:
        began = time.perf_counter()
        reader = _Reader()
        reader.feed(self.text)
        self.reading = time.perf_counter() - began
        return reader
