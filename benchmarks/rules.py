"""What do rules cost? 100, 500 and 2,000 synthetic clause rules on real sentences, and spaCy's Matcher beside them.

Sentences are those of the KLUE news sample if it lies beside the repository, else the shipped corpus. Analysis,
names and clauses are read once before; only matching is timed. Each round runs all sizes in turn, forward and then
backward, so that a slow minute of the machine slows all of them; a ratio is the median of the rounds' ratios, with
its quartiles, of processor time with the garbage collector off. A rule has a verb, a
required subject and an optional place. Two tables: in the first, each further rule has the next most frequent verb
of the sentences while there are any, so that hits grow with the rules; in the second, only the first rules have
verbs of the sentences, so that hits stay and only the number of rules grows. The Matcher gets the same rules over
the same morphemes: a subject particle, up to `--gap` morphemes, and the verb.

    python benchmarks/rules.py [--sentences 500] [--rules 100 500 2000] [--gap 5] [--rounds 15] [--beside 3]

Exit status 1 if, at the same hits, the most rules take more than 1.3 times what the fewest take, or the Matcher less
than 20 times what kg takes for the most rules.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
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
_GROWTH_BAR, _MATCHER_BAR = 1.3, 20


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sentences", type=int, default=500)
    parser.add_argument("--rules", type=int, nargs="+", default=[100, 500, 2000])
    parser.add_argument("--gap", type=int, default=5, help="morphemes between subject particle and verb in a pattern")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--beside", type=int, default=3, help="rounds in which the Matcher, which is slow, runs too")
    asked = parser.parse_args()
    extractor = kg.load(ROOT)
    extracted = [extractor.extract(from_text(text)) for text in _sentences(extractor, asked.sentences)]
    counts = Counter(clause.lemma for document in extracted for clause in document.clauses)
    verbs = sorted(counts, key=lambda verb: (-counts[verb], verb))
    tokens = sum(len(sentence.tokens) for document in extracted for sentence in document.sentences)
    print(f"{len(extracted)} texts, {tokens} morphemes, {sum(counts.values())} clauses, {len(verbs)} verbs")
    missed = False
    for title, real in (("hits grow with the rules", len(verbs)), ("the same hits", min(asked.rules))):
        print(f"\n{title}\n{'rules':>6} {'kg ms':>9} {'matches':>8} {'Matcher ms':>11} {'matches':>8} {'ratio':>6}")
        sets = [_rules(extractor, verbs[:real], count) for count in asked.rules]
        ours = [lambda rules=rules: _matched(extractor, extracted, rules) for rules in sets]  # type: ignore[misc]
        theirs = [_matcher(extracted, rules, asked.gap) for rules in sets]
        rounds = _rounds(ours, asked.rounds)
        both = _rounds([*ours, *(one for one in theirs if one)], asked.beside) if all(theirs) else []
        for at, count in enumerate(asked.rules):
            line = f"{count:>6} {_median(r[at][0] for r in rounds) * 1000:>9.1f} {rounds[0][at][1]:>8}"
            if both:
                beside = len(ours) + at
                times = _median(r[beside][0] / r[at][0] for r in both)
                line += f" {_median(r[beside][0] for r in both) * 1000:>11.1f} {both[0][beside][1]:>8} {times:>5.0f}x"
                missed |= real == min(asked.rules) and at == len(ours) - 1 and times < _MATCHER_BAR
            else:
                line += " not measured: spaCy is not installed"
            print(line, flush=True)
        ratios = [r[-1][0] / r[0][0] for r in rounds]
        low, middle, high = quantiles(ratios, n=4)
        missed |= real == min(asked.rules) and middle > _GROWTH_BAR
        print(
            f"{asked.rules[-1]} rules take {middle:.2f} times what {asked.rules[0]} take "
            f"(half of {len(rounds)} rounds: {low:.2f} to {high:.2f})"
        )
    raise SystemExit(int(missed))


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


def _rounds(works: Sequence[Callable[[], int]], rounds: int) -> list[list[tuple[float, int]]]:
    """Give of each round the processor seconds of each work and what it gave, after one that builds the indexes."""
    found = []
    for number in range(rounds + 1):
        taken: dict[int, tuple[float, int]] = {}
        order = range(len(works)) if number % 2 else range(len(works) - 1, -1, -1)
        for at in order:
            gc.collect()
            gc.disable()
            started = time.process_time()
            given = works[at]()
            taken[at] = time.process_time() - started, given
            gc.enable()
        found.append([taken[at] for at in range(len(works))])
    return found[1:]


def _median(values: Iterable[float]) -> float:
    return median(list(values))


def _matcher(documents: Sequence[Extraction], rules: RuleSet, gap: int) -> Callable[[], int] | None:
    """Give what runs the same rules as spaCy patterns over the same morphemes; None where spaCy is not installed."""
    try:
        import spacy
        from spacy.matcher import Matcher
        from spacy.tokens import Doc
    except ImportError:
        return None
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
    return lambda: sum(len(matcher(doc)) for doc in docs)


def _pattern(verb: str, gap: int) -> list[Mapping[str, object]]:
    """Give the tokens of a rule: a subject particle, a few of anything, the verb's stem (and 하 of a 하다 verb)."""
    stem = verb.removesuffix("다")
    between: list[Mapping[str, object]] = [{"OP": "?"} for _ in range(gap)]
    verbal = [{"ORTH": stem.removesuffix("하")}, {"TAG": "XSV"}] if stem.endswith("하") else [{"ORTH": stem}]
    return [{"TAG": {"IN": ["JKS", "JX"]}}, *between, *verbal]


if __name__ == "__main__":
    main()
