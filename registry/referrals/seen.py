"""A referral as a page showed it: which one, and at which version; written into boxes and fields, and read back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterable

WRITTEN: Final = re.compile(r"([0-9a-f]{32})\.([0-9]{1,9})")


class Seen(NamedTuple):
    """A referral, and the version of it that the page showed."""

    id: UUID
    version: int

    def written(self) -> str:
        """Return it as a page carries it: 0199…c800.3."""
        return f"{self.id.hex}.{self.version}"


class Read(NamedTuple):
    """What a page sent back: each referral once, in the order of the page, and how many texts were none."""

    those: list[Seen]
    unread: int


def read_all(texts: Iterable[str]) -> Read:
    """Read what `Seen.written` wrote. What was tampered with is counted and left out; of two for one, the first."""
    found, unread = dict[UUID, Seen](), 0
    for text in texts:
        read = WRITTEN.fullmatch(text)
        if read is None:
            unread += 1
        else:
            found.setdefault(UUID(read[1]), Seen(UUID(read[1]), int(read[2])))
    return Read(list(found.values()), unread)
