"""What pages say of changes: what waits for a file, what may be done with it now, and a correction's two sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from registry.access import Permission
from registry.changes import queries, service
from registry.changes.wording import Words, absence_in_words, field_in_words, reason_in_words
from registry.children.correcting import WITHOUT_NUMBER, identity_of
from registry.children.episodes import actor_of
from registry.children.fields import difference
from registry.children.queries import is_worked_on, present_episode
from registry.clock import now, today
from sop.absence import is_over
from sop.status import ON_THE_REGISTER, ChildStatus, EpisodeStatus, may_become

if TYPE_CHECKING:
    from flask import Flask
    from markupsafe import Markup

    from registry.access import Viewer
    from registry.changes.models import Correction
    from registry.children.models import Child, Episode

NUMBER = "id_number"
RECENT_DAYS = 30
TOLD_FOR = timedelta(days=14)  # how long the first page tells of a decision
ASKED_WORDS = {"asked": "soon", "approved": "done", "refused": "late", "withdrawn": "grey"}


@dataclass(frozen=True)
class Side:
    """One field of a correction in words: what it was when it was asked, what it is now, what is wanted.

    `changed`: whether somebody changed it since it was asked. `difference`: in how much a masked number that is
    wanted is not the one on file.
    """

    label: str
    asked_from: str | Markup
    now: str | Markup
    wanted: str | Markup
    changed: bool
    difference: str


@dataclass(frozen=True)
class OfChild:
    """What the file of a child says of changes and offers.

    `correction`: what waits, or was decided within 30 days; `missing`: whether anything of the identity may be
    filled in; `away`: a visit elsewhere in words, until it is over; `gone_to`: where a child went who has left, ""
    where nobody knows.
    `on_the_register`, `may_correct`, `may_come_back`, `may_be_placed` and `may_be_taken_off` decide what is offered:
    of who grew up or died the file is put right, and nothing else ends.
    """

    may_change: bool
    deceased: bool
    on_the_register: bool
    may_correct: bool
    may_come_back: bool
    may_be_placed: bool
    may_be_taken_off: bool
    gone_to: str | Markup
    missing: bool
    away: str
    correction: Correction | None
    fields: list[str]


def of_child(child: Child, viewer: Viewer) -> OfChild:
    """Return what a file says of changes. `child` as `children.queries.file_of` returns it."""
    episode = present_episode(child)
    registered, deceased = child.status == ChildStatus.REGISTERED, child.status == ChildStatus.DECEASED
    there, left = is_worked_on(child), registered and episode.status == EpisodeStatus.LEFT
    back = any(may_become(episode.status, status, actor_of(viewer)) for status in ON_THE_REGISTER)
    correction = queries.latest_of(child.id)
    shown = correction if correction and _is_news(correction) else None
    absence = episode.absence.open(viewer)
    return OfChild(
        may_change=viewer.may(Permission.FILE_CHANGE),
        deceased=deceased,
        on_the_register=there,
        may_correct=not deceased and episode.status in ON_THE_REGISTER,
        may_come_back=registered and episode.status not in ON_THE_REGISTER and back,
        may_be_placed=left,
        may_be_taken_off=registered and may_become(episode.status, EpisodeStatus.WITHDRAWN, actor_of(viewer)),
        gone_to=destination_of(episode, viewer) if left else "",
        missing=bool(service.missing(identity_of(child, viewer))),
        away=absence_in_words(absence) if there and isinstance(absence, dict) and not is_over(absence, today()) else "",
        correction=shown,
        fields=fields_of(shown, viewer) if shown else [],
    )


def fields_of(correction: Correction, viewer: Viewer) -> list[str]:
    """Return what a correction is about: the names of its fields."""
    return [field_in_words(name) for name in service.values_of(correction, viewer)]


def sides_of(correction: Correction, viewer: Viewer, *, whole: bool = False) -> list[Side]:
    """Return each field of a correction with what was, what is and what is wanted; `whole`: ID numbers in full."""
    words, now_there = Words(whole=whole), identity_of(correction.child, viewer).told()
    return [
        Side(
            field_in_words(name),
            words.value(name, both["before"]),
            words.value(name, now_there[name]),
            words.value(name, both["after"]),
            changed=both["before"] != now_there[name],
            difference=_difference(now_there[name], both["after"]) if name == NUMBER and not whole else "",
        )
        for name, both in service.values_of(correction, viewer).items()
    ]


def has_number(correction: Correction, viewer: Viewer) -> bool:
    """Say whether a correction is about the ID number."""
    return NUMBER in service.values_of(correction, viewer)


def _difference(now_there: str, wanted: str) -> str:
    return "" if {now_there, wanted} & WITHOUT_NUMBER else difference(now_there, wanted)


def destination_of(episode: Episode, viewer: Viewer) -> str | Markup:
    """Return where a child went, in words; "" where nobody knows."""
    words, where = Words(), episode.destination.open(viewer)
    words.look_up([where])
    return words.value("destination", where)


def _is_news(correction: Correction) -> bool:
    """An answer is shown on the file for a while; what its asker withdrew is over."""
    if correction.state == queries.ASKED:
        return True
    decided = correction.decided_at
    recent = decided is not None and (today() - decided.date()).days <= RECENT_DAYS
    return recent and correction.state != queries.WITHDRAWN


def decided_lately(viewer: Viewer) -> int:
    """Return how many of the viewer's own corrections were approved or refused within 14 days."""
    return queries.count_decided(viewer, now() - TOLD_FOR)


def init_app(app: Flask) -> None:
    """Make these known to every template."""
    app.jinja_env.globals.update(changes_of=of_child, correction_fields=fields_of, decided_corrections=decided_lately)
    app.jinja_env.filters.update(change_reason=reason_in_words)
