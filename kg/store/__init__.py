"""SPARQL over a built graph, in memory, with no network; named questions; loading into a remote store."""

from kg.store.answers import Facts, Table, Term, ask_json
from kg.store.asking import BUILD_FILES, Store
from kg.store.questions import Parameter, Question, named, questions

__all__ = [
    "BUILD_FILES",
    "Facts",
    "Parameter",
    "Question",
    "Store",
    "Table",
    "Term",
    "ask_json",
    "named",
    "questions",
]
