"""Who cares for a child by its row: the name, what it is to the child, and whose phone stands in which column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sop.ledger.cells import unbracketed
from sop.ledger.names import first_name
from sop.ledger.numbers import Phone, read_phone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sop.ledger.values import Row
    from sop.ledger.words import LedgerWords

SEPARATORS: Final = "/、,，;；和及"
PARENTS: Final = {"father": "51", "mother": "52"}
ADULTS: Final = ("guardian", *PARENTS, "head")  # the first that is named cares for the child
Names = dict[str, str | None]


@dataclass(frozen=True)
class Carer:
    """Whoever cares for a child; what the row does not say is None. `relation`: by the list of that name."""

    name: str | None
    relation: str | None
    phone: str | None


def read_carer(row: Row, words: LedgerWords) -> Carer:
    """Read who cares for a child: the guardian, else a parent, else the household head; faults are added to the row."""
    names = {name: _person(row, name, words) for name in ADULTS}
    said = _relation(row, words)
    who = _who(row, names, said, words)
    if who is None and row.columns & names.keys():
        row.fault("guardian", "guardian_missing")
    relation = said or _parent(names, who)
    if relation is None and (text := row.text("relation")) and not words.is_nothing(text):
        unclear = _relation_word(text, words) == "unclear"
        row.fault("relation", "relation_unclear" if unclear else "relation_unknown")
    return Carer(names[who] if who else None, relation, _phone(row, who, _parent(names, who) or relation, words))


def _person(row: Row, name: str, words: LedgerWords) -> str | None:
    """Return the name in a cell about an adult; one that says 是 or 外出 names nobody."""
    person = first_name(row.texts.get(name, ""), words)
    return None if person and (words.code("yes_no", person) or words.code("away", person)) else person


def _who(row: Row, names: Names, relation: str | None, words: LedgerWords) -> str | None:
    """Return the column of the carer: of two parents, the one whom the relation means or who alone has a phone."""
    who = next((name for name, read in names.items() if read), None)
    if who not in PARENTS:
        return who
    parents = [parent for parent in PARENTS if names[parent]]
    if meant := [parent for parent in parents if PARENTS[parent] == relation]:
        return meant[0]
    own = [parent for parent in parents if _read(row, frozenset({parent}), words).number]
    told = any(owner not in PARENTS for owner, _cell in row.phones)
    return own[0] if own and not told else who


def _parent(names: Mapping[str, str | None], who: str | None) -> str | None:
    """Return father or mother where the carer is the one who is named in the column of that parent."""
    return next((code for parent, code in PARENTS.items() if who and names[parent] == names[who]), None)


def _phone(row: Row, who: str | None, relation: str | None, words: LedgerWords) -> str | None:
    """Return the carer's own phone, else one of which nobody says whose it is, else that of a parent.

    `relation`: what the carer is to the child: a father's phone stands in the column of the father.
    """
    others = frozenset(parent for parent, code in PARENTS.items() if who not in (None, parent) and code != relation)
    owners = {owner for owner, _cell in row.phones} - others
    own = frozenset(owner for owner in owners if who and (owner == who or owner in PARENTS))
    read = [_read(row, whose, words) for whose in (own, frozenset(owners - own), others)]
    found = next((phone for phone in read if phone.number), None)
    if found is None and (fault := next((phone.fault for phone in read if phone.fault), None)):
        row.fault("phone", fault)
    if found is not None and found is read[-1]:
        row.fault("guardian", "phone_of_parent")
    return found.number if found else None


def _read(row: Row, owners: frozenset[str | None] | frozenset[str], words: LedgerWords) -> Phone:
    return read_phone([cell for owner, cell in row.phones if owner in owners], words)


def _relation(row: Row, words: LedgerWords) -> str | None:
    text = row.text("relation")
    found = _relation_word(text, words) if text else None
    return None if found == "unclear" else found


def _relation_word(text: str, words: LedgerWords) -> str | None:
    """Return the code of a word for a relative, also inside 系其奶奶, 祖父（爷爷） and 爷爷、奶奶."""
    bare = unbracketed(text).removeprefix("系").removeprefix("是").removeprefix("其").removeprefix("儿童")
    for separator in SEPARATORS:
        bare = bare.partition(separator)[0] or bare
    return words.code("relation", text) or words.code("relation", bare) or words.code("relation", bare.lstrip("的亲"))
