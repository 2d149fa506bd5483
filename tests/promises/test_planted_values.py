"""Private by construction: values planted through the pages are found nowhere in the clear."""

from __future__ import annotations

import base64
import logging
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import quote

import pytest
from sqlalchemy import select, text

from registry.audit.models import AuditEvent
from registry.children import finding
from registry.database import db
from registry.referrals.models import Referral
from tests.factories import COMMUNITY, id_number
from tests.households.conftest import Intake, child
from tests.referrals.sending import first_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from registry.areas.models import Office
    from registry.settings import Settings
    from tests.client import Client, Page
    from tests.factories import Factory

NAME, MOTHER, PHONE, ADDRESS = "欧阳栩栩", "司徒静怡", "15499887766", "九十九幢八单元"
NUMBER = id_number("321322", date(2018, 3, 7), 977)
SCHOOL, NOTE = "九霄实验小学", "外婆说秋后再来"  # as the answering office types them
DAYS = ("2018-03-07", "20180307", "2018年3月7日")
PLANTED = (NAME, "Ouyang Xuxu", MOTHER, PHONE, ADDRESS, NUMBER, SCHOOL, NOTE, *DAYS)


def forms_of(value: str) -> set[bytes]:
    """Return the ways in which a value could lie about: plain, wide, escaped, or in base 64."""
    plain = value.encode()
    wide = {value.encode("utf-16-le"), value.encode("utf-16-be"), value.encode("gb18030")}
    escaped = {quote(value).encode(), value.encode("unicode_escape")}
    encoded = {base64.b64encode(plain).rstrip(b"=")[:-1], base64.urlsafe_b64encode(plain).rstrip(b"=")[:-1]}
    return {plain} | wide | escaped | encoded


def found_in(data: bytes) -> set[str]:
    return {value for value in PLANTED if any(form in data for form in forms_of(value))}


@pytest.fixture
def register(app: Flask, client_as: Callable[..., Client], make: Factory) -> Callable[[], Client]:
    """Return a function: a registrar registers the planted child and finds it in each way, an office answers."""

    def registered() -> Client:
        office = make.office("education", COMMUNITY[:6] + "000000", serves=(("education", COMMUNITY[:6] + "000000"),))
        make.office("clinic", COMMUNITY[:9] + "000", serves=(("vaccination", COMMUNITY[:9] + "000"),))
        browser = client_as("registrar")
        take_in(browser)
        answer(app, client_as(make.user("officer", office=office)), office)
        return browser

    return registered


@pytest.fixture
def registered(register: Callable[[], Client]) -> Client:
    return register()


def take_in(browser: Client) -> None:
    intake = Intake(browser)
    intake.notice()
    intake.family(**{"address": ADDRESS, "guardians-0-name": MOTHER, "guardians-0-phone": PHONE})
    intake.children(child(name=NAME, id_number=NUMBER, school="none", certificate="none"))
    intake.finish()
    for term in (NUMBER, PHONE, NAME[:3]):
        results = search(browser, term)
        assert NAME in results.text
        assert found_in(results.path.encode()) == set()
        assert found_in(results.soup.title.get_text().encode()) == set()


def answer(app: Flask, browser: Client, office: Office) -> None:
    with app.app_context():
        sent = db.session.scalars(select(Referral.id).where(Referral.office_id == office.id)).one()
    page = browser.get(f"/referrals/{sent}").submit(form="form[action$='/accept']", status=200)
    told = {"answer-outcome": "11", "answer-school": SCHOOL, "answer-note": NOTE, **first_day()}
    assert page.submit(told, status=200).path == "/referrals/"


def search(browser: Client, term: str) -> Page:
    page = browser.get("/children/")
    return page.submit({"term": term}, form="form[action$='/children/search']", status=200)


def test_no_planted_value_lies_in_the_clear_in_database_files_or_temporary_folders(
    register: Callable[[], Client], settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Path(settings.database_url.removeprefix("sqlite:///"))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with closing(sqlite3.connect(place)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM child").fetchall()  # what is written from here on stays in the log
        register()
        files = [path for folder in (tmp_path, place.parent) for path in folder.rglob("*") if path.is_file()]
        assert any(path.name.endswith(".db") for path in files)
        assert any(path.name.endswith(".db-wal") and path.stat().st_size for path in files)
        for path in files:
            assert found_in(path.read_bytes()) == set(), path


@pytest.mark.database
def test_no_planted_value_lies_in_the_clear_in_any_row(registered: Client, app: Flask) -> None:
    with app.app_context():
        for table in db.metadata.sorted_tables:
            rows = db.session.execute(text(f'SELECT * FROM "{table.name}"')).all()
            for row in rows:
                data = b"\n".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row)
                assert found_in(data) == set(), table.name


@contextmanager
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    with caplog.at_level(logging.INFO, "sqlalchemy.engine"):
        yield


def test_no_planted_value_is_logged_or_audited(
    register: Callable[[], Client], app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with everything_logged(caplog):
        register()
    assert "INSERT INTO child" in caplog.text, "the statements should have been logged"
    assert found_in(caplog.text.encode()) == set()
    with app.app_context():
        events = db.session.scalars(select(AuditEvent)).all()
        assert events
        assert found_in("\n".join(f"{event.kind} {event.details}" for event in events).encode()) == set()


def test_a_failure_logs_where_it_happened_and_not_what_was_typed(
    registered: Client, app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_viewer: object, term: str) -> NoReturn:
        raise RuntimeError(f"{term} {NAME} {MOTHER}")

    monkeypatch.setattr(finding, "keep", fails)
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    with everything_logged(caplog):
        page = registered.get("/children/").submit(
            {"term": NUMBER}, form="form[action$='/children/search']", status=500
        )
    assert "RuntimeError" in caplog.text
    assert found_in(caplog.text.encode()) == set()
    assert found_in(str(page.soup).encode()) == set()


def test_the_search_itself_would_find_a_value_that_was_left_in_the_clear() -> None:
    for value in PLANTED:
        for form in forms_of(value):
            assert value in found_in(b"..." + form + b"...")
