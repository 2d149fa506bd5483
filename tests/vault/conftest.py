"""What the tests of the vault share: fixed keys, a viewer, an application with nothing but the vault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from flask import Flask

from registry.vault.keyring import DataKey, Vault
from registry.vault.suites import SUITES

if TYPE_CHECKING:
    from collections.abc import Iterator

ROW = UUID("01900000-0000-7000-8000-000000000001")
OTHER_ROW = UUID("01900000-0000-7000-8000-000000000002")


@dataclass(frozen=True)
class Opening:
    """A viewer, as far as the vault asks."""

    opens: frozenset[str] | None = None


def data_key(key_id: int = 1) -> DataKey:
    """A data key that is the same in every run: bytes id, id + 1, ..."""
    return DataKey(key_id, SUITES[1], bytes(range(key_id, key_id + 32)))


@pytest.fixture
def keys() -> Vault:
    return Vault([data_key()], 1)


@pytest.fixture
def opened_app(keys: Vault) -> Iterator[Flask]:
    app = Flask("vault-only")
    app.extensions["vault"] = keys
    with app.app_context():
        yield app
