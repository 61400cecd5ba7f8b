"""What do rules cost? 100, 500 and 2,000 synthetic clause rules on real sentences, and spaCy's Matcher beside them.

Sentences are those of the KLUE news sample if it lies beside the repository, else the shipped corpus. Analysis,
names and clauses are read once before; only matching is timed, the best of several runs. A rule has a verb, a
required subject and an optional place. Two tables: in the first, each further rule has the next most frequent verb
of the sentences while there are any, so that hits grow with the rules; in the second, only the first rules have
verbs of the sentences, so that hits stay and only the number of rules grows. The Matcher gets the same rules over
the same morphemes: a subject particle, up to `--gap` morphemes, and the verb.

    python benchmarks/rules.py [--sentences 500] [--rules 100 500 2000] [--gap 5]
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import kg
from kg.errors import Place
from kg.extract import Extractor
from kg.model import Extraction
from kg.rules import ClauseRule, RuleSet
from kg.rules.rule import STATUSES, TURNS, Link, Role
from kg.text import from_text, read

ROOT = Path(__file__).parent.parent
KLUE = ROOT.parent / "shared/klue/klue-ner-news.tsv"
_HERE = Place("benchmark")


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sentences", type=int, default=500)
    parser.add_argument("--rules", type=int, nargs="+", default=[100, 500, 2000])
    parser.add_argument("--gap", type=int, default=5, help="morphemes between subject particle and verb in a pattern")
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    extractor = kg.load(ROOT)
    extracted = [extractor.extract(from_text(text)) for text in _sentences(extractor, asked.sentences)]
    counts = Counter(clause.lemma for document in extracted for clause in document.clauses)
    verbs = sorted(counts, key=lambda verb: (-counts[verb], verb))
    tokens = sum(len(sentence.tokens) for document in extracted for sentence in document.sentences)
    print(f"{len(extracted)} texts, {tokens} morphemes, {sum(counts.values())} clauses, {len(verbs)} verbs")
    for title, real in (("hits grow with the rules", len(verbs)), ("the same hits", min(asked.rules))):
        print(f"\n{title}\n{'rules':>6} {'kg ms':>9} {'matches':>8} {'Matcher ms':>11} {'matches':>8} {'ratio':>6}")
        taken = []
        for count in asked.rules:
            rules = _rules(extractor, verbs[:real], count)
            seconds, hits = _best(asked.runs, lambda rules=rules: _matched(extractor, extracted, rules))  # type: ignore[misc]
            taken.append(seconds)
            beside = _beside(extracted, rules, asked.runs, seconds, asked.gap)
            print(f"{count:>6} {seconds * 1000:>9.1f} {hits:>8} {beside}")
        print(f"{asked.rules[-1]} rules take {taken[-1] / taken[0]:.2f} times what {asked.rules[0]} take")


def _sentences(extractor: Extractor, most: int) -> Iterator[str]:
    """Give sentences: those of KLUE's head lines without their name marks, or of the corpus."""
    if KLUE.exists():
        lines = (line for line in KLUE.read_text(encoding="utf-8").splitlines() if line.startswith("## "))
        texts = (line.partition("\t")[2] for line in lines)
        for text, _ in zip((_unmarked(text) for text in texts), range(most), strict=False):
            yield text
        return
    for document in read(*extractor.project.corpus, on_skip=lambda skipped: None):
        yield from (line for line in document.text.splitlines() if line.strip())


def _unmarked(text: str) -> str:
    """Take KLUE's marks out: ``<화웨이:OG>`` is 화웨이."""
    import re

    return re.sub(r"<([^<>]*):[A-Z]{2}>", r"\1", text)


def _rules(extractor: Extractor, verbs: Sequence[str], count: int) -> RuleSet:
    """Make rules, each with a verb of its own while there are verbs, then with verbs that no text has."""
    made: dict[str, ClauseRule] = {}
    top = sorted(name for name in extractor.ontology.classes if extractor.ontology.above(name) == {name})
    for number in range(count):
        verb = verbs[number % len(verbs)] if number < len(verbs) else f"{verbs[number % len(verbs)][:-1]}{number}다"
        roles = {
            "agent": Role("agent", tuple(top), False, _HERE, case=("subject",)),
            "place": Role("place", ("Place",), True, _HERE, case=("에서",)),
        }
        rule_id = f"made.r{number}"
        then = (Link("agent", "nk:locatedIn", "place", _HERE),)
        made[rule_id] = ClauseRule(
            rule_id, "", roles, then, (), (), _HERE, (verb,), frozenset(TURNS), frozenset(STATUSES)
        )
    return replace(extractor.rules, rules=made)


def _matched(extractor: Extractor, documents: Sequence[Extraction], rules: RuleSet) -> int:
    """Count the matches, without making statements of them."""
    return sum(sum(1 for _ in extractor._matches(document, rules)) for document in documents)


def _best(runs: int, once: Callable[[], int]) -> tuple[float, int]:
    """Give the seconds of the quickest run, and what it gave."""
    best, given = float("inf"), once()  # the first run builds the index
    for _ in range(runs):
        started = time.perf_counter()
        given = once()
        best = min(best, time.perf_counter() - started)
    return best, given


def _beside(documents: Sequence[Extraction], rules: RuleSet, runs: int, seconds: float, gap: int) -> str:
    """Give the Matcher's columns of the table, or say that it was not measured."""
    try:
        import spacy
        from spacy.matcher import Matcher
        from spacy.tokens import Doc
    except ImportError:
        return "not measured: spaCy is not installed"
    vocabulary: Any = spacy.blank("xx").vocab
    matcher: Any = Matcher(vocabulary)
    for rule in rules.rules.values():
        assert isinstance(rule, ClauseRule)
        matcher.add(rule.id, [_pattern(rule.triggers[0], gap)])
    docs = []
    for document in documents:
        for sentence in document.sentences:
            doc = Doc(vocabulary, words=[token.form for token in sentence.tokens])
            for word, token in zip(doc, sentence.tokens, strict=True):
                word.tag_ = token.tag
            docs.append(doc)
    taken, hits = _best(runs, lambda: sum(len(matcher(doc)) for doc in docs))
    return f"{taken * 1000:>11.1f} {hits:>8} {taken / seconds:>5.0f}x"


def _pattern(verb: str, gap: int) -> list[Mapping[str, object]]:
    """Give the tokens of a rule: a subject particle, a few of anything, the verb's stem (and 하 of a 하다 verb)."""
    stem = verb.removesuffix("다")
    between: list[Mapping[str, object]] = [{"OP": "?"} for _ in range(gap)]
    verbal = [{"ORTH": stem.removesuffix("하")}, {"TAG": "XSV"}] if stem.endswith("하") else [{"ORTH": stem}]
    return [{"TAG": {"IN": ["JKS", "JX"]}}, *between, *verbal]


if __name__ == "__main__":
    main()
