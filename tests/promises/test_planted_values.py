"""Private by construction: values planted through the pages are found nowhere in the clear."""

from __future__ import annotations

import base64
import logging
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from sqlalchemy import select, text

from registry.audit.models import AuditEvent
from registry.database import db
from tests.factories import COMMUNITY, id_number
from tests.households.conftest import Intake, child

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory

NAME, MOTHER, PHONE, ADDRESS = "欧阳栩栩", "司徒静怡", "15499887766", "九十九幢八单元"
NUMBER = id_number("321322", date(2018, 3, 7), 977)
PLANTED = (NAME, MOTHER, PHONE, ADDRESS, NUMBER, "2018-03-07", "20180307")


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
def registered(client_as: Callable[..., Client], make: Factory) -> Client:
    """A registrar who registered the planted child and found it again in each way."""
    make.office("education", COMMUNITY[:6] + "000000", serves=(("education", COMMUNITY[:6] + "000000"),))
    make.office("clinic", COMMUNITY[:9] + "000", serves=(("vaccination", COMMUNITY[:9] + "000"),))
    browser = client_as("registrar")
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
    return browser


def search(browser: Client, term: str) -> Page:
    page = browser.get("/children/")
    return page.submit({"term": term}, form="form[action$='/children/search']", status=200)


def test_no_planted_value_lies_in_the_clear_in_database_files_or_temporary_folders(
    registered: Client, app: Flask, tmp_path: Path
) -> None:
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in files)
    temporary = [path for path in Path(tempfile.gettempdir()).glob("*registry*") if path.is_file()]
    for path in [*files, *temporary]:
        assert found_in(path.read_bytes()) == set(), path


@pytest.mark.database
def test_no_planted_value_lies_in_the_clear_in_any_row(registered: Client, app: Flask) -> None:
    with app.app_context():
        for table in db.metadata.sorted_tables:
            rows = db.session.execute(text(f'SELECT * FROM "{table.name}"')).all()
            for row in rows:
                data = b"\n".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row)
                assert found_in(data) == set(), table.name


def test_no_planted_value_is_logged_or_audited(
    registered: Client, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.INFO)
    try:
        search(registered, NUMBER)
    finally:
        logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)
    assert caplog.records, "the statements should have been logged"
    assert found_in(caplog.text.encode()) == set()
    with app.app_context():
        events = db.session.scalars(select(AuditEvent)).all()
        assert events
        assert found_in("\n".join(f"{event.kind} {event.details}" for event in events).encode()) == set()


def test_the_search_itself_would_find_a_value_that_was_left_in_the_clear() -> None:
    for value in PLANTED:
        for form in forms_of(value):
            assert value in found_in(b"..." + form + b"...")
