"""Run the examples that every rule carries: the whole result is compared."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.errors import Place
from kg.extract import rendered
from kg.model import Document
from kg.rules.rule import Example, Rule
from kg.text import from_text

if TYPE_CHECKING:
    from kg.extract import Extractor


@dataclass(frozen=True, slots=True)
class Outcome:
    """One example: what was expected of its rule and what came. A `todo` that passes is a failure too."""

    rule: str
    place: Place
    text: str
    expected: tuple[str, ...]
    came: tuple[str, ...]
    todo: bool
    seen: str = ""
    """What was seen in a text that gives something else: morphemes, mentions, clauses, where the rule stopped."""
    unsaid: bool = False
    """Whether a `yes` example does not say yet what it gives (``gives: []``)."""

    @property
    def ok(self) -> bool:
        """Tell whether the example stands as its author said."""
        return not self.unsaid and (self.expected == self.came) != self.todo

    @property
    def verdict(self) -> str:
        """Give what to tell the curator."""
        if self.todo:
            return "known miss" if self.ok else "passes now: move it from todo to yes"
        if self.unsaid:
            return "does not say yet what it gives: copy what came, if it is meant"
        return "ok" if self.ok else "gives something else"


@dataclass(frozen=True, slots=True)
class RuleTestReport:
    """All examples run, in the order of the rules."""

    outcomes: tuple[Outcome, ...]
    rules: int
    lacking: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Tell whether every example stands and every rule has at least two `yes` and one `no`."""
        return not self.lacking and all(o.ok for o in self.outcomes)

    def as_dict(self) -> dict[str, object]:
        """Give the report as JSON can hold it."""
        return {
            "ok": self.ok,
            "rules": self.rules,
            "examples": len(self.outcomes),
            "lacking": list(self.lacking),
            "failures": [
                {
                    "rule": o.rule,
                    "at": str(o.place),
                    "text": o.text,
                    "expected": list(o.expected),
                    "came": list(o.came),
                    "verdict": o.verdict,
                    **({"seen": o.seen} if o.seen else {}),
                }
                for o in self.outcomes
                if not o.ok
            ],
        }

    def as_text(self) -> str:
        """Give the report for a terminal: failures whole, the rest as a count."""
        lines: list[str] = []
        for o in self.outcomes:
            if not o.ok:
                lines += [f"{o.place}: {o.rule}: {o.verdict}", f"  text      {o.text}"]
                lines += [f"  missing   {line}" for line in o.expected if line not in o.came]
                lines += [f"  extra     {line}" for line in o.came if line not in o.expected]
                if o.seen:
                    lines += [f"  expected  {line}" for line in o.expected or ("nothing",)]
                    lines += [f"  came      {line}" for line in o.came or ("nothing",)]
                    lines += [f"  {line}" for line in o.seen.splitlines()]
        lines += [f"{rule}: wants at least two yes examples and one no" for rule in self.lacking]
        passed, todo = sum(o.ok and not o.todo for o in self.outcomes), sum(o.ok and o.todo for o in self.outcomes)
        failed = len(self.outcomes) - passed - todo
        lines.append(
            f"{self.rules} rules, {len(self.outcomes)} examples: {passed} ok, {failed} failed, {todo} known misses"
        )
        return "\n".join(lines)


def document_of(example: Example, id: str = "text") -> Document:
    """Give an example's text as a document of its day."""
    return from_text(example.text, id=id, published=example.date)


def _ordered(line: str) -> str:
    """Write a node's properties in the order in which they are rendered, in whatever order a curator wrote them."""
    head, brace, pairs = line.partition(" {")
    return f"{head} {{{', '.join(sorted(pairs.removesuffix('}').split(', ')))}}}" if brace else line


def outcome(extractor: Extractor, rule: Rule, example: Example, *, explained: bool = False) -> Outcome:
    """Run one example of a rule; with `explained`, say of one that fails what was seen in it."""
    document = document_of(example)
    extraction = extractor.extract(document)
    came = rendered([s for s in extraction.statements if s.evidence.rule == rule.id], extractor.rules.bindings)
    expected = tuple(sorted(_ordered(line) for line in example.gives))
    unsaid = example.expected and not example.todo and not example.gives
    found = Outcome(rule.id, example.place, example.text, expected, came, example.todo, unsaid=unsaid)
    if explained and not found.ok:
        return replace(found, seen=extractor.explain(document, rule.id).as_text())
    return found


def run_rule_tests(extractor: Extractor, ids: Collection[str] = ()) -> RuleTestReport:
    """Run the examples of the rules `ids`, or of all; of those named, a failure says what was seen in it."""
    rules = [rule for rule in extractor.rules.rules.values() if not ids or rule.id in ids]

    def outcomes() -> Iterator[Outcome]:
        for rule in rules:
            for example in rule.examples:
                yield outcome(extractor, rule, example, explained=bool(ids))

    lacking = tuple(
        rule.id
        for rule in rules
        if sum(e.expected and not e.todo for e in rule.examples) < 2 or not any(not e.expected for e in rule.examples)
    )
    return RuleTestReport(tuple(outcomes()), len(rules), lacking)
