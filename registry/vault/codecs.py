"""How a value becomes the bytes that are sealed, and comes back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Generic, TypeVar

from sop.identity import BirthDate, parse_birth_date

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

JsonValue = dict[str, "JsonValue"] | list["JsonValue"] | str | int | float | bool | None


@dataclass(frozen=True)
class Codec(Generic[T]):
    """A pair of functions that undo each other. No bytes at all stand for no value."""

    encode: Callable[[T], bytes]
    decode: Callable[[bytes], T]


def _json_bytes(value: JsonValue) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _json_value(plain: bytes) -> JsonValue:
    value: JsonValue = json.loads(plain)
    return value


def padded(codec: Codec[T], block: int) -> Codec[T]:
    """Return a codec that fills up with spaces to whole blocks (bytes), so that a length tells nothing of a value.

    Spaces at the end of a value are lost. What was sealed without them opens as well.
    """
    return Codec(lambda value: _filled(codec.encode(value), block), lambda plain: codec.decode(plain.rstrip(b" ")))


def _filled(plain: bytes, block: int) -> bytes:
    return plain + b" " * (-len(plain) % block)


TEXT: Codec[str] = Codec(str.encode, bytes.decode)
BYTES: Codec[bytes] = Codec(bytes, bytes)
JSON: Codec[JsonValue] = Codec(_json_bytes, _json_value)
DAY: Codec[date] = Codec(
    lambda day: day.isoformat().encode("ascii"), lambda plain: date.fromisoformat(plain.decode("ascii"))
)
BIRTH: Codec[BirthDate] = Codec(
    lambda birth: birth.iso.encode("ascii"), lambda plain: parse_birth_date(plain.decode("ascii"))
)
