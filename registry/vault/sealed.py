"""Sealed fields of tables: sealed on assignment, opened only where code asks for it on behalf of a viewer."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, overload
from uuid import UUID

from registry.vault.codecs import TEXT, Codec
from registry.vault.errors import SealedFieldRefusedError
from registry.vault.service import vault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")

_opened: ContextVar[tuple[list[tuple[str, UUID]], ...]] = ContextVar("opened", default=())


class Opener(Protocol):
    """On whose behalf a field is opened (a Viewer)."""

    @property
    def opens(self) -> frozenset[str] | None:
        """The fields, such as "child.name", that may be opened; None means every one."""


@contextmanager
def opened_fields() -> Iterator[list[tuple[str, UUID]]]:
    """Collect field and row id of every value opened inside the block: a test proves what a page opened."""
    collected: list[tuple[str, UUID]] = []
    token = _opened.set((*_opened.get(), collected))
    try:
        yield collected
    finally:
        _opened.reset(token)


class Handle(Generic[T]):
    """A sealed value in its place. It shows nothing of its content until it is opened for a viewer."""

    __slots__ = ("_row_id", "_sealed", "_stored")

    def __init__(self, sealed: Sealed[T], row_id: UUID, stored: bytes | None) -> None:
        self._sealed = sealed
        self._row_id = row_id
        self._stored = stored

    def open(self, viewer: Opener) -> T | None:
        """Return the value, None when there is none.

        Raises SealedFieldRefusedError when the viewer may not open this field, SealBrokenError when what is
        stored was changed or belongs elsewhere.
        """
        return self._sealed.open_value(self._row_id, self._stored, viewer)

    def __bool__(self) -> bool:
        """Whether there is a value; told without opening."""
        return self._stored is not None

    def __repr__(self) -> str:
        return f"<sealed {self._sealed.field}>"


class Sealed(Generic[T]):
    """A sealed field over the nullable binary column `<name>_sealed` of the same table."""

    @overload
    def __init__(self: Sealed[str], table: str, column: str) -> None: ...

    @overload
    def __init__(self, table: str, column: str, codec: Codec[T]) -> None: ...

    def __init__(self, table: str, column: str, codec: Codec[Any] = TEXT) -> None:
        """`table` and `column` are bound to every stored value, so they can never be changed."""
        if "." in table or "." in column:
            raise ValueError("table and column names of a sealed field have no dot")
        self.field = f"{table}.{column}"
        self._table = table
        self._name = column
        self._attribute = f"{column}_sealed"
        self._codec: Codec[T] = codec

    def __set_name__(self, owner: type[object], name: str) -> None:
        if name != self._name or getattr(owner, "__tablename__", self._table) != self._table:
            raise TypeError(f"{owner.__name__}.{name} is declared as {self.field}")

    @overload
    def __get__(self, instance: None, owner: type[object]) -> Sealed[T]: ...

    @overload
    def __get__(self, instance: object, owner: type[object]) -> Handle[T]: ...

    def __get__(self, instance: object | None, owner: type[object]) -> Sealed[T] | Handle[T]:
        if instance is None:
            return self
        return Handle(self, _row_id(instance, self.field), getattr(instance, self._attribute))

    def __set__(self, instance: object, value: T | None) -> None:
        setattr(instance, self._attribute, self.seal_for(_row_id(instance, self.field), value))

    def __repr__(self) -> str:
        return f"<Sealed {self.field}>"

    def seal_for(self, row_id: UUID, value: T | None) -> bytes | None:
        """Return what to store for a value of the row `row_id`; None for None and for an empty text."""
        plain = None if value is None else self._codec.encode(value)
        return vault().seal(self.field, row_id, plain) if plain else None

    def check(self, viewer: Opener) -> None:
        """Raise SealedFieldRefusedError where the viewer may not open this field."""
        if viewer.opens is not None and self.field not in viewer.opens:
            raise SealedFieldRefusedError(self.field)

    def open_value(self, row_id: UUID, stored: bytes | None, viewer: Opener) -> T | None:
        """Open a value that was read apart from its object; everything else is as `Handle.open`."""
        self.check(viewer)
        if stored is None:
            return None
        plain = vault().open(self.field, row_id, stored)
        for collected in _opened.get():
            collected.append((self.field, row_id))
        return self._codec.decode(plain)

    def open_each(self, rows: Iterable[tuple[bytes, bytes]], viewer: Opener) -> Iterator[T]:
        """Open what many rows hold (16 bytes of the id, sealed value), in their order; else as `Handle.open`."""
        self.check(viewer)
        read = list(rows)
        for collected in _opened.get():
            collected.extend((self.field, UUID(bytes=row_id)) for row_id, _stored in read)
        return map(self._codec.decode, vault().open_each(self.field, read))


def _row_id(instance: object, field: str) -> UUID:
    """Values are bound to their row, so a row without an id cannot hold any."""
    row_id: UUID | None = getattr(instance, "id", None)
    if row_id is None:
        raise TypeError(f"{field} is sealed for a row, but the row has no id yet")
    return row_id
