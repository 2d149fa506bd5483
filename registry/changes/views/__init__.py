"""Pages of changes, by what is done on them."""

from registry.changes.views import correcting, death, history, identity, leaving, moving, requests
from registry.changes.views.blueprint import blueprint

__all__ = ["blueprint", "correcting", "death", "history", "identity", "leaving", "moving", "requests"]
