"""Who answers and who cares for a child: added, changed, ended, and what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.children.models import Change, Child, Episode, Guardianship
from registry.clock import today
from registry.database import db
from registry.households.models import Guardian
from registry.vault.service import find_children
from tests.client import OPENER
from tests.factories import ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory

GRANDMOTHER = {
    "care": "entrusted",
    "relation": "62",
    "name": "李桂英",
    "phone": "154 0000 8801",
    "lives_here": "no",
    "address": "柳园村4组230号",
}


def new_page(browser: Client, child: Child) -> Any:
    return browser.get(f"/children/{child.id}/carers/new")


def adults_of(app: Flask, child: Child) -> list[Guardianship]:
    with app.app_context():
        rows = db.session.scalars(
            select(Guardianship).where(Guardianship.child_id == child.id).order_by(Guardianship.id)
        ).all()
        for row in rows:
            assert row.guardian is not None
        db.session.expunge_all()
        return list(rows)


@pytest.mark.database
def test_an_entrusted_carer_is_added_and_stands_on_the_file(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    child = make.child()
    file = new_page(client_as("registrar", language=language), child).submit(GRANDMOTHER, status=200)
    assert file.path == f"/children/{child.id}"
    assert len(file.select(".app-notice--done")) == 1  # said once, on top
    said = {"zh": ("委托照护人", "李桂英", "柳园村4组230号"), "en": ("Entrusted carer", "Li Guiying", "柳园村4组230号")}
    assert all(words in file.text for words in said[language])
    mother, grandmother = adults_of(app, child)
    assert (mother.care, grandmother.care, grandmother.relation) == ("guardian", "entrusted", "62")
    with app.app_context():
        assert find_children(db.session(), "phone", "15400008801") == [child.id]


def test_the_place_of_work_of_a_parent_who_is_away_is_kept_sealed_and_shown(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(side="sending")
    (mother,) = adults_of(app, child)
    browser = client_as("registrar")
    page = browser.get(f"/children/{child.id}/carers/{mother.guardian_id}")
    assert ("name", "周敏") in page.values()
    page = page.submit({"workplace-1": "320000000000"}, button=("workplace-open", "1"), status=200)
    file = page.submit({"workplace-2": "320400000000", "lives_here": "no"}, status=200)
    assert "江苏省常州市" in file.text
    with app.app_context():
        kept = db.session.get_one(Guardian, mother.guardian_id)
        assert kept.workplace.open(OPENER) == "320400000000"
        fields = set(db.session.scalars(select(Change.field).where(Change.subject == "guardian")))
        assert fields == {"guardian_lives_here", "guardian_workplace"}


def test_a_new_phone_finds_every_child_of_that_guardian_and_the_old_one_none(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    home = make.household(phone="15400007001")
    children = [make.child(household=home) for _child in range(2)]
    browser = client_as("registrar")
    page = browser.get(f"/children/{children[0].id}/carers/{home.guardians[0].id}")
    page.submit({"phone": "154-0000-7002"}, status=200)
    with app.app_context():
        assert find_children(db.session(), "phone", "15400007001") == []
        found = find_children(db.session(), "phone", "15400007002")
        assert set(found) == {child.id for child in children}
        told = select(Change.child_id).where(Change.field == "guardian_phone")
        assert set(db.session.scalars(told)) == {child.id for child in children}


def test_a_carer_may_be_the_same_for_all_children_of_the_household(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    home = make.household()
    children = [make.child(household=home) for _child in range(2)]
    hidden = make.child(household=home, protected=True)
    page = new_page(client_as("registrar"), children[0])
    page.submit(GRANDMOTHER | {"siblings": "y"}, status=200)
    assert [len(adults_of(app, child)) for child in (*children, hidden)] == [2, 2, 1]


def test_somebody_of_the_household_is_chosen_instead_of_written_again(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    home = make.household()
    one, other = make.child(household=home), make.child(household=home)
    browser = client_as("registrar")
    new_page(browser, one).submit(GRANDMOTHER)
    grandmother = adults_of(app, one)[1]
    page = new_page(browser, other)
    page.submit({"existing": str(grandmother.guardian_id), "care": "actual", "relation": "62"}, status=200)
    linked = adults_of(app, other)[1]
    assert (linked.guardian_id, linked.care) == (grandmother.guardian_id, "actual")
    with app.app_context():
        assert db.session.get_one(Guardian, grandmother.guardian_id).name.open(OPENER) == "李桂英"


def test_who_no_longer_cares_leaves_the_file_and_stays_in_its_history(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    browser = client_as("registrar")
    new_page(browser, child).submit(GRANDMOTHER)
    carer = adults_of(app, child)[1]
    page = browser.get(f"/children/{child.id}/carers/{carer.guardian_id}")
    file = page.submit({}, form="form[action$=end]", status=200)
    assert "李桂英" not in file.text
    assert adults_of(app, child)[1].ended_month == f"{today():%Y-%m}"
    page.submit({}, form="form[action$=end]", status=404)  # a second click finds nobody
    with app.app_context():
        assert find_children(db.session(), "phone", "15400008801") == []
        rows = db.session.scalars(select(Change).where(Change.field == "guardian_care").order_by(Change.id)).all()
        assert [(row.before.open(OPENER), row.after.open(OPENER)) for row in rows] == [
            (None, {"relation": "62", "care": "entrusted"}),
            ({"relation": "62", "care": "entrusted"}, None),
        ]


def test_a_guardian_who_comes_ends_that_the_child_is_alone(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(flags=("unaccompanied",))
    with app.app_context():
        episode = db.session.get_one(Episode, child.episodes[0].id)
        episode.circumstances = {"stays": "yes", "guardian_here": "alone"}
        db.session.commit()
    father = {"care": "guardian", "relation": "51", "name": "陈海涛", "lives_here": "yes"}
    new_page(client_as("registrar"), child).submit(father, status=200)
    with app.app_context():
        episode = db.session.get_one(Episode, child.episodes[0].id)
        told: Any = episode.circumstances.open(OPENER)
        assert told["guardian_here"] in ("one", "both")
        assert not episode.unaccompanied


@pytest.mark.parametrize(
    ("typed", "field"),
    [({}, "name"), ({"name": "李桂英", "phone": "12"}, "phone"), ({"relation": "62", "phone": "abc"}, "phone")],
)
def test_what_cannot_be_comes_back_with_everything_typed(
    make: Factory, client_as: Callable[..., Client], language: str, typed: dict[str, str], field: str
) -> None:
    page = new_page(client_as("registrar", language=language), make.child()).submit(typed, status=422)
    assert set(page.errors) == {field}
    assert set(typed.items()) <= set(page.values())


@pytest.mark.database
def test_the_second_saver_of_a_guardian_sees_both_versions(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    (mother,) = adults_of(app, child)
    first, second = client_as("registrar"), client_as("supervisor")
    url = f"/children/{child.id}/carers/{mother.guardian_id}"
    page = second.get(url)
    first.get(url).submit({"phone": "15400007001"}, status=200)
    met = page.submit({"phone": "15400007002", "address": "3组12号"}, status=409)
    assert "154 0000 7001" in met.select("#choose-phone")[0].get_text()
    assert ("address", "3组12号") in met.values()
    mine = str(met.select("#choose-phone input")[0]["value"])
    met.submit({"choose-phone": mine}, status=200)
    with app.app_context():
        kept = db.session.get_one(Guardian, mother.guardian_id)
        assert (kept.phone.open(OPENER), kept.address.open(OPENER)) == ("15400007002", "3组12号")


@pytest.mark.parametrize("values", [{"area": ELSEWHERE}, {"protected": True}])
def test_the_next_area_and_who_may_not_see_a_protected_file_get_nothing(
    app: Flask, make: Factory, client_as: Callable[..., Client], values: dict[str, Any]
) -> None:
    child, own = make.child(**values), make.child()
    (mother,) = adults_of(app, child)
    browser = client_as("registrar")
    token = new_page(browser, own).values()
    for way in ("new", f"{mother.guardian_id}"):
        browser.get(f"/children/{child.id}/carers/{way}", status=404)
        browser.post(f"/children/{child.id}/carers/{way}", token, status=404)
    browser.post(f"/children/{child.id}/carers/{mother.guardian_id}/end", token, status=404)
    browser.get(f"/children/{own.id}/carers/{mother.guardian_id}", status=404)  # of another child


def test_an_officer_may_not_change_who_cares(make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child()
    for role in ("officer", "official", "protection_officer"):
        client_as(role).get(f"/children/{child.id}/carers/new", status=403)
