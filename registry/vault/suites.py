"""The cipher suites: which algorithms seal, which make index tokens, and how keys are derived for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


class Cipher(Protocol):
    """Authenticated encryption under one key; safe to share between threads."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """Return ciphertext and tag."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """Return the plaintext; raise `cryptography.exceptions.InvalidTag` when anything was changed."""


class Marker(Protocol):
    """A keyed hash under one key; safe to share between threads."""

    def mark(self, message: bytes, /) -> bytes:
        """Return the whole keyed hash of a message."""


class Suite(Protocol):
    """One set of algorithms; its id stands in every stored value. Id 2 is kept for SM4-GCM, HMAC-SM3."""

    @property
    def id(self) -> int:
        """The suite's byte in stored values."""

    def derive(self, key: bytes, info: bytes) -> bytes:
        """Return the 32-byte key of a named purpose."""

    def cipher(self, key: bytes) -> Cipher:
        """Return the cipher under a derived key."""

    def marker(self, key: bytes) -> Marker:
        """Return the keyed hash under a derived key."""


class _HmacSha256:
    """HMAC with its key prepared once: a copy per message costs a third of a fresh object."""

    __slots__ = ("_keyed",)

    def __init__(self, key: bytes) -> None:
        self._keyed = HMAC(key, SHA256())

    def mark(self, message: bytes, /) -> bytes:
        keyed = self._keyed.copy()
        keyed.update(message)
        return keyed.finalize()


class AesGcmHmacSha256:
    """Suite 1: AES-256-GCM (NIST SP 800-38D), HMAC-SHA256 (RFC 2104), HKDF-SHA256 (RFC 5869)."""

    id = 1

    def derive(self, key: bytes, info: bytes) -> bytes:
        """Return the 32-byte key of a named purpose."""
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)

    def cipher(self, key: bytes) -> Cipher:
        """Return AES-256-GCM under a derived key."""
        return AESGCM(key)

    def marker(self, key: bytes) -> Marker:
        """Return HMAC-SHA256 under a derived key."""
        return _HmacSha256(key)


DEFAULT_SUITE: Suite = AesGcmHmacSha256()
SUITES: Mapping[int, Suite] = {DEFAULT_SUITE.id: DEFAULT_SUITE}
