"""Pages of this room: the registrar's day, the four pages of an intake, what comes of it, the notice."""

from registry.households.views import carers, intake, notice, results, sending, today
from registry.households.views.blueprint import blueprint

__all__ = ["blueprint", "carers", "intake", "notice", "results", "sending", "today"]
