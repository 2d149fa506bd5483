"""The worker: puts the nightly round in, does one job after another batch by batch, sweeps up after the dead."""

from __future__ import annotations

import os
import signal
import threading
import traceback
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from registry.clock import today
from registry.database import db
from registry.jobs import claiming, service

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from flask import Flask

    from registry.jobs.claiming import Claim

LOOK_EVERY = 3.0  # seconds between two looks at the table
PARENT_EVERY = 1.0  # seconds between two looks whether the process that it belongs to is still there


def work(app: Flask, beside: int | None = None) -> None:
    """Work until told to stop (SIGTERM, SIGINT), or until the process `beside`, its parent, is gone."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if beside is not None:
        threading.Thread(target=_end_with, args=(beside, stop), daemon=True).start()
    while not stop.is_set():
        try:
            work_off(app, stop.is_set)
        except SQLAlchemyError as error:  # the database is away, or was held for too long: it comes back
            _say(app, "the database", error)
        stop.wait(LOOK_EVERY)


def work_off(app: Flask, stopping: Callable[[], bool] = lambda: False, on: date | None = None) -> int:
    """Put in the round of a day (today's when left out) and do everything that is due; return how many jobs ended."""
    ended = 0
    with app.app_context():
        _begin_round(app, on or today())
    _between(app)
    while not stopping():
        with app.app_context():
            claimed = _claim(app)
        if claimed is None:
            break
        ended += _do(app, claimed, stopping)
    return ended


def do_now(app: Flask, kind: str, put_in: Callable[[], str]) -> str:
    """Put a job in and do it to its end in this process; return its key. For a command that waits for its answer.

    `put_in` says which job it is about, in a transaction of its own in which it may write. A job that is there
    already goes on where it was, taken over from whoever has it: that worker finds out with its next batch, which
    is then rolled back. What became of it the caller sees by itself.
    """
    with app.app_context():
        key = put_in()
        service.enqueue(kind, key)
        claimed = claiming.take(kind, key)
        db.session.commit()
    if claimed is not None:
        _do(app, claimed, lambda: False)
    return key


def _begin_round(app: Flask, on: date) -> None:
    if claiming.sweep():
        db.session.commit()
    if service.round_is_missing(app, on):
        service.put_in_round(app, on)
        db.session.commit()


def _claim(app: Flask) -> Claim | None:
    kinds = service.kinds_of(app)
    if not claiming.something_waits(kinds):
        return None
    claimed = claiming.claim(kinds, [kind for kind, each in kinds.items() if each.nightly])
    db.session.commit()
    return claimed


def _do(app: Flask, claimed: Claim, stopping: Callable[[], bool]) -> bool:
    """Do one job to its end, or as far as it goes; True when it is done."""
    function = service.kinds_of(app)[claimed.kind].function
    after = claimed.after
    while True:
        with app.app_context():  # a session of its own: a batch leaves nothing behind in memory
            if stopping():
                claiming.let_go(claimed)
                db.session.commit()
                return False
            try:
                batch = function(claimed.key, after)
                if not claiming.keep(claimed, batch.done, batch.after):
                    db.session.rollback()
                    return False
                db.session.commit()
            except Exception as error:  # noqa: BLE001 -- whatever it is, it stops this job and no other
                db.session.rollback()
                _say(app, claimed.kind, error)
                claiming.failed(claimed, error)
                db.session.commit()
                return False
        _between(app)
        if batch.after is None:
            return True
        after = batch.after


def _between(app: Flask) -> None:
    """Do what keeps pace with the work; where it fails the work goes on."""
    for function in service.pieces_of(app):
        with app.app_context():
            try:
                function()
                db.session.commit()
            except Exception as error:  # noqa: BLE001 -- as of a batch
                db.session.rollback()
                _say(app, function.__name__, error)


def _say(app: Flask, what: str, error: Exception) -> None:
    """Log where it went wrong and the kind of fault; its message may quote a child."""
    where = "".join(traceback.format_tb(error.__traceback__))
    app.logger.error("job %s: %s\n%s", what, type(error).__name__, where)


def _end_with(parent: int, stop: threading.Event) -> None:
    """Stop when the parent is gone, however it ended: an orphan has another one."""
    while os.getppid() == parent and not stop.wait(PARENT_EVERY):
        pass
    stop.set()
