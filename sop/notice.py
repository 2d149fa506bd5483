"""The notice: what is said to the guardian before anything is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sop.content import Text


@dataclass(frozen=True)
class Section:
    """A heading of the notice with its paragraphs."""

    heading: Text
    paragraphs: tuple[Text, ...]


@dataclass(frozen=True)
class Notice:
    """What is said to the guardian before anything is asked; the promises are said first."""

    version: str
    title: Text
    promises: tuple[Text, ...]
    sections: tuple[Section, ...]
