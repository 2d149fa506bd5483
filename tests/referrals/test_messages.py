"""Outgoing messages: once an office and working day, numbers only, by whatever channel the settings name."""

from __future__ import annotations

import json
import stat
import sys
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.areas.offices import office_by_id
from registry.database import db
from registry.jobs.models import Job
from registry.jobs.service import LONGEST_KEY, Batch
from registry.jobs.worker import work_off
from registry.referrals.overdue import messages, reminders
from registry.referrals.overdue.channels import Folder, Message, channel_of
from registry.settings import Settings, SettingsError
from sop.content import Text
from tests.promises.test_planted_values import forms_of
from tests.referrals.overdue import COUNTY, TOWN, confidential_one, late_by, overdue, supervisor

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from registry.areas.models import Office
    from tests.factories import Factory

ON = date(2026, 11, 25)  # a Wednesday
NAME, PHONE, ADDRESS = "欧阳栩栩", "15499887766", "九十九幢八单元"


class Kept:
    """A channel that keeps what it is given, and fails as often as it is told to."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.fails = 0

    def send(self, message: Message) -> None:
        if self.fails:
            self.fails -= 1
            raise OSError("the gateway is away")
        self.sent.append(message)


@pytest.fixture
def channel(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Kept:
    made = Kept()
    app.extensions["referral_channel"] = made
    monkeypatch.setattr(messages, "today", lambda: ON)
    return made


@pytest.fixture
def office(make: Factory) -> Office:
    return make.office("education", COUNTY, serves=(("education", COUNTY),))


def night(app: Flask, on: date = ON) -> None:
    """Do the whole round of a night as the worker does."""
    work_off(app, on=on)


def jobs(app: Flask, kind: str = messages.ONE) -> list[Job]:
    with app.app_context():
        return list(db.session.scalars(select(Job).where(Job.kind == kind)))


@pytest.mark.database
def test_an_office_at_which_something_is_overdue_is_told_once_a_day(
    app: Flask, make: Factory, office: Office, channel: Kept
) -> None:
    overdue(make, make.child(), office, late_by(1, ON))
    overdue(make, make.child(), office, ON + timedelta(days=1))
    make.office("clinic", COUNTY)
    night(app), night(app)
    (message,) = channel.sent
    assert (message.office, message.on, message.kind) == (office.id, ON, "referrals")
    assert message.counts == {"overdue": 1, "soon": 1, "new": 2, "climbed": 0}
    assert message.name == Text(office.name_zh, office.name_en)
    assert "逾期1件" in message.text.zh
    assert "1 overdue" in message.text.en
    assert len(jobs(app)) == 1
    night(app, ON + timedelta(days=1))
    assert len(jobs(app)) == 2, "the next day has its own"
    assert len(channel.sent) == 1, "which is no message of today's"


@pytest.mark.database
def test_offices_of_confidential_services_are_told_too(app: Flask, make: Factory, channel: Kept) -> None:
    federation = make.office("disability", COUNTY)
    confidential_one(make, make.child(), federation, late_by(1, ON))
    night(app)
    assert [(each.office, each.counts["overdue"]) for each in channel.sent] == [(federation.id, 1)]


@pytest.mark.database
def test_a_supervisor_s_office_is_told_what_has_climbed_in_this_very_night(
    app: Flask, make: Factory, office: Office, channel: Kept
) -> None:
    ours = supervisor(make)
    supervisor(make, TOWN[:6] + "009000")
    overdue(make, make.child(), office, late_by(5, ON))
    night(app)
    assert {each.office: each.counts["climbed"] for each in channel.sent} == {office.id: 0, ours.office_id: 1}


@pytest.mark.database
def test_a_message_counts_what_has_climbed_to_the_last_one(
    app: Flask, make: Factory, office: Office, channel: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "MOST_BESIDE", 1)
    ours = supervisor(make)
    for _ in range(4):
        overdue(make, make.child(), office, late_by(5, ON))
    night(app)
    assert {each.office: (each.counts["overdue"], each.counts["climbed"]) for each in channel.sent} == {
        office.id: (4, 0),
        ours.office_id: (0, 4),
    }


@pytest.mark.database
def test_nothing_is_sent_where_nothing_is_overdue_nor_of_protected_files(
    app: Flask, make: Factory, office: Office, channel: Kept
) -> None:
    supervisor(make)
    overdue(make, make.child(), office, ON)
    overdue(make, make.child(protected=True), office, late_by(9, ON))
    overdue(make, make.child(), office, late_by(9, ON), state="closed")
    night(app)
    assert not [job for job in jobs(app) if office.id.hex in job.key]
    assert channel.sent == []


@pytest.mark.parametrize("on", [date(2026, 11, 22), date(2026, 10, 1), date(2026, 10, 3)])
def test_nothing_is_put_in_on_a_day_on_which_nobody_works(
    app: Flask, make: Factory, office: Office, channel: Kept, on: date
) -> None:
    overdue(make, make.child(), office, date(2026, 8, 3))
    night(app, on)
    assert jobs(app) == []
    assert jobs(app, "referral-messages")


def test_nothing_is_put_in_without_a_channel(app: Flask, make: Factory, office: Office) -> None:
    overdue(make, make.child(), office, late_by(9, ON))
    night(app)
    assert jobs(app) == []


@pytest.mark.database
def test_a_channel_that_fails_is_asked_again_and_the_message_comes_once(
    app: Flask, make: Factory, office: Office, channel: Kept
) -> None:
    overdue(make, make.child(), office, late_by(1, ON))
    channel.fails = 1
    night(app)
    assert channel.sent == []
    (job,) = jobs(app)
    assert (job.state, job.error) == ("waiting", "OSError")
    with app.app_context():
        db.session.get_one(Job, job.id).run_after = job.run_after - timedelta(hours=1)
        db.session.commit()
    night(app), night(app)
    assert len(channel.sent) == 1


def test_a_message_of_a_day_that_is_past_is_left_to_today_s(
    app: Flask, make: Factory, office: Office, channel: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    overdue(make, make.child(), office, late_by(1, ON))
    monkeypatch.setattr(messages, "today", lambda: ON + timedelta(days=1))
    night(app)
    assert channel.sent == []
    assert [job.state for job in jobs(app)] == ["done"]


@pytest.mark.database
def test_offices_are_gone_through_batch_by_batch(
    app: Flask, make: Factory, channel: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "BATCH", 2)
    offices = [make.office("education", COUNTY) for _ in range(5)]
    for each in offices:
        overdue(make, make.child(), each, late_by(1, ON))
    night(app)
    assert sorted(each.office for each in channel.sent) == sorted(each.id for each in offices)
    with app.app_context():
        assert messages.put_in(ON.isoformat(), None).done == 0, "all of them are in already"


def test_the_key_of_a_job_fits_and_is_nothing_personal(
    app: Flask, make: Factory, office: Office, channel: Kept
) -> None:
    overdue(make, make.child(), office, late_by(1, ON))
    night(app)
    (job,) = jobs(app)
    assert job.key == f"261125-{office.id.hex}"
    assert len(job.key) <= LONGEST_KEY


@pytest.mark.database
def test_no_message_holds_anything_of_a_child(
    app: Flask, make: Factory, office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app.extensions["referral_channel"] = Folder(str(tmp_path))
    monkeypatch.setattr(messages, "today", lambda: ON)
    child = make.child(name=NAME, household=make.household(phone=PHONE, address=ADDRESS))
    referral = overdue(make, child, office, late_by(9, ON))
    supervisor(make)
    night(app)
    files = sorted(tmp_path.iterdir())
    assert len(files) == 2
    for file in files:
        data = file.name.encode() + file.read_bytes()
        for value in (NAME, PHONE, ADDRESS, str(child.id), child.id.hex, str(referral.id), referral.id.hex):
            assert not any(form in data for form in forms_of(value))


def test_the_folder_gets_one_private_file_for_each_office_and_day(tmp_path: Path, office: Office) -> None:
    message = Message(office.id, Text("示例", "Example"), ON, "referrals", {"overdue": 2}, Text("逾期2件", "2 overdue"))
    folder = Folder(str(tmp_path))
    folder.send(message)
    folder.send(replace(message, counts={"overdue": 3}))
    (file,) = tmp_path.iterdir()
    assert file.name == f"20261125-{office.id.hex}.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text(encoding="utf-8")) == {
        "office": str(office.id),
        "name": {"zh": "示例", "en": "Example"},
        "on": "2026-11-25",
        "kind": "referrals",
        "counts": {"overdue": 3},
        "text": {"zh": "逾期2件", "en": "2 overdue"},
    }


def test_a_file_that_could_not_be_written_whole_is_not_there(
    tmp_path: Path, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError("no space left")

    message = Message(office.id, Text("示例", "Example"), ON, "referrals", {}, Text("", ""))
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space left"):
        Folder(str(tmp_path)).send(message)
    assert list(tmp_path.glob("*.json")) == []


def test_the_setting_names_the_channel(tmp_path: Path) -> None:
    assert channel_of("") is None
    folder = channel_of(f"folder:{tmp_path}")
    assert isinstance(folder, Folder)
    assert folder.path == tmp_path


@pytest.mark.parametrize("setting", ["folder:/nowhere/at/all", "folder:", "pigeon:home", "pigeon"])
def test_a_channel_that_cannot_be_stops_the_start(setting: str) -> None:
    with pytest.raises(SettingsError, match="REGISTRY_MESSAGES"):
        channel_of(setting)


def test_another_package_brings_a_channel_by_its_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pigeons.py").write_text(
        "class Pigeon:\n    def __init__(self, address):\n        self.address = address\n"
        "    def send(self, message):\n        pass\n",
        encoding="utf-8",
    )
    info = tmp_path / "pigeons-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: pigeons\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[registry.channels]\npigeon = pigeons:Pigeon\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    made: Any = channel_of("pigeon:north:tower")
    monkeypatch.delitem(sys.modules, "pigeons")
    assert (type(made).__name__, made.address) == ("Pigeon", "north:tower")


def test_the_environment_hands_the_setting_over(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("0" * 32, encoding="ascii")
    secret.chmod(0o600)
    needed = {"REGISTRY_DATABASE_URL": "sqlite://", "REGISTRY_KEY_FILE": "k", "REGISTRY_SECRET_FILE": str(secret)}
    assert Settings.from_environment(needed).messages == ""
    assert Settings.from_environment(needed | {"REGISTRY_MESSAGES": " folder:/out "}).messages == "folder:/out"


def test_what_an_office_is_told_is_nothing_once_all_is_answered(app: Flask, office: Office) -> None:
    with app.app_context():
        assert messages.message_for(office_by_id(office.id), ON) is None
        assert messages.send_one(f"261125-{office.id.hex}", None) == Batch(0)
