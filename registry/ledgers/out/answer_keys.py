"""The key of a row in a service office's list: which referral, as it stood, for this office and no other."""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
import unicodedata
from typing import TYPE_CHECKING, Final
from uuid import UUID

from registry.vault.service import vault

if TYPE_CHECKING:
    from registry.access import Viewer
    from registry.referrals.models import Referral

# A letter first, so that no spreadsheet program takes a key for a number.
FIRST: Final = "K"
KIND: Final = "referral_key"
ID_BYTES: Final = 16
VERSION: Final = struct.Struct(">H")
PROOF_BYTES: Final = 10
LENGTH: Final = ID_BYTES + VERSION.size + PROOF_BYTES
PADDING: Final = "=" * (-((LENGTH * 8 + 4) // 5) % 8)
LEFT_OUT: Final = str.maketrans("", "", " -'’\u200b\ufeff")


class UnknownKeyError(ValueError):
    """What stands there is no key, or one of another office; the two cannot be told apart from outside."""


def key_of(viewer: Viewer, referral: Referral) -> str:
    """Return the key of a referral of the viewer's office as it stands now: 46 letters and digits."""
    told = referral.id.bytes + VERSION.pack(referral.version)
    proof = vault().token(KIND, *_bound(viewer, referral.id, referral.version))[:PROOF_BYTES]
    return FIRST + base64.b32encode(told + proof).decode("ascii").rstrip("=")


def read_key(viewer: Viewer, written: str) -> tuple[UUID, int]:
    """Return the referral's id and the version that the list showed. Raises UnknownKeyError.

    Full-width letters, spaces and lower case, which spreadsheet programs and people leave behind, do no harm.
    """
    plain = unicodedata.normalize("NFKC", written).translate(LEFT_OUT).strip().upper()
    try:
        read = base64.b32decode(plain.removeprefix(FIRST) + PADDING) if plain.startswith(FIRST) else b""
    except (binascii.Error, ValueError) as error:
        raise UnknownKeyError from error
    if len(read) != LENGTH:
        raise UnknownKeyError
    referral_id = UUID(bytes=read[:ID_BYTES])
    (version,) = VERSION.unpack_from(read, ID_BYTES)
    proofs = vault().tokens(KIND, *_bound(viewer, referral_id, version)).values()
    if not any(hmac.compare_digest(proof[:PROOF_BYTES], read[-PROOF_BYTES:]) for proof in proofs):
        raise UnknownKeyError
    return referral_id, version


def _bound(viewer: Viewer, referral_id: UUID, version: int) -> tuple[str, ...]:
    return viewer.office_id.hex, referral_id.hex, str(version)
