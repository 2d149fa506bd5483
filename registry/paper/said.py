"""What a paper says in both languages at once, whatever the language of the page that asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.i18n import spoken
from sop.content import Text

if TYPE_CHECKING:
    from collections.abc import Callable


def both(say: Callable[[], object]) -> Text:
    """Return what `say` answers in Chinese and in English: `both(lambda: _("Name"))`."""
    with spoken("zh"):
        zh = str(say())
    with spoken("en"):
        return Text(zh, str(say()))
