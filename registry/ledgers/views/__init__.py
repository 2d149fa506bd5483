"""Pages of ledgers: what comes in, what is left to mend or decide, lists out, and answers that come back."""

from __future__ import annotations

from registry.ledgers.views import answers, comparing, importing, layouts, mending, out
from registry.ledgers.views.blueprint import blueprint

__all__ = ["answers", "blueprint", "comparing", "importing", "layouts", "mending", "out"]
