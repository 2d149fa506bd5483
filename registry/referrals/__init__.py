"""Referrals: a child, a service, an office that must answer by a date; raised, accepted, answered, chased."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of both sides, what every page may say of a referral, and that proposals follow the files."""
    from registry.children import following
    from registry.jobs import service as jobs
    from registry.referrals import shown
    from registry.referrals.answers import answer_words
    from registry.referrals.overdue import climbing, messages, reminders
    from registry.referrals.performance import counting
    from registry.referrals.proposals import proposals_shown, proposing
    from registry.referrals.views import blueprint

    app.register_blueprint(blueprint)
    shown.init_app(app)
    answer_words.init_app(app)
    proposals_shown.init_app(app)
    following.after_change(app, proposing.after_save)
    climbing.init_app(app)
    messages.init_app(app)
    reminders.init_app(app)
    jobs.nightly(app, "referral-proposals", proposing.nightly)
    jobs.nightly(app, counting.JOB, counting.perform)
