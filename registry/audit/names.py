"""User names for the auditor's page: the room that keeps accounts says how they are found, the audit asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, cast
from uuid import UUID

from flask import current_app

if TYPE_CHECKING:
    from flask import Flask

Find = Callable[[Iterable[UUID]], dict[UUID, str]]
FINDER = "audit.usernames"


def found_by(app: Flask, find: Find) -> None:
    """Have user names found by this function: ids of accounts to {id: user name}, unknown ones left out."""
    app.extensions[FINDER] = find


def usernames(account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the user names of these accounts by id; unknown ones are left out."""
    return cast("Find", current_app.extensions[FINDER])(account_ids)
