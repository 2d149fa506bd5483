"""Pages of children's files: the list of an area, a search and what it finds, one file, what it still asks."""

from registry.children.views import answers, file, finding
from registry.children.views.blueprint import blueprint

__all__ = ["answers", "blueprint", "file", "finding"]
