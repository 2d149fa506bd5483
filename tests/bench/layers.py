"""Where the time of a request goes: SQL, templates, the vault; each without what it calls of the others."""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from jinja2 import Template
from sqlalchemy import Engine, event
from sqlalchemy.engine.cursor import CursorFetchStrategy
from sqlalchemy.engine.default import DefaultDialect

from registry.vault.keyring import Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OTHER, SQL, TEMPLATE, VAULT = "other", "sql", "template", "vault"
COMMIT, ROLLBACK = "COMMIT", "ROLLBACK"
HOUSEKEEPING = ("BEGIN", "PRAGMA")


@dataclass(frozen=True)
class Statement:
    """What was sent to the database: a statement with its parameters (many of them), or the end of a transaction."""

    text: str
    parameters: Any = None
    many: bool = False


@dataclass
class Layers:
    """Seconds by layer, and every statement, since the last `begin`."""

    seconds: dict[str, float] = field(default_factory=dict)
    sent: list[Statement] = field(default_factory=list)
    _stack: list[str] = field(default_factory=lambda: [OTHER])
    _since: float = 0.0

    def begin(self) -> None:
        """Forget what was measured, and go on from here."""
        self.seconds.clear()
        self.sent.clear()
        self._since = time.perf_counter()

    def end(self) -> None:
        """Charge what has passed since the last change of layer."""
        self._charge()

    @property
    def statements(self) -> int:
        """How many statements were sent, those that begin and end transactions left out."""
        told = (each.text for each in self.sent)
        return sum(not text.startswith((*HOUSEKEEPING, COMMIT, ROLLBACK)) for text in told)

    @contextmanager
    def inside(self, layer: str) -> Iterator[None]:
        """Charge the time inside the block to a layer."""
        self.enter(layer)
        try:
            yield
        finally:
            self.leave()

    def enter(self, layer: str) -> None:
        """Charge to a layer from here on."""
        self._charge()
        self._stack.append(layer)

    def leave(self) -> None:
        """Charge to the layer before from here on."""
        self._charge()
        self._stack.pop()

    def _charge(self) -> None:
        now = time.perf_counter()
        layer = self._stack[-1]
        self.seconds[layer] = self.seconds.get(layer, 0.0) + now - self._since
        self._since = now


@contextmanager
def measured() -> Iterator[Layers]:
    """Measure everything that happens in this process inside the block, in one thread."""
    layers = Layers()
    layers.begin()
    with ExitStack() as stack:
        stack.enter_context(_statements(layers))
        for owner, name, layer in (
            (CursorFetchStrategy, "fetchall", SQL),
            (CursorFetchStrategy, "fetchone", SQL),
            (CursorFetchStrategy, "fetchmany", SQL),
            (Template, "render", TEMPLATE),
            (Vault, "seal", VAULT),
            (Vault, "open", VAULT),
            (Vault, "tokens", VAULT),
        ):
            stack.enter_context(patch.object(owner, name, _timed(layers, layer, getattr(owner, name))))
        stack.enter_context(patch.object(Vault, "open_each", _timed_whole(layers, Vault.open_each)))
        for name, mark in (("do_commit", COMMIT), ("do_rollback", ROLLBACK)):
            ending = getattr(DefaultDialect, name)
            stack.enter_context(patch.object(DefaultDialect, name, _ended(layers, mark, ending)))
        yield layers


@contextmanager
def _statements(layers: Layers) -> Iterator[None]:
    def before(
        _connection: object, _cursor: object, statement: str, parameters: object, _context: object, many: bool
    ) -> None:
        layers.sent.append(Statement(statement, parameters, many and _are_rows(parameters)))
        layers.enter(SQL)

    def after(*_: object) -> None:
        layers.leave()

    listeners = (("before_cursor_execute", before), ("after_cursor_execute", after), ("handle_error", after))
    for name, listen in listeners:
        event.listen(Engine, name, listen)
    try:
        yield
    finally:
        for name, listen in listeners:
            event.remove(Engine, name, listen)


def _are_rows(parameters: Any) -> bool:
    """Tell many rows from one statement that holds many rows at once, which SQLAlchemy announces the same way."""
    return not isinstance(parameters, dict) and isinstance(parameters[0], dict | tuple | list)


def _timed(layers: Layers, layer: str, work: Callable[..., Any]) -> Callable[..., Any]:
    def timed(*arguments: Any, **named: Any) -> Any:
        with layers.inside(layer):
            return work(*arguments, **named)

    return timed


def _timed_whole(layers: Layers, work: Callable[..., Any]) -> Callable[..., Any]:
    """Open all values at once: a clock that is read for each of 20,000 would measure itself."""

    def timed(*arguments: Any) -> Any:
        with layers.inside(VAULT):
            return iter(list(work(*arguments)))

    return timed


def _ended(layers: Layers, mark: str, work: Callable[..., Any]) -> Callable[..., Any]:
    def timed(dialect: object, connection: object) -> Any:
        layers.sent.append(Statement(mark))
        with layers.inside(SQL):
            return work(dialect, connection)

    return timed
