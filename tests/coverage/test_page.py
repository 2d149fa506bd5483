"""The officials' page: protected numbers in both languages, no way to a child."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from registry.audit.models import AuditEvent
from registry.coverage import queries
from registry.database import db
from registry.disclosure.tables import Dimension, Table
from registry.vault.sealed import opened_fields

DISTRICTS = ("320402000000", "320404000000")


@pytest.fixture
def counted(monkeypatch):
    """Give the page these counts of (district, sex, age band), and some referrals."""

    def give(counts):
        dimensions = (
            Dimension("district", DISTRICTS),
            Dimension("sex", queries.SEXES),
            Dimension("age", ("0-2", "3-5", "6-11", "12-14", "15")),
        )
        monkeypatch.setattr(queries, "registered", lambda _viewer, _on: Table(dimensions, counts))

    return give


def tables(page):
    """The tables of the page: {name: {row: last cell}}."""
    return {
        table.caption.get_text(strip=True): {
            row.select("th, td")[0].get_text(strip=True): row.select("th, td")[-1].get_text(strip=True)
            for row in table.select("tbody tr, tfoot tr")
        }
        for table in page.select("table")
    }


def test_a_table_with_a_small_cell_shows_totals_only_and_hides_a_family_with_a_small_one(client_as, counted, language):
    counted({(DISTRICTS[0], "1", "6-11"): 1234, (DISTRICTS[0], "2", "3-5"): 1100, (DISTRICTS[1], "2", "3-5"): 7})
    found = list(tables(client_as("official", language=language).get("/coverage/")).values())[1:]  # without coverage
    by_district, by_sex, by_age = found[:3]
    words = set(list(by_district.values())[:2])
    assert len(words) == 1
    assert not words.pop().isdigit()
    assert list(by_district.values())[-1] == "2,341"
    assert list(by_sex.values()) == ["1,234", "1,107", "0", "2,341"]
    assert list(by_age.values()) == ["0", "1,107", "1,234", "0", "0", "2,341"]
    assert len(found) == 7  # three families of children, three of referrals and their cells, all of them 0


@pytest.mark.parametrize(
    ("area", "chinese", "english"),
    [("320400000000", "区县", "District"), ("442000000000", "镇街", "Town"), ("320402000000", "镇街", "Town")],
)
def test_the_districts_are_called_what_they_are(client_as, language, area, chinese, english):
    page = client_as("official", area=area, language=language).get("/coverage/")
    assert page.select("table")[1].select("thead th")[0].get_text(strip=True) == (
        chinese if language == "zh" else english
    )


def test_the_small_number_is_nowhere_on_the_page(client_as, counted, language):
    counted({(DISTRICTS[0], "1", "6-11"): 1000, (DISTRICTS[1], "2", "3-5"): 7})
    page = client_as("official", language=language).get("/coverage/")
    numbers = {cell.get_text(strip=True) for cell in page.select("td, .app-figures__number")}
    assert not numbers & {str(small) for small in range(1, 10)}
    assert page.select(".app-hidden-cell")


def test_a_table_without_small_cells_is_shown_whole(client_as, counted, language):
    counted({(DISTRICTS[0], "1", "6-11"): 1234, (DISTRICTS[1], "2", "3-5"): 10})
    page = client_as("official", language=language).get("/coverage/")
    whole = page.select("table")[4]
    assert len(whole.select("tbody td")) == 2 * 3 * 5
    assert "1,234" in whole.get_text()
    assert not whole.select(".app-hidden-cell")


def test_the_page_opens_nothing_reaches_no_child_and_is_recorded(app, make, client_as):
    child = make.child()
    browser = client_as("official")
    with opened_fields() as opened:
        page = browser.get("/coverage/")
    assert {field for field, _ in opened} <= {"user.name"}
    assert str(child.id) not in str(page.soup)
    browser.get(f"/children/{child.id}", status=403)
    with app.app_context():
        shown = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "statistics_shown")).all()
        assert shown
        assert all(one.details == {"table": "overview"} and not one.children for one in shown)


def test_the_page_costs_the_same_queries_however_many_children(app, make, client_as):
    browser = client_as("official")

    def cost():
        statements = []
        with app.app_context():
            engine = db.engine

        def note(*_):
            statements.append(1)

        event.listen(engine, "before_cursor_execute", note)
        browser.get("/coverage/")
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    make.child()
    browser.get("/coverage/")
    few = cost()
    for _ in range(4):
        make.child()
    assert cost() == few


@pytest.mark.parametrize(
    "role", ["registrar", "supervisor", "officer", "administrator", "auditor", "protection_officer"]
)
def test_only_officials_see_statistics(client_as, role):
    client_as(role).get("/coverage/", status=403)
