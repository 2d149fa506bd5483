"""Settings: read once from the environment, typed, frozen. The only file that reads the environment."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class SettingsError(ValueError):
    """A setting is missing or cannot be; the message names it and what would cure it."""


@dataclass(frozen=True)
class Settings:
    """What a deployment decides.

    `database_url`: SQLAlchemy address, sqlite:/// or postgresql+psycopg://. `key_file`: the master key, in
    another place than the database. `secret_key`: signs cookies and form tokens. `https`: cookies travel
    over TLS only. `sample_data`: every page says that people are invented, until the deployment goes live.
    `hosts`: names under which the registry is reached, any other is refused; empty: any name.
    `sop_overlay`: the folder of the local rules; None where the procedure holds as it is. `messages`: the channel
    by which offices are reminded, as `scheme:address`; empty: none.
    """

    database_url: str
    key_file: Path
    secret_key: str
    https: bool = True
    sample_data: bool = True
    hosts: tuple[str, ...] = ()
    sop_overlay: Path | None = None
    messages: str = ""
    idle_minutes: int = 15
    session_hours: int = 8

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read REGISTRY_* variables. Raises SettingsError for a missing secret or an unreadable value."""
        return cls(
            database_url=_database_url(_needed(environment, "REGISTRY_DATABASE_URL")),
            key_file=Path(_needed(environment, "REGISTRY_KEY_FILE")),
            secret_key=_secret(environment),
            https=_yes(environment, "REGISTRY_HTTPS", default=True),
            sample_data=_yes(environment, "REGISTRY_SAMPLE_DATA", default=True),
            hosts=tuple(environment.get("REGISTRY_HOSTS", "").replace(",", " ").split()),
            sop_overlay=overlay_folder(environment),
            messages=environment.get("REGISTRY_MESSAGES", "").strip(),
        )


def overlay_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the folder of the local rules, which commands without a database follow too; None where there is none."""
    named = environment.get("REGISTRY_SOP_OVERLAY", "").strip()
    return Path(named) if named else None


def _needed(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name} is not set. ./run demo sets it; README.md lists all settings.")
    return value


def _secret(environment: Mapping[str, str]) -> str:
    path = Path(_needed(environment, "REGISTRY_SECRET_FILE"))
    try:
        mode = path.stat().st_mode
        secret = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingsError(f"REGISTRY_SECRET_FILE cannot be read: {path}") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(f"REGISTRY_SECRET_FILE may be used by others, too. Make it private: chmod 600 {path}")
    if len(secret) < 32:  # noqa: PLR2004 -- 128 bits in hexadecimal
        raise SettingsError(f"REGISTRY_SECRET_FILE holds fewer than 32 characters: {path}")
    return secret


def _database_url(url: str) -> str:
    """Accept the address as PostgreSQL's own tools write it; the driver is psycopg 3."""
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url


def _yes(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = environment.get(name, "").strip().lower()
    if value in ("", "yes", "no"):
        return default if value == "" else value == "yes"
    raise SettingsError(f"{name} is {value!r}; it may be yes or no.")
