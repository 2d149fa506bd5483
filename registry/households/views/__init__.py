"""Pages of this room: the registrar's day, the four pages of an intake, what comes of it, the notice."""

from registry.households.views import intake, notice, results, today
from registry.households.views.blueprint import blueprint

__all__ = ["blueprint", "intake", "notice", "results", "today"]
