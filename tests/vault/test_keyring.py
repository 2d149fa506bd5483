"""The format of stored values, wrapped keys and tokens."""

from __future__ import annotations

import hashlib
import hmac
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID  # noqa: TC003

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.vault import keyring
from registry.vault.errors import SealBrokenError
from registry.vault.keyring import Vault
from tests.vault.conftest import OTHER_ROW, ROW, data_key

NAME = "child.name"
VAULT = Vault([data_key()], 1)

names = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"])
    | st.characters(min_codepoint=0x20000, max_codepoint=0x323AF),
    max_size=40,
)


@given(names)
def test_what_was_sealed_opens_to_the_same_whatever_its_script(name: str) -> None:
    sealed = VAULT.seal(NAME, ROW, name.encode())
    assert VAULT.open(NAME, ROW, sealed).decode() == name
    assert len(name.encode()) < 4 or name.encode() not in sealed


def test_a_name_outside_the_basic_plane_is_kept() -> None:
    name = "𠮷田𪚥·𬀩"
    assert VAULT.open(NAME, ROW, VAULT.seal(NAME, ROW, name.encode())).decode() == name


def test_the_same_value_sealed_twice_looks_different() -> None:
    assert VAULT.seal(NAME, ROW, b"same") != VAULT.seal(NAME, ROW, b"same")


@pytest.mark.parametrize(
    ("field", "row"),
    [
        (NAME, OTHER_ROW),
        ("child.pinyin", ROW),
        ("guardian.name", ROW),
        ("chil.dname", ROW),
        ("child.nam", ROW),
        ("", ROW),
    ],
)
def test_a_value_copied_to_another_row_column_or_table_does_not_open(field: str, row: UUID) -> None:
    sealed = VAULT.seal(NAME, ROW, "张三".encode())
    with pytest.raises(SealBrokenError):
        VAULT.open(field, row, sealed)


def test_a_value_with_any_bit_flipped_does_not_open() -> None:
    two_keys = Vault([data_key(1), data_key(3)], 1)  # so that a flipped key id may name a key that exists
    sealed = two_keys.seal(NAME, ROW, "张三".encode())
    for place in range(len(sealed) * 8):
        flipped = bytearray(sealed)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(SealBrokenError):
            two_keys.open(NAME, ROW, bytes(flipped))


def test_a_value_cut_short_does_not_open() -> None:
    sealed = VAULT.seal(NAME, ROW, b"x")
    for length in range(len(sealed)):
        with pytest.raises(SealBrokenError):
            VAULT.open(NAME, ROW, sealed[:length])


def test_a_value_sealed_under_a_key_that_is_gone_says_so() -> None:
    sealed = Vault([data_key(2)], 2).seal(NAME, ROW, b"x")
    with pytest.raises(SealBrokenError, match="names a key that is not here"):
        VAULT.open(NAME, ROW, sealed)


def test_the_stored_format_is_the_one_written_down() -> None:
    """Known answer. A change here makes every deployed database unreadable."""
    sealed = VAULT._seal_with(bytes(range(12)), NAME, ROW, "张三".encode())
    assert sealed.hex() == (
        "01010001"  # version 1, suite 1, key 1
        "000102030405060708090a0b"  # nonce
        "20efa40374a8bfc7f14d6152b8a6bf6c52f088628174"
    )
    assert VAULT.open(NAME, ROW, sealed).decode() == "张三"


def hkdf_sha256(key: bytes, info: bytes) -> bytes:
    """RFC 5869 for one block of output, without salt, from the standard library alone."""
    extracted = hmac.digest(bytes(32), key, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)


def test_a_token_is_the_one_written_down() -> None:
    """Known answer, computed a second time without the vault's library."""
    token = VAULT.token("identity", "张三", "2019-06-14")
    message = b"\0\0\0\x06" + "张三".encode() + b"\0\0\0\x0a2019-06-14"
    independent = hmac.digest(hkdf_sha256(bytes(range(1, 33)), b"index:identity"), message, hashlib.sha256)
    assert token == independent[:16] == bytes.fromhex("b56d8b998907550e8864ce2030ce293f")


def test_an_older_key_still_opens_and_the_active_one_seals() -> None:
    old, both = Vault([data_key(1)], 1), Vault([data_key(1), data_key(2)], 2)
    assert both.open(NAME, ROW, old.seal(NAME, ROW, b"x")) == b"x"
    assert both.seal(NAME, ROW, b"x")[:4] == bytes([1, 1, 0, 2])
    assert both.key_ids == (2, 1)
    assert both.tokens("phone", "15400001234")[1] == old.token("phone", "15400001234")


def test_tokens_differ_by_kind_and_by_key() -> None:
    two_keys = Vault([data_key(1), data_key(2)], 2)
    tokens = [*two_keys.tokens("phone", "1").values(), *two_keys.tokens("document", "1").values()]
    assert len(set(tokens)) == 4
    assert {len(token) for token in tokens} == {16}


parts = st.lists(st.text(st.sampled_from("ab\0\x01"), min_size=1, max_size=4), min_size=1, max_size=3)


@given(parts, parts)
def test_composite_values_are_joined_so_that_no_two_agree(some: list[str], other: list[str]) -> None:
    assert (VAULT.token("identity", *some) == VAULT.token("identity", *other)) == (some == other)


def test_ab_c_is_not_a_bc() -> None:
    assert VAULT.token("name_birth", "ab", "c") != VAULT.token("name_birth", "a", "bc")


@pytest.mark.parametrize("values", [(), ("",), ("张三", "")])
def test_nothing_is_not_indexed_for_it_would_join_strangers(values: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="not empty"):
        VAULT.token("name_birth", *values)


def test_a_wrapped_data_key_comes_back_under_its_master_key_and_its_id_only() -> None:
    master, key = keyring.new_secret(), data_key(7)
    wrapped = keyring.wrap(master, key)
    assert keyring.unwrap(master, 7, wrapped) == key
    assert key.secret not in wrapped
    for other_master, key_id, stored in [
        (keyring.new_secret(), 7, wrapped),
        (master, 8, wrapped),
        (master, 7, wrapped[:-1]),
        (master, 8, bytes([1, 1, 0, 8]) + wrapped[4:]),
    ]:
        with pytest.raises(SealBrokenError):
            keyring.unwrap(other_master, key_id, stored)


def test_new_keys_are_32_bytes_and_never_the_same() -> None:
    first, second = keyring.new_data_key(1), keyring.new_data_key(1)
    assert len(first.secret) == 32
    assert first.secret != second.secret


def test_keys_show_nothing_of_themselves() -> None:
    key = data_key()
    VAULT.seal(NAME, ROW, b"x")
    for shown in (repr(key), str(VAULT), repr(VAULT), repr(VAULT._seals)):
        assert key.secret.hex() not in shown
        assert repr(key.secret)[2:12] not in shown


def test_threads_may_share_the_vault() -> None:
    shared = Vault([data_key()], 1)

    def work(number: int) -> bool:
        field, plain = f"child.field{number % 7}", str(number).encode()
        token = shared.token(f"kind{number % 5}", str(number))
        same = Vault([data_key()], 1).token(f"kind{number % 5}", str(number))
        return shared.open(field, ROW, shared.seal(field, ROW, plain)) == plain and token == same

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(800)))
