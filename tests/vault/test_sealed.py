"""Sealed fields of tables: sealing on assignment, opening for a viewer, and showing nothing otherwise."""

from __future__ import annotations

import uuid  # noqa: TC003
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from registry.database import Row
from registry.vault.codecs import BIRTH, JSON
from registry.vault.errors import SealBrokenError, SealedFieldRefusedError, VaultClosedError
from registry.vault.sealed import Sealed, opened_fields
from sop.identity import BirthDate
from tests.vault.conftest import OTHER_ROW, ROW, Opening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

ANY = Opening(None)
pytestmark = pytest.mark.usefixtures("opened_app")


class SampleBase(DeclarativeBase):
    """Tables of this test only."""


class Sample(Row, SampleBase):
    """A row with a sealed field of each kind."""

    __tablename__ = "sample"

    name_sealed: Mapped[bytes | None]
    name = Sealed("sample", "name")
    birth_date_sealed: Mapped[bytes | None]
    birth_date = Sealed("sample", "birth_date", BIRTH)
    left_on_sealed: Mapped[bytes | None]
    left_on = Sealed("sample", "left_on", BIRTH)
    answers_sealed: Mapped[bytes | None]
    answers = Sealed("sample", "answers", JSON)
    twin_id: Mapped[uuid.UUID | None] = mapped_column()


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    SampleBase.metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def test_each_kind_of_value_comes_back_from_the_database(session: Session) -> None:
    answers = {"who": ["父", "母"], "since": None, "boards": True, "children": 2}
    sample = Sample(name="欧阳𠮷", birth_date=BirthDate(2019, 6), left_on=BirthDate(2026, 9, 1), answers=answers)
    session.add(sample)
    session.flush()
    session.expire_all()
    loaded = session.scalars(select(Sample)).one()
    assert loaded.name.open(ANY) == "欧阳𠮷"
    assert loaded.birth_date.open(ANY) == BirthDate(2019, 6)
    assert loaded.left_on.open(ANY) == BirthDate(2026, 9, 1)
    assert loaded.answers.open(ANY) == answers


def test_a_birth_date_known_to_the_day_keeps_its_day() -> None:
    assert Sample(birth_date=BirthDate(2019, 6, 14)).birth_date.open(ANY) == BirthDate(2019, 6, 14)


def test_the_column_holds_nothing_readable() -> None:
    stored = Sample(name="Zhang San").name_sealed
    assert stored is not None
    assert b"Zhang" not in stored


@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_and_an_empty_text_clear_the_field(nothing: str | None) -> None:
    sample = Sample(name="张三")
    assert sample.name
    sample.name = nothing
    assert not sample.name
    assert sample.name_sealed is None
    assert sample.name.open(ANY) is None


def test_a_field_never_set_is_empty() -> None:
    assert not Sample().name


def test_a_viewer_opens_only_what_it_may() -> None:
    sample = Sample(name="张三", left_on=BirthDate(2026, 9, 1))
    viewer = Opening(frozenset({"sample.name"}))
    assert sample.name.open(viewer) == "张三"
    with pytest.raises(SealedFieldRefusedError) as refused:
        sample.left_on.open(viewer)
    assert refused.value.field == "sample.left_on"
    assert isinstance(refused.value, PermissionError)


def test_a_viewer_of_nothing_is_not_even_told_that_a_field_is_empty() -> None:
    for sample in (Sample(), Sample(name="张三")):
        with pytest.raises(SealedFieldRefusedError):
            sample.name.open(Opening(frozenset()))


def test_no_way_of_showing_a_handle_shows_its_content() -> None:
    sample = Sample(name="张三")
    handle = sample.name
    shown = [
        repr(handle),
        str(handle),
        f"{handle}",
        repr([handle]),
        repr(Sample.name),
        repr(sample),
    ]
    for text in shown:
        assert "张三" not in text
        assert str(sample.name_sealed) not in text
    assert repr(handle) == "<sealed sample.name>"


def test_loading_rows_opens_nothing_and_each_opening_is_counted(session: Session) -> None:
    samples = [Sample(name="张三", left_on=BirthDate(2026, 9, 1)) for _ in range(3)]
    session.add_all(samples)
    session.flush()
    session.expire_all()
    with opened_fields() as opened:
        loaded = session.scalars(select(Sample).order_by(Sample.id)).all()
        assert [bool(sample.name) for sample in loaded] == [True] * 3
        assert opened == []
        with opened_fields() as inner:
            loaded[0].name.open(ANY)
        loaded[1].name.open(ANY)
        Sample().name.open(ANY)
    loaded[2].name.open(ANY)
    assert opened == [("sample.name", loaded[0].id), ("sample.name", loaded[1].id)]
    assert inner == opened[:1]


def test_a_value_copied_to_another_row_or_column_does_not_open() -> None:
    source, target = Sample(name="张三"), Sample()
    target.name_sealed = source.name_sealed
    source.left_on_sealed = source.name_sealed
    for handle in (target.name, source.left_on):
        with pytest.raises(SealBrokenError) as told:
            handle.open(ANY)
        assert "张三" not in str(told.value)


def test_bulk_sealing_and_opening_agree_with_the_field() -> None:
    stored = Sample.name.seal_for(ROW, "张三")
    assert Sample.name.open_value(ROW, stored, ANY) == "张三"
    assert Sample(id=ROW, name_sealed=stored).name.open(ANY) == "张三"
    assert Sample.name.seal_for(ROW, None) is None
    assert Sample.name.open_value(ROW, None, ANY) is None
    with pytest.raises(SealBrokenError):
        Sample.name.open_value(OTHER_ROW, stored, ANY)
    with pytest.raises(SealedFieldRefusedError):
        Sample.name.open_value(ROW, stored, Opening(frozenset({"child.name"})))


def test_a_row_without_an_id_cannot_be_sealed_for() -> None:
    class Loose:
        id = None
        name = Sealed("loose", "name")

    with pytest.raises(TypeError, match="has no id yet"):
        Loose().name = "张三"


def test_an_id_given_by_hand_is_the_one_bound_wherever_it_stands() -> None:
    assert Sample(name="张三", id=ROW).name.open(ANY) == "张三"


def test_a_field_declared_under_a_wrong_name_or_table_is_refused() -> None:
    for declared in ({"pinyin": Sealed("loose", "name")}, {"name": Sealed("elsewhere", "name")}):
        with pytest.raises((TypeError, RuntimeError)):
            type("Loose", (), {"__tablename__": "loose", **declared})
    with pytest.raises(ValueError, match="no dot"):
        Sealed("loose", "na.me")


def test_without_keys_nothing_is_sealed(opened_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.vault.service._load", lambda *_: None)
    monkeypatch.setattr("registry.vault.service.db.session", lambda: None)
    opened_app.extensions.update(vault=None, settings=None)
    with pytest.raises(VaultClosedError, match="registry init"):
        Sample(name="张三")
