"""Administration: offices, who serves what where, the blocks of communities; and what an account holds in all rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Say to the accounts how to count what somebody who leaves holds, and register the pages of this room."""
    from registry.accounts.held import Held, held_as
    from registry.administration.views import blueprint
    from registry.changes.leaver import undecided_of
    from registry.households.leaver import discard_unsent, unsent_of

    held_as(app, "drafts", Held(unsent_of, discard_unsent))
    held_as(app, "corrections", Held(undecided_of))
    app.register_blueprint(blueprint)
