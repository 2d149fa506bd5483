"""After merging: no row has moved, the kept file reads over both, and the child is counted and listed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.children import listing, merging, queries
from registry.children.filters import Filters
from registry.children.models import Child, Episode, Schooling
from registry.clock import today
from registry.database import db
from registry.referrals.models import Referral
from registry.referrals.queries import open_services
from tests.children.counting import children_on_file
from tests.factories import COMMUNITY

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.access import Viewer
    from tests.client import Client
    from tests.factories import Factory

NUMBER = "321322201906149071"


@pytest.fixture
def kept(make: Factory) -> Child:
    return make.child(name="陈雨桐", school="primary", number=None)


@pytest.fixture
def merged(make: Factory, kept: Child) -> Child:
    return make.child(name="陈雨彤", school="none", number=NUMBER)


@pytest.fixture
def viewer(make: Factory) -> Viewer:
    return make.viewer("supervisor")


def test_the_kept_file_shows_episodes_schooling_and_referrals_of_both_and_no_row_moves(
    context: Flask, make: Factory, viewer: Viewer, kept: Child, merged: Child
) -> None:
    bureau, clinic = make.office("education"), make.office("clinic")
    make.referral(kept, clinic, service="vaccination")
    make.referral(merged, bureau)
    make.referral(merged, clinic, service="vaccination")
    merging.merge(viewer, merged.id, kept.id)
    file = queries.file_of(viewer, kept.id)
    assert {each.child_id for each in file.episodes} == {kept.id, merged.id}
    assert {each.stage for each in file.schooling} == {"primary", "none"}
    assert sorted(each.service for each in file.referrals) == ["education", "vaccination", "vaccination"]
    assert queries.present_episode(file).child_id == kept.id
    present = queries.present_schooling(file)
    assert present is not None
    assert present.stage == "primary"
    assert open_services(viewer, kept.id) == {"education", "vaccination"}
    db.session.flush()
    for table, rows in ((Episode, 1), (Schooling, 1), (Referral, 2)):
        assert len(db.session.scalars(select(table).where(table.child_id == merged.id)).all()) == rows


def test_the_child_is_counted_and_listed_once(context: Flask, viewer: Viewer, kept: Child, merged: Child) -> None:
    assert children_on_file(viewer) == 2
    merging.merge(viewer, merged.id, kept.id)
    db.session.commit()
    assert children_on_file(viewer) == 1
    assert sum(count.n for count in queries.count_registered(viewer.prefixes)) == 1
    page = listing.page_of(viewer, Filters(), today())
    assert [row.child.id for row in page.rows] == [kept.id]


def test_finding_by_the_merged_files_number_leads_to_the_kept_one(
    app: Flask, viewer: Viewer, kept: Child, merged: Child, client_as: Callable[..., Client]
) -> None:
    with app.app_context():
        merging.merge(viewer, merged.id, kept.id)
        db.session.commit()
    found = client_as("supervisor").get("/children/").submit({"term": NUMBER}, form="form.app-search", status=200)
    files = {link["href"].partition("?")[0] for link in found.select("main th a, main td a")}
    assert files == {f"/children/{kept.id}"}


def test_files_merged_one_after_another_are_read_over_all_of_them(
    context: Flask, make: Factory, viewer: Viewer, kept: Child, merged: Child
) -> None:
    third = make.child()
    merging.merge(viewer, third.id, merged.id)
    merging.merge(viewer, merged.id, kept.id)
    assert merging.merged_into([kept.id]) == {merged.id, third.id}
    assert len(queries.file_of(viewer, kept.id).episodes) == 3
    assert queries.kept_file(viewer, third.id) == kept.id


def test_a_file_that_is_merged_or_protected_is_not_merged_once_more(
    context: Flask, make: Factory, viewer: Viewer, kept: Child, merged: Child
) -> None:
    protected = make.child(protected=True)
    merging.merge(viewer, merged.id, kept.id)
    for child_id, into in ((merged.id, kept.id), (kept.id, merged.id), (kept.id, protected.id)):
        with pytest.raises(merging.MergeError):
            merging.merge(viewer, child_id, into)
    merging.part(viewer, merged.id, "registered")
    with pytest.raises(merging.MergeError):
        merging.part(viewer, merged.id, "registered")


def test_a_merged_file_outside_the_area_of_the_viewer_leads_nowhere(
    context: Flask, make: Factory, kept: Child, merged: Child
) -> None:
    supervisor, elsewhere = make.viewer("supervisor"), make.viewer("registrar", area=COMMUNITY[:9] + "902")
    merging.merge(supervisor, merged.id, kept.id)
    assert queries.kept_file(elsewhere, merged.id) == merged.id
