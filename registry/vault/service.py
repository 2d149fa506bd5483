"""Verbs of the vault: opening it at start, making the first key, and keeping and asking the blind indexes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, get_args
from uuid import UUID

from flask import current_app
from sqlalchemy import delete, insert, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.database import db, reading, take_turn, uuid7
from registry.vault import keyfile, keyring
from registry.vault.errors import KeyFileError, SealBrokenError, TokenTakenError, VaultClosedError
from registry.vault.keyring import Vault
from registry.vault.models import EXCLUSIVE_INDEX, BlindIndex, VaultKey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask
    from sqlalchemy import URL, Engine

IndexKind = Literal["id_number", "document", "phone", "name_birth", "identity", "card"]
Values = tuple[str, ...]
KINDS: frozenset[str] = frozenset(get_args(IndexKind))
FIRST_KEY = 1
# How the two engines name the violated index: PostgreSQL by its name, SQLite by its columns.
_EXCLUSIVE_MARKS = (EXCLUSIVE_INDEX, "blind_index.kind, blind_index.key_id, blind_index.token")


class VaultSettings(Protocol):
    """The part of the settings that the vault reads."""

    @property
    def key_file(self) -> Path:
        """Where the key file lies."""


def init_app(app: Flask) -> None:
    """Open the vault when the database holds keys; leave it closed for an empty or unmigrated database.

    Raises KeyFileError, with what the operator should do, when there are keys and the key file does not fit.
    """
    app.extensions["vault"] = None
    with app.app_context():
        if not _lies_ready(db.engine):
            return
        with reading(), db.engine.connect() as connection:
            connection.detach()  # not kept: worker processes forked later must not share it
            if inspect(connection).has_table(VaultKey.__tablename__):
                with Session(connection) as session:
                    app.extensions["vault"] = _load(session, app.extensions["settings"])


def vault() -> Vault:
    """Return the vault of the current application, opened at the first need if the start found no keys yet.

    Raises VaultClosedError when the database has no keys, KeyFileError when the key file does not fit.
    """
    opened: Vault | None = current_app.extensions["vault"]
    if opened is None:
        opened = _load(db.session(), current_app.extensions["settings"])
        if opened is None:
            raise VaultClosedError("The database has no keys yet. Run: registry init")
        current_app.extensions["vault"] = opened
    return opened


def initialise(session: Session, settings: VaultSettings) -> Vault:
    """Make key file and first data key where there are none, and return the vault; twice changes nothing.

    To be committed before anything is sealed. Raises KeyFileError when the database has keys and the key
    file is missing or another one: a new file is never made beside old data.
    """
    opened = _load(session, settings)
    if opened is None:
        folder = _database_folder(session.get_bind().engine.url)
        if not settings.key_file.exists():
            keyfile.create(settings.key_file, keyring.new_secret(), folder)
        master = keyfile.read(settings.key_file, folder).master
        key = keyring.new_data_key(FIRST_KEY)
        wrapped = keyring.wrap(master, key)
        session.add(VaultKey(id=key.id, suite=key.suite.id, wrapped=wrapped, state="active"))
        session.flush()
        opened = Vault([key], FIRST_KEY)
    return opened


def hold(session: Session, kind: IndexKind, *values: str) -> None:
    """Let one transaction at a time look for a value and index it; others wait here until it has ended.

    SQLite has one writer at a time anyway (see `registry.database`).
    """
    hold_each(session, kind, [values])


def hold_each(session: Session, kind: IndexKind, wanted: Iterable[Values]) -> None:
    """Hold many values as `hold` does one, in the order of the values: who holds several never locks another out."""
    tokens = [vault().token(_known(kind), *values) for values in sorted(set(wanted))]
    take_turn(*tokens, session=session)


def index_rows(child_id: UUID, kind: IndexKind, *values: str, exclusive: bool = False) -> list[dict[str, object]]:
    """Return the rows of `index_child`, for a bulk insert into BlindIndex. One row for each live key."""
    return [
        {
            "id": uuid7(),
            "kind": kind,
            "key_id": key_id,
            "token": mark,
            "child_id": child_id,
            "exclusive": exclusive,
        }
        for key_id, mark in vault().tokens(_known(kind), *values).items()
    ]


def index_child(session: Session, child_id: UUID, kind: IndexKind, *values: str, exclusive: bool = False) -> None:
    """Let a child be found by a value, normalised by the caller.

    `exclusive`: only one child may hold it; it is then flushed at once, and TokenTakenError tells that
    another child does. The transaction is spoilt by that: call inside `session.begin_nested()`.
    """
    session.add_all(BlindIndex(**row) for row in index_rows(child_id, kind, *values, exclusive=exclusive))
    if not exclusive:
        return
    try:
        session.flush()
    except IntegrityError as error:
        if any(mark in str(error.orig) for mark in _EXCLUSIVE_MARKS):
            raise TokenTakenError(kind) from None
        raise


def index_each(session: Session, rows: list[dict[str, object]]) -> None:
    """Write what `index_rows` returned for many values in one act; whoever calls has seen that no one else holds them.

    An exclusive one that somebody holds all the same raises IntegrityError, which spoils the transaction.
    """
    if rows:
        session.execute(insert(BlindIndex), rows)


def forget_child_index(session: Session, child_id: UUID, kind: IndexKind | None = None) -> None:
    """Remove a child's index entries of one kind, or all of them, so that a corrected value can take over."""
    kinds = KINDS if kind is None else {_known(kind)}
    session.execute(delete(BlindIndex).where(BlindIndex.child_id == child_id, BlindIndex.kind.in_(kinds)))


def tokens_of(kind: str, *values: str) -> tuple[UUID, ...]:
    """Return the blind indexes of a composite value that a row of another table is found by, one for each live key.

    `kind`: which index, so that tokens of two kinds never agree; `values`: normalised by the caller.
    """
    return tuple(UUID(bytes=token) for token in vault().tokens(kind, *values).values())


def token_of(kind: str, *values: str) -> UUID:
    """Return the one of these under the active key: what a row that is written keeps."""
    return UUID(bytes=vault().token(kind, *values))


def find_children(session: Session, kind: IndexKind, *values: str) -> list[UUID]:
    """Return the ids of the children that hold a value, normalised by the caller, oldest file first.

    Searches under every live key. Knows nothing of scope, protected files or merged children: the query
    that shows them does.
    """
    tokens = vault().tokens(_known(kind), *values).values()
    statement = (
        select(BlindIndex.child_id)
        .where(BlindIndex.kind == kind, BlindIndex.token.in_(tokens))
        .distinct()
        .order_by(BlindIndex.child_id)
    )
    return list(session.scalars(statement))


def find_each(
    session: Session, kind: IndexKind, wanted: Iterable[tuple[str, ...]]
) -> dict[tuple[str, ...], list[UUID]]:
    """Return for each of these values the children that hold it, as `find_children` does, in one query for all.

    Values that nobody holds are left out.
    """
    by_token = {mark: values for values in set(wanted) for mark in vault().tokens(_known(kind), *values).values()}
    if not by_token:
        return {}
    found: dict[Values, set[UUID]] = {}
    held = BlindIndex.kind == kind, BlindIndex.token.in_(by_token)
    for row in session.execute(select(BlindIndex.token, BlindIndex.child_id).where(*held)):
        found.setdefault(by_token[row.token], set()).add(row.child_id)
    return {values: sorted(ids) for values, ids in found.items()}


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"there is no index of kind {kind}")
    return kind


def _load(session: Session, settings: VaultSettings) -> Vault | None:
    """Return the vault of the keys in the database, None when there are none."""
    with session.no_autoflush:
        rows = session.scalars(select(VaultKey)).all()
    if not rows:
        return None
    file = keyfile.read(settings.key_file, _database_folder(session.get_bind().engine.url))
    try:
        keys = [keyring.unwrap(file.master, row.id, row.wrapped) for row in rows]
    except SealBrokenError:
        raise KeyFileError(
            f"The key file {file.path} does not open this database: it is another one's, or was made anew. "
            "Put back the key file that was made with this database, or set the place where it is."
        ) from None
    active = [row.id for row in rows if row.state == "active"]
    if not active:
        raise VaultClosedError("None of the database's keys is active, so nothing can be sealed.")
    return Vault(keys, active[0])


def _database_file(url: URL) -> Path | None:
    """Return the file of an embedded database; None on a server or in memory."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database).removeprefix("file:").partition("?")[0]).absolute()


def _database_folder(url: URL) -> Path | None:
    file = _database_file(url)
    return None if file is None else file.parent


def _lies_ready(engine: Engine) -> bool:
    """Say whether there is a database to ask; asking SQLite for a missing file would make an empty one."""
    if engine.dialect.name != "sqlite":
        return True
    file = _database_file(engine.url)
    return file is not None and file.exists()
