"""The loaded keys and what is done with them: formats of stored values, wrapped keys and index tokens.

A stored value is: version (1 byte) | suite (1) | key id (2, big-endian) | nonce (12) | ciphertext and tag.
Bound to it, though not stored: those first four bytes, the field's name with its length, and the row's id.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from cryptography.exceptions import InvalidTag

from registry.vault.errors import SealBrokenError
from registry.vault.suites import (
    DEFAULT_SUITE,
    KEY_BYTES,
    NONCE_BYTES,
    SUITES,
    TAG_BYTES,
    Cipher,
    Marker,
    Suite,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VERSION = 1
TOKEN_BYTES = 16
_HEADER = struct.Struct(">BBH")
_BODY = _HEADER.size + NONCE_BYTES
_WRAP = b"wrap:vault_key"


@dataclass(frozen=True)
class DataKey:
    """One generation's key: every column and index key is derived from it."""

    id: int
    suite: Suite
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class _FieldSeal:
    """The cipher of one field under one data key, with the start of what is bound to each value."""

    header: bytes
    bound: bytes
    cipher: Cipher = field(repr=False)


def new_secret() -> bytes:
    """Return 32 fresh random bytes for a data key or a master key."""
    return os.urandom(KEY_BYTES)


def wrap(master: bytes, key: DataKey) -> bytes:
    """Return a data key encrypted under the master key, in the stored format and bound to id and suite."""
    header = _HEADER.pack(VERSION, key.suite.id, key.id)
    nonce = os.urandom(NONCE_BYTES)
    cipher = key.suite.cipher(key.suite.derive(master, _WRAP))
    return header + nonce + cipher.encrypt(nonce, key.secret, header + _WRAP)


def unwrap(master: bytes, key_id: int, wrapped: bytes) -> DataKey:
    """Return the data key that `wrap` stored; raise SealBrokenError when the master key is another one."""
    suite = _suite_of(wrapped, "a data key")
    header = _HEADER.pack(VERSION, suite.id, key_id)
    if wrapped[: _HEADER.size] != header:
        raise SealBrokenError("a data key stands under another key's id")
    cipher = suite.cipher(suite.derive(master, _WRAP))
    try:
        secret = cipher.decrypt(wrapped[_HEADER.size : _BODY], wrapped[_BODY:], header + _WRAP)
    except InvalidTag:
        raise SealBrokenError("a data key does not open under this master key") from None
    return DataKey(key_id, suite, secret)


def _suite_of(stored: bytes, what: str) -> Suite:
    """Return the suite that a stored value names, when version, suite and length are ones we know."""
    if len(stored) < _BODY + TAG_BYTES or stored[0] != VERSION or stored[1] not in SUITES:
        raise SealBrokenError(f"{what} is not in a format this version knows")
    return SUITES[stored[1]]


class Vault:
    """The loaded keys of one deployment. Threads may share it: what it caches is derived, never changed."""

    def __init__(self, keys: Iterable[DataKey], active: int) -> None:
        """`keys`: every key that still opens something. `active`: the id of the one that seals."""
        self._keys = {key.id: key for key in keys}
        self._active = self._keys[active].id
        self._seals: dict[tuple[int, str], _FieldSeal] = {}
        self._markers: dict[tuple[int, str], Marker] = {}

    @property
    def key_ids(self) -> tuple[int, ...]:
        """The ids of all live keys, the active one first."""
        return (self._active, *sorted(self._keys.keys() - {self._active}))

    def seal(self, name: str, row_id: UUID, plain: bytes) -> bytes:
        """Return `plain` sealed for the field `name` ("table.column") of one row, under a fresh nonce."""
        return self._seal_with(os.urandom(NONCE_BYTES), name, row_id, plain)

    def open(self, name: str, row_id: UUID, stored: bytes) -> bytes:
        """Return what was sealed for this field of this row; raise SealBrokenError for anything else."""
        _suite_of(stored, f"a value of {name}")
        _, suite, key_id = _HEADER.unpack_from(stored)
        if key_id not in self._keys or self._keys[key_id].suite.id != suite:
            raise SealBrokenError(f"a value of {name} names a key that is not here")
        seal = self._seal_of(key_id, name)
        try:
            return seal.cipher.decrypt(stored[_HEADER.size : _BODY], stored[_BODY:], seal.bound + row_id.bytes)
        except InvalidTag:
            raise SealBrokenError(f"a value of {name} was changed, or belongs to another row") from None

    def open_each(self, name: str, values: Iterable[tuple[bytes, bytes]]) -> Iterator[bytes]:
        """Open many values of one field: `values` are the 16 bytes of a row's id and what is stored there.

        The same as `open` value by value, at a third of its cost, for whoever must look through a whole area.
        """
        seal = self._seal_of(self._active, name)
        for row_id, stored in values:
            if stored.startswith(seal.header) and len(stored) >= _BODY + TAG_BYTES:
                try:
                    yield seal.cipher.decrypt(stored[_HEADER.size : _BODY], stored[_BODY:], seal.bound + row_id)
                except InvalidTag:
                    raise SealBrokenError(f"a value of {name} was changed, or belongs to another row") from None
            else:
                yield self.open(name, UUID(bytes=row_id), stored)

    def tokens(self, kind: str, *values: str) -> dict[int, bytes]:
        """Return the index tokens of a composite value under every live key, by key id.

        `kind`: which index; tokens of two kinds never agree. `values`: normalised by the caller; raises
        ValueError when there is none or one is empty, for an index of nothing would join strangers.
        """
        if not values or not all(values):
            raise ValueError(f"an index of kind {kind} needs values that are not empty")
        message = b"".join(struct.pack(">I", len(text)) + text for text in map(str.encode, values))
        return {key_id: self._marker_of(key_id, kind).mark(message)[:TOKEN_BYTES] for key_id in self.key_ids}

    def token(self, kind: str, *values: str) -> bytes:
        """Return the 16-byte index token of a composite value under the active key."""
        return self.tokens(kind, *values)[self._active]

    def _seal_with(self, nonce: bytes, name: str, row_id: UUID, plain: bytes) -> bytes:
        seal = self._seal_of(self._active, name)
        return seal.header + nonce + seal.cipher.encrypt(nonce, plain, seal.bound + row_id.bytes)

    def _seal_of(self, key_id: int, name: str) -> _FieldSeal:
        seal = self._seals.get((key_id, name))
        if seal is None:
            key, label = self._keys[key_id], name.encode()
            header = _HEADER.pack(VERSION, key.suite.id, key_id)
            cipher = key.suite.cipher(key.suite.derive(key.secret, b"seal:" + label))
            seal = _FieldSeal(header, header + struct.pack(">H", len(label)) + label, cipher)
            self._seals[key_id, name] = seal
        return seal

    def _marker_of(self, key_id: int, kind: str) -> Marker:
        marker = self._markers.get((key_id, kind))
        if marker is None:
            key = self._keys[key_id]
            marker = key.suite.marker(key.suite.derive(key.secret, b"index:" + kind.encode()))
            self._markers[key_id, kind] = marker
        return marker


def new_data_key(key_id: int) -> DataKey:
    """Return a fresh data key of the suite that new deployments use."""
    return DataKey(key_id, DEFAULT_SUITE, new_secret())
