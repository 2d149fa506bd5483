"""A mark and an end reach everything of a child: what lies in files that were merged into its own too."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.access import Role
from registry.accounts.models import User
from registry.children import merging
from registry.children.models import Child, Episode
from registry.clock import today
from registry.database import db
from registry.protection import queries as protection
from registry.protection import service
from registry.protection.queries import Answers
from registry.referrals.ending import withdraw_open
from registry.referrals.lists import office_list, sent_list
from registry.referrals.models import Referral
from registry.vault.models import BlindIndex
from tests.factories import COMMUNITY
from tests.protection.acts import ask, decide, protect

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask

    from registry.areas.models import Office
    from tests.client import Client
    from tests.factories import Factory
    from tests.transfers.conftest import World

COUNTY = COMMUNITY[:6] + "000000"


@pytest.fixture
def bureau(make: Factory) -> Office:
    return make.office("education", COUNTY, serves=(("education", COUNTY),))


def merged_chain(app: Flask, make: Factory, names: tuple[str, ...]) -> list[Child]:
    """Make files of which each was merged into the next; the last one is kept."""
    files = [make.child(name=name) for name in names]
    with app.app_context():
        viewer = make.viewer("supervisor")
        for one, into in pairwise(files):
            merging.merge(viewer, one.id, into.id)
        db.session.commit()
    return files


def marks(app: Flask, files: list[Child]) -> list[tuple[bool, UUID | None]]:
    with app.app_context():
        rows = [db.session.get_one(Child, file.id) for file in files]
        return [(row.protected, row.protected_registrar_id) for row in rows]


@pytest.mark.database
def test_a_mark_covers_what_was_merged_at_any_remove_and_is_lifted_from_all_of_it(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    files = merged_chain(app, make, ("端木一", "端木二", "端木三"))
    registrar = protect(make, client_as, files[-1])
    assert marks(app, files) == [(True, registrar.id)] * 3
    held = select(BlindIndex.exclusive).where(BlindIndex.kind == "identity")
    with app.app_context():
        assert set(db.session.scalars(held)) == {False}
    ask(client_as("protection_officer"), files[-1])
    decide(client_as("protection_officer"), "confirmed")
    assert marks(app, files) == [(False, None)] * 3
    with app.app_context():
        assert set(db.session.scalars(held)) == {True}


def test_a_referral_of_a_merged_file_leaves_both_offices_with_the_mark(
    app: Flask, make: Factory, client_as: Callable[..., Client], bureau: Office
) -> None:
    home = make.office()
    merged, kept = merged_chain(app, make, ("端木甲", "端木乙"))
    officer, sender = make.user("officer", office=bureau), make.user(office=home)
    open_one = make.referral(merged, bureau, from_office=home)
    make.referral(merged, bureau, from_office=home, service="vaccination", state="returned")
    assert "端木甲" in client_as(officer).get("/referrals/").text
    assert "端木甲" in client_as(sender).get("/referrals/sent").text
    protect(make, client_as, kept)
    assert "端木甲" not in client_as(officer).get("/referrals/").text
    client_as(officer).get(f"/referrals/{open_one.id}", status=404)
    assert "端木甲" not in client_as(sender).get("/referrals/sent").text


def test_a_transfer_of_a_merged_file_is_absent_by_its_address_too(
    app: Flask, make: Factory, client_as: Callable[..., Client], world: World
) -> None:
    transfer, kept = world.transfer("claimed"), make.child(area=world.child.episodes[0].area_code)
    with app.app_context():
        merging.merge(make.viewer("supervisor"), world.child.id, kept.id)
        db.session.commit()
    client_as(world.receiver).get(f"/transfers/{transfer}", status=200)
    protect(make, client_as, kept, area=kept.episodes[0].area_code)
    for user in (world.receiver, world.sender):
        client_as(user).get(f"/transfers/{transfer}", status=404)


def test_nothing_is_merged_into_a_protected_file_and_a_merged_one_that_is_parted_keeps_the_mark(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    merged, kept = merged_chain(app, make, ("端木甲", "端木乙"))
    other, viewer = make.child(), make.viewer("supervisor")
    protect(make, client_as, kept)
    with app.app_context():
        with pytest.raises(merging.MergeError):
            merging.merge(viewer, other.id, kept.id)
        merging.part(viewer, merged.id, "registered")
        db.session.commit()
    assert [mark for mark, _registrar in marks(app, [merged, kept, other])] == [True, True, False]


@pytest.mark.database
def test_when_the_child_of_a_kept_file_dies_nobody_works_on_what_was_merged_into_it(
    app: Flask, make: Factory, client_as: Callable[..., Client], bureau: Office
) -> None:
    files = merged_chain(app, make, ("端木一", "端木二", "端木三"))
    viewer = make.viewer("officer", user=make.user("officer", office=bureau))
    referral = make.referral(files[0], bureau)
    client_as("registrar").get(f"/changes/{files[-1].id}/died").submit().submit(status=200)
    with app.app_context():
        assert db.session.get_one(Referral, referral.id).state == "withdrawn"
        for tab in office_list.TABS:
            assert office_list.inbox(viewer, office_list.Wanted(tab), today()).referrals == []
        assert set(office_list.counts(viewer, today()).values()) == {0}


def test_who_leaves_takes_the_referrals_of_merged_files_along(context: Flask, make: Factory, bureau: Office) -> None:
    files = merged_chain(context, make, ("端木甲", "端木乙"))
    for file in files:
        make.referral(file, bureau)
    other = make.referral(make.child(), bureau)
    assert withdraw_open(make.viewer(), files[-1].id, "left", today()) == 2
    assert db.session.get_one(Referral, other.id).state == "sent"


def test_a_named_registrar_who_became_something_else_reads_nothing_of_it_any_more(
    app: Flask, make: Factory, client_as: Callable[..., Client], bureau: Office
) -> None:
    child = make.child(name="端木甲")
    named = protect(make, client_as, child)
    with app.app_context():
        home = db.session.get_one(User, named.id).office
        db.session.expunge_all()
    sent = make.referral(child, bureau, from_office=home, state="returned")
    viewer = make.viewer(user=named)
    with app.app_context():
        back = sent_list.Narrowed(sent_list.RETURNED)
        assert [each.id for each in sent_list.sent(viewer, back, today()).referrals] == [sent.id]
        db.session.get_one(User, named.id).role = "supervisor"
        db.session.commit()
        assert sent_list.sent(dataclasses.replace(viewer, role=Role.SUPERVISOR), back, today()).referrals == []
    client_as(named).get(f"/children/{child.id}", status=404)


@pytest.mark.parametrize(("status", "listed"), [("withdrawn", False), ("left", True)])
def test_who_was_taken_off_the_register_is_on_no_list_of_key_care_and_who_is_gone_still_is(
    app: Flask, make: Factory, status: str, *, listed: bool
) -> None:
    child, officer = make.child(), make.viewer("protection_officer")
    with app.app_context():
        service.assess(make.viewer(), child.id, Answers("none", "poor", ("poverty",)), None)
        db.session.get_one(Episode, child.episodes[0].id).status = status
        db.session.commit()
        assert bool(protection.key_care(officer).rows) is listed
