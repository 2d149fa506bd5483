"""What can go wrong with keys and sealed values. No message holds a value or a key."""

from __future__ import annotations


class VaultError(Exception):
    """Anything the vault refuses."""


class KeyFileError(VaultError):
    """The key file cannot be used; the message tells the operator what to do."""


class VaultClosedError(VaultError):
    """The database holds no keys yet, so nothing can be sealed or opened."""


class SealBrokenError(VaultError):
    """A stored value does not open in the place where it was found."""


class SealedFieldRefusedError(VaultError, PermissionError):
    """A viewer asked for a sealed field that it may not open."""

    def __init__(self, field: str) -> None:
        super().__init__(f"the viewer may not open {field}")
        self.field = field


class TokenTakenError(VaultError):
    """Another child already holds an exclusive index entry of this kind."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"an exclusive index entry of kind {kind} is held by another child")
        self.kind = kind
