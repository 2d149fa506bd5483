"""What the clinic's page shows of a child: the table, what is due first, and why a dose does not count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.doses.clinic import BCG, HEPB, SECOND

if TYPE_CHECKING:
    from flask import Flask

    from tests.doses.clinic import Clinic


def test_a_record_shows_the_table_what_is_due_first_and_why_a_dose_does_not_count(app: Flask, clinic: Clinic) -> None:
    child = clinic.referred(sex="1")
    early = HEPB._replace(vaccine="MMR")
    clinic.enter(child, HEPB, BCG, early, SECOND)
    record = clinic.record(child)
    lines = {(line.row.course, line.row.number): line for line in record.rows}
    assert lines["HepB", 1].status == lines["HepB", 2].status == "given"
    given = lines["HepB", 2].given
    assert given is not None
    assert given.on == SECOND.day
    assert lines["HepB", 3].status == "overdue"
    assert (lines["polio", 1].status, lines["polio", 2].status) == ("overdue", "not_yet")
    assert lines["2vHPV", 1].status == "none"
    assert [dose.judged[0].reason for dose in record.doses if dose.vaccine == "MMR"] == ["too_young"]
    statuses = [each.outlook.status for each in record.due]
    assert statuses == sorted(statuses, key=("overdue", "due", "ask", "not_yet").index)
    days = [each.outlook.recommended for each in record.due if each.outlook.status == "overdue"]
    assert days == sorted(day for day in days if day)
    assert record.state == "overdue"
