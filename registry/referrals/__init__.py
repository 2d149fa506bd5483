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
    from registry.referrals.answers import answer_words, asking_again, report
    from registry.referrals.overdue import messages, reminders, unsent
    from registry.referrals.performance import counting
    from registry.referrals.proposals import proposals_shown, proposing
    from registry.referrals.slips import printing
    from registry.referrals.views import blueprint

    app.register_blueprint(blueprint)
    shown.init_app(app)
    answer_words.init_app(app)
    asking_again.init_app(app)
    printing.init_app(app)
    proposals_shown.init_app(app)
    following.after_change(app, proposing.after_save)
    messages.init_app(app)
    reminders.init_app(app)
    unsent.init_app(app)
    jobs.nightly(app, "referral-proposals", proposing.nightly)
    jobs.nightly(app, counting.JOB, counting.perform)
    jobs.nightly(app, "sweep_reports", report.sweep)
