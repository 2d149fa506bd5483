"""Who serves what where: what nobody covers is shown, and an assignment is followed by the next referral."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.administration import service
from registry.administration.service import RefusedError
from registry.areas import serving
from registry.areas.models import OfficeService
from registry.areas.queries import office_for
from registry.clock import today
from registry.database import db
from sop.version import in_force
from tests.factories import COMMUNITY, ELSEWHERE, VILLAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory

CITY, TIANNING, ZHONGLOU = "320400000000", "320402000000", "320404000000"
TOWN = f"{COMMUNITY[:9]}000"


def row_of(page: object, name: str) -> list[str]:
    rows = [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in page.select("tbody tr")]
    return next(row for row in rows if row[0].startswith(name))


@pytest.mark.database
def test_what_nobody_covers_is_shown_and_what_a_wider_office_covers_is_not(
    make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    make.office("education", TIANNING, serves=(("education", TIANNING),))
    make.area(COMMUNITY)
    make.office("clinic", COMMUNITY, serves=(("vaccination", COMMUNITY),))
    browser = client_as("administrator", language=language)
    assert not browser.get("/administration/services").select("tr.app-row--soon"), "other services nobody gives at all"
    others = in_force(today()).services.keys() - {"education", "vaccination"}
    make.office("government", CITY, serves=tuple((code, CITY) for code in others))
    page = browser.get("/administration/services")
    tianning, zhonglou = ("天宁区", "钟楼区") if language == "zh" else ("Tianning", "Zhonglou")
    assert "1" in row_of(page, tianning)[2]
    assert page.select("tr.app-row--soon")
    nobody = row_of(page, zhonglou)[1]
    assert nobody.split()[0] == row_of(page, zhonglou)[2].split()[0]
    below = browser.get(f"/administration/services/{TIANNING}")
    assert all(nobody.split()[0] not in row.select("td")[0].get_text() for row in below.select("tbody tr"))


def test_all_communities_of_a_town_with_an_office_of_their_own_cover_it(app: Flask, make: Factory) -> None:
    clinic = make.office("clinic", COMMUNITY, serves=(("vaccination", COMMUNITY),))
    with app.app_context():
        [town, community] = serving.table(TOWN, ["vaccination"])
    assert (town.services["vaccination"].covered, town.services["vaccination"].leaves) == (1, 1)
    assert town.services["vaccination"].whole
    assert community.services["vaccination"].office.id == clinic.id
    make.area(f"{COMMUNITY[:9]}902")
    with app.app_context():
        town = serving.table(TOWN, ["vaccination"])[0].services["vaccination"]
    assert (town.covered, town.leaves, town.whole) == (1, 2, False)


@pytest.mark.database
def test_an_assignment_is_followed_at_once_and_recorded_and_taken_back(
    app: Flask,
    make: Factory,
    client_as: Callable[..., Client],
    recorded: Callable[[str], list[dict[str, object]]],
    language: str,
) -> None:
    bureau, other = (make.office("education", TIANNING) for _ in range(2))
    browser, path = client_as("administrator", language=language), f"/administration/services/{TIANNING}/assign"
    for office in (bureau, other, None):
        answers = {"office": office.id if office else ""}
        page = browser.get(f"{path}?service=education").submit(answers, status=200)
        assert page.path == f"/administration/services/{CITY}"
        with app.app_context():
            found = office_for("education", COMMUNITY)
            assert (found.id if found else None) == (office.id if office else None)
    ids = [str(bureau.id), str(other.id), None]
    assert [event["office"] for event in recorded("service_assigned")] == ids


@pytest.mark.database
def test_the_second_of_two_who_assign_is_told_and_changes_nothing(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    one, other = (make.office("education", TIANNING) for _ in range(2))
    browser = client_as("administrator", language=language)
    path = f"/administration/services/{TIANNING}/assign?service=education"
    first, second = browser.get(path), browser.get(path)
    first.submit({"office": one.id}, status=200)
    page = second.submit({"office": other.id}, status=422)
    assert list(page.errors) == ["office"]
    with app.app_context():
        assert db.session.scalar(select(OfficeService.office_id)) == one.id
    page.submit({"office": other.id}, status=200)
    with app.app_context():
        assert db.session.scalar(select(OfficeService.office_id)) == other.id


def test_only_open_offices_of_a_fitting_kind_in_the_area_may_answer(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    bureau, police = make.office("education", TIANNING), make.office("police", TIANNING)
    elsewhere = make.office("education", VILLAGE[:6] + "000000")
    page = client_as("administrator").get(f"/administration/services/{TIANNING}/assign?service=education")
    assert [choice["value"] for choice in page.select("#office option")] == ["", str(bureau.id)]
    viewer = make.viewer("administrator")
    for office in (police, elsewhere):
        with app.app_context(), pytest.raises(RefusedError):
            service.assign(viewer, "education", TIANNING, office.id, None)


@pytest.mark.parametrize(
    "path",
    [
        f"/administration/services/{ZHONGLOU}",
        f"/administration/services/{ZHONGLOU}/assign?service=education",
        f"/administration/services/{TIANNING}/assign?service=fortune-telling",
        f"/administration/services/{TIANNING}/assign",
    ],
)
def test_another_area_and_an_unknown_service_are_as_if_absent(client_as: Callable[..., Client], path: str) -> None:
    assert ELSEWHERE.startswith(ZHONGLOU[:6])
    client_as("administrator", area=TIANNING).get(path, status=404)


@pytest.mark.parametrize("role", ["registrar", "supervisor", "officer", "official", "auditor", "protection_officer"])
@pytest.mark.parametrize("page", ["offices", "offices/new", "services", "blocks"])
def test_only_administrators_keep_places(client_as: Callable[..., Client], role: str, page: str) -> None:
    client_as(role).get(f"/administration/{page}", status=403)
