"""kg: from Korean news to a knowledge graph, by rules that a person wrote and can check.

>>> import kg
>>> extractor = kg.load()
>>> facts = [s for s in extractor.extract("화웨이가 텐센트를 인수했다.") if s.predicate == "nk:acquired"]
>>> facts[0].subject.label, facts[0].object.label, facts[0].evidence.quote
('화웨이', '텐센트', '화웨이가 텐센트를 인수했다')
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.errors import KgError

if TYPE_CHECKING:
    from kg.graph import to_graph, to_networkx, write_turtle
    from kg.page import write_page
    from kg.pipeline import build, load

__version__ = "0.1.0"
__all__ = ["KgError", "build", "load", "to_graph", "to_networkx", "write_page", "write_turtle"]

_ROOMS = {
    "build": "kg.pipeline",
    "load": "kg.pipeline",
    "to_graph": "kg.graph",
    "to_networkx": "kg.graph",
    "write_turtle": "kg.graph",
    "write_page": "kg.page",
}


def __getattr__(name: str) -> Any:
    """Import a room only when one of its names is used, so that ``import kg`` stays light."""
    if name not in _ROOMS:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(_ROOMS[name]), name)
    globals()[name] = value
    return value
