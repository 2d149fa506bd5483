"""What is measured: each operation is what one person does, from its first request to its last."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.clock import today
from registry.names import initials
from tests.factories import id_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.clients import Client

ORIGIN = "341225"
FILE = re.compile(r'href="/children/[0-9a-f-]{36}["?]')
families = itertools.count(1)


@dataclass(frozen=True)
class Known:
    """Children of the registrar's community that can be looked for: file, ID number, name and a phone of each."""

    files: tuple[str, ...]
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    phones: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    """A name, who does it, and the doing; `turn` counts up, so that not always the same child is asked for.

    `last`: which of its requests, counted from the end, writes what all others have prepared.
    """

    name: str
    account: str
    run: Callable[[Client, Known, int], None]
    last: int | None = None


def find_by_number(client: Client, known: Known, turn: int) -> None:
    """Look for a child by ID number, and see what is found."""
    _find(client, known.numbers[turn % len(known.numbers)])


def find_by_phone(client: Client, known: Known, turn: int) -> None:
    """Look for a child by the phone of a guardian, and see what is found."""
    _find(client, known.phones[turn % len(known.phones)])


def find_by_name(client: Client, known: Known, turn: int) -> None:
    """Look for a child by the last character of the name, and see what is found."""
    _find(client, known.names[turn % len(known.names)][-1])


def find_by_letters(client: Client, known: Known, turn: int) -> None:
    """Look for a child by the first letters of the name, and see what is found."""
    _find(client, initials(known.names[turn % len(known.names)]))


def _find(client: Client, term: str) -> None:
    page = client.send(client.kept("/children/"), {"term": term}, form="/children/search")
    if not FILE.search(page.text):
        raise RuntimeError(f"nobody was found at {page.path}: what was measured is not the finding")


def open_file(client: Client, known: Known, turn: int) -> None:
    """Open a child's file."""
    client.get(f"/children/{known.files[turn % len(known.files)]}")


def register(client: Client, _known: Known, _turn: int) -> None:
    """Register a household of two adults and two children, through all four pages, with its referrals."""
    number = next(families)
    page = client.send(client.get("/households/new"), {"answer": "agrees"})
    page = client.send(page, _guardians(number))
    page = client.send(page, _children(number))
    page = client.send(page, {})
    if not page.path.endswith("/registered"):
        raise RuntimeError(f"the intake ended at {page.path}")


def _guardians(number: int) -> dict[str, str]:
    return {
        "guardians-0-name": "梁慧敏",
        "guardians-0-relation": "52",
        "guardians-0-phone": f"154{98_000_000 + number}",
        "guardians-1-name": "邵国平",
        "guardians-1-relation": "51",
        "guardians-1-phone_answer": "refused",
        "address": f"3单元{number}室",
        "arrived-year": str(today().year - 1),
        "arrived-month": "5",
        "stays": "yes",
    }


def _children(number: int) -> dict[str, str]:
    """A boy of seven to nine with his ID number and without school, a girl of three without papers."""
    days = number // 24
    born = today().replace(year=today().year - 9 + days // 336, month=days // 28 % 12 + 1, day=days % 28 + 1)
    return {
        "children-0-name": "邵景行",
        "children-0-id_number": id_number(ORIGIN, born, 951 + 2 * (number % 24)),
        "children-0-school": "none",
        "children-0-certificate": "seen",
        "children-1-name": "邵小满",
        "children-1-id_answer": "none",
        "children-1-birth-year": str(today().year - 3),
        "children-1-birth-month": "5",
        "children-1-sex": "2",
        "children-1-school": "none",
        "children-1-certificate": "none",
    }


def page_of(path: str) -> Callable[[Client, Known, int], None]:
    """Return an operation that fetches one page."""

    def fetch(client: Client, _known: Known, _turn: int) -> None:
        client.get(path)

    return fetch


OPERATIONS = (
    Operation("find by ID number", "changzhou-registrar", find_by_number),
    Operation("find by phone", "changzhou-registrar", find_by_phone),
    Operation("find by part of a name, community", "changzhou-registrar", find_by_name),
    Operation("find by part of a name, township", "changzhou-supervisor", find_by_name),
    Operation("find by first letters, township", "changzhou-supervisor", find_by_letters),
    Operation("a registrar's list", "changzhou-registrar", page_of("/children/")),
    Operation("list of a township", "changzhou-supervisor", page_of("/children/")),
    Operation("the same, by age and school", "changzhou-supervisor", page_of("/children/?age=6-11&school=none")),
    Operation("today's visits", "changzhou-registrar", page_of("/today")),
    Operation("an office's queue", "changzhou-education", page_of("/referrals/")),
    Operation("an office's queue, overdue", "changzhou-education", page_of("/referrals/?only=overdue")),
    Operation("an office's queue, by grade", "changzhou-education", page_of("/referrals/?grade=primary")),
    Operation("what an office sent", "changzhou-registrar", page_of("/referrals/sent")),
    Operation("open a file", "changzhou-registrar", open_file),
    Operation("statistics of the city", "changzhou-official", page_of("/coverage/")),
    Operation("register a household", "changzhou-registrar", register, last=-2),  # last: it makes more children
)
