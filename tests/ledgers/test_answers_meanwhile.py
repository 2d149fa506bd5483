"""Keys of others, changes meanwhile, second taps: nothing is done twice, to strangers, or behind anybody's back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.clock import today
from registry.database import db
from registry.ledgers.models import Ledger, LedgerRow
from registry.referrals.models import Referral
from sop.version import in_force
from tests.client import OPENER
from tests.ledgers.answering import PATH, answer, apply, bring, heading, states, take
from tests.ledgers.books import filled, sheets_of, written


@pytest.mark.database
def test_a_referral_that_changed_meanwhile_is_told_and_left_alone(app, client_as, make, officer, asked, office):
    before, between = asked(), asked("李思远")
    browser = client_as(officer)
    content = filled(take(browser), answer(1, 2, outcome="11"))
    client_as(make.user("officer", office=office)).get(f"/referrals/{before.id}").submit(form="form[action$=accept]")
    page = bring(browser, content)
    assert "导出名单之后，该转介已有变动" in page.text
    client_as(make.user("officer", office=office)).get(f"/referrals/{between.id}").submit(form="form[action$=accept]")
    done = apply(page)
    assert states(app, before, between) == ["accepted", "accepted"]
    assert done.text.count("导出名单之后，该转介已有变动") == 2


def test_the_same_file_brought_twice_does_nothing_twice_and_says_so(app, client_as, officer, asked):
    asked()
    browser = client_as(officer)
    content = filled(take(browser), answer(1, outcome="11"))
    apply(bring(browser, content))
    again = bring(browser, content)
    assert "这一答复已有记录，未重复办理" in again.text
    assert not again.select("form[action$=apply]")
    with app.app_context():
        closed = [each for each in db.session.scalars(select(AuditEvent)) if each.details.get("move") == "close"]
        assert len(closed) == 1


@pytest.mark.database
def test_a_second_tap_on_apply_changes_nothing(app, client_as, officer, asked):
    asked()
    browser = client_as(officer)
    page = bring(browser, filled(take(browser), answer(1, outcome="11")))
    assert apply(page).text == apply(page).text
    with app.app_context():
        assert (
            len([each for each in db.session.scalars(select(AuditEvent)) if each.details.get("move") == "close"]) == 1
        )


def test_a_key_of_another_office_or_of_nothing_is_refused_and_recorded(app, make, client_as, officer, asked, clinic):
    asked()
    foreign = asked(service="vaccination", office=clinic)
    mine, theirs = client_as(officer), client_as(make.user("officer", office=clinic))
    content = filled(take(theirs), answer(1, outcome="01"))
    page = bring(mine, content)
    assert "这不是本单位的系统码" in page.text
    assert "陈雨桐" not in page.text
    assert not page.select("form[action$=apply]")
    assert states(app, foreign) == ["sent"]
    invented = bring(mine, written({"a": [[heading("key"), heading("outcome")], ["K" + "A" * 45, "11"], ["", "11"]]}))
    assert "这不是本单位的系统码" in invented.text
    assert "缺少系统码" in invented.text
    with app.app_context():
        refused = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "refused")).all()
        assert [each.details for each in refused] == [{"endpoint": "ledgers.answers", "why": "key"}] * 2


def test_every_changed_letter_of_a_key_makes_it_a_stranger(context, make, office, asked):
    from registry.ledgers.out.answer_keys import UnknownKeyError, key_of, read_key

    referral, viewer = asked(), make.viewer(user=make.user("officer", office=office))
    key = key_of(viewer, db.session.get_one(Referral, referral.id))
    assert read_key(viewer, f" {key.lower()[:9]}-{key.lower()[9:]}") == (referral.id, 1)
    for place in range(len(key) - 1):  # two bits of the last letter mean nothing
        other = key[:place] + ("A" if key[place] != "A" else "B") + key[place + 1 :]
        with pytest.raises(UnknownKeyError):
            read_key(viewer, other)
    with pytest.raises(UnknownKeyError):
        read_key(make.viewer("officer"), key)


def test_a_child_whose_file_was_protected_meanwhile_is_a_stranger(app, client_as, officer, asked):
    referral = asked("保密孩子")
    browser = client_as(officer)
    content = filled(take(browser), answer(1, outcome="11"))
    page = bring(browser, content)
    with app.app_context():
        db.session.get_one(Referral, referral.id).child.protected = True
        db.session.commit()
    assert "保密孩子" not in browser.get(page.path).text
    apply(page)
    assert states(app, referral) == ["sent"]


def test_the_same_key_twice_is_applied_once(app, client_as, officer, asked):
    referral = asked()
    browser = client_as(officer)
    rows = sheets_of(filled(take(browser), answer(1, outcome="11")))
    rows["就学"].append(rows["就学"][1])
    page = apply(bring(browser, written(rows)))
    assert "上面已有一行使用同一系统码" in page.text
    assert states(app, referral) == ["closed"]


def test_what_was_brought_is_sealed_and_forgotten_once_it_is_applied_or_replaced(app, client_as, officer, asked):
    asked(), asked("李思远")
    browser = client_as(officer)
    content = filled(
        take(browser), answer(1, outcome="11", school="九霄实验小学") | answer(2, outcome="42", note="九霄")
    )
    bring(browser, content, "九霄.xlsx")
    with app.app_context():
        rows = db.session.scalars(select(LedgerRow)).all()
        assert not any("九霄".encode() in (row.typed_sealed or b"") for row in rows)
        assert db.session.scalars(select(Ledger)).one().content_sealed is None
    done = apply(bring(browser, content))
    assert "九霄实验小学" not in done.text
    with app.app_context():
        ledgers = db.session.scalars(select(Ledger).order_by(Ledger.id)).all()
        assert [(each.state, len(each.rows)) for each in ledgers] == [("stopped", 0), ("done", 2)]
        kept = [row.typed.open(OPENER) for row in ledgers[1].rows]
    assert "school" not in kept[0]
    assert kept[1]["note"] == "九霄"


def test_what_another_officer_brought_is_absent(make, client_as, officer, asked, office):
    asked()
    browser = client_as(officer)
    page = bring(browser, filled(take(browser), answer(1, outcome="11")))
    for user in (make.user("officer", office=office), make.user("officer")):
        stranger = client_as(user)
        stranger.get(page.path, status=404)
        token = stranger.get(PATH).select("input[name=csrf_token]")[0]["value"]
        for act in ("apply", "mend"):
            assert stranger.http.post(f"{page.path}/{act}", data={"csrf_token": token}).status_code == 404


def test_what_was_brought_is_emptied_when_its_days_are_over(app, client_as, officer, asked):
    from registry.ledgers.keeping import sweep

    asked(), asked()
    browser = client_as(officer)
    page = apply(bring(browser, filled(take(browser), answer(1, outcome="11") | answer(2, outcome="42", note="九霄"))))
    with app.app_context():
        sweep(today() + timedelta(days=in_force(today()).ledgers.keep_days + 2), None)
        db.session.commit()
        rows = db.session.scalars(select(LedgerRow)).all()
        assert [(row.typed_sealed, row.messages_sealed, row.ledger.plan_sealed) for row in rows] == [(None,) * 3] * 2
    assert "九霄" not in browser.get(page.path).text
