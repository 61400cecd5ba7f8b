"""How well Korean news is read: scores on KLUE's open news sentences against their bars, and the worst sentences.

    python benchmarks/korean.py [--worst 50] [--klue ../shared/klue]

All open sentences are scored, then the four fifths that the grammar was made with and, apart, the fifth that was kept
unseen (by the SHA-1 of the sentence's id), which should be within .03 of them. The fifth is small: the interval says
how much of a difference is chance.

KLUE v1.1 (CC BY-SA 4.0) is not part of this project: where its folder is not there, this says so
and stops. `kg annotate` is run as a user would run it, and scored by the `score.py` beside the data.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from kg.annotate import annotate
from kg.pipeline import load
from kg.project import Project

ROOT = Path(__file__).parent.parent
BARS = {"ner": {"PS+LC+OG+DT": 0.75, "DT": 0.85}, "dp": {"subject": 0.85, "object": 0.96, "adverbial": 0.90}}
"""The F1 wanted, by score."""
NEAR = 0.03
"""How far the unseen fifth may be from the rest."""
Counts = tuple[int, int, int, int]
"""How many a score counts in a sentence: right of what is said, said, found of what is asked, asked."""
_SAMPLES = 2_000
_SEED = 7


def scorer(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--klue", type=Path, default=ROOT.parent / "shared/klue")
    parser.add_argument("--worst", type=int, default=50, help="how many of the worst sentences to print")
    options = parser.parse_args()
    if not (options.klue / "score.py").is_file():
        print(f"not measured: no KLUE news sentences at {options.klue}")
        return 0
    score = scorer(options.klue)
    project = Project.find(ROOT)
    extractor = load(ROOT)
    kept: dict[str, dict[str, object]] = {}

    def annotated(_: object, texts: list[str]) -> list[dict[str, object]]:
        new = [text for text in dict.fromkeys(texts) if text not in kept]
        lines = (json.dumps({"id": str(i), "text": text}, ensure_ascii=False).encode() for i, text in enumerate(new))
        kept.update(zip(new, annotate(extractor, lines, base=project.base), strict=True))
        return [kept[text] for text in texts]

    score.annotate = annotated
    blocks, ratios = score.blocks, score.f1
    for name, file in (("ner", "klue-ner-news.tsv"), ("dp", "klue-dp-news.tsv")):
        sentences = list(blocks(options.klue / file))
        score.f1 = lambda *counts: counts
        counted: list[dict[str, Counts]] = []
        for sentence in sentences:
            score.blocks = lambda _, sentence=sentence: [sentence]
            counted.append(getattr(score, name)(options.klue / file, ""))
        score.blocks, score.f1 = blocks, ratios
        apart = [unseen(sentence) for sentence in sentences]
        seen, kept_back = ([c for c, u in zip(counted, apart, strict=True) if u is part] for part in (False, True))
        print(f"{name}: all open sentences; F of four fifths, of the unseen fifth, 95% interval of their difference")
        for key in sorted({key for counts in counted for key in counts}):
            value = ratios(*total(counted, key))
            near, far = f1(seen, key), f1(kept_back, key)
            low, high = interval(seen, kept_back, key)
            line = f"  {key:<14} P {value['P']:.3f}  R {value['R']:.3f}  F {value['F']:.3f}  of {value['gold']:<5}"
            line += f"  {near:.3f}  {far:.3f}  {low:+.3f} to {high:+.3f}"
            bar = BARS[name].get(key)
            if bar is not None:
                line += f"  bar {bar:.2f} {'reached' if value['F'] >= bar else 'not reached'}"
                line += "" if abs(near - far) <= NEAR else f", unseen fifth off by {abs(near - far):.3f}"
            print(line)
    print(f"the {options.worst} sentences with the most names missed or false")
    worst = sorted(faults(score, options.klue, kept), key=lambda f: (-f[0], f[1]))
    for wrong, text, missed, false in worst[: options.worst]:
        print(f"{wrong}  {text}\n     missed {', '.join(missed) or '-'}; false {', '.join(false) or '-'}")
    return 0


def total(sentences: Sequence[dict[str, Counts]], key: str) -> Counts:
    """Add up what sentences count of one kind."""
    right, said, found, asked = (sum(c[key][i] for c in sentences if key in c) for i in range(4))
    return right, said, found, asked


def f1(sentences: Sequence[dict[str, Counts]], key: str) -> float:
    """Give the F1 of one kind over sentences."""
    right, said, found, asked = total(sentences, key)
    precision, recall = right / max(said, 1), found / max(asked, 1)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def interval(one: Sequence[dict[str, Counts]], other: Sequence[dict[str, Counts]], key: str) -> tuple[float, float]:
    """Give the 95 % interval of the difference of F1 (the other's less the one's).

    Sentences are drawn anew with replacement (percentile bootstrap, Efron 1979), always the same ones.
    """
    chance = random.Random(_SEED)
    drawn = sorted(
        f1(chance.choices(other, k=len(other)), key) - f1(chance.choices(one, k=len(one)), key) for _ in range(_SAMPLES)
    )
    return drawn[round(_SAMPLES * 0.025)], drawn[round(_SAMPLES * 0.975)]


def unseen(block: list[str]) -> bool:
    """Tell whether a sentence is of the fifth that is kept unseen."""
    identity = block[0].split("\t")[0].removeprefix("## ")
    return int(hashlib.sha1(identity.encode()).hexdigest(), 16) % 5 == 0


def faults(score: ModuleType, folder: Path, kept: dict[str, dict[str, object]]):
    """Give (count, text, missed, false) of each sentence with a fault."""
    for block in score.blocks(folder / "klue-ner-news.tsv"):
        rows = [line.split("\t") if "\t" in line else [line[:1] or " ", "O"] for line in block[1:]]
        text = "".join((row[0] or " ")[:1] for row in rows)
        gold, start, tag = set(), None, ""
        for at, row in enumerate([*rows, ["", "O"]]):
            if start is not None and not row[1].startswith("I-"):
                gold.add((start, at, tag))
                start = None
            if row[1].startswith("B-"):
                start, tag = at, row[1][2:]
        result = kept.get(text)
        if result is None:
            continue
        found = {(m["start"], m["end"], score.TYPE[m["type"]]) for m in result["mentions"] if m["type"] in score.TYPE}  # type: ignore[attr-defined]
        asked = {g for g in gold if g[2] in ("PS", "LC", "OG", "DT")}
        said = {f for f in found if f[2] in ("PS", "LC", "OG", "DT")}
        if asked != said:
            shown = [[f"{text[a:z]}/{t}" for a, z, t in sorted(side)] for side in (asked - said, said - asked)]
            yield len(asked ^ said), text, *shown


if __name__ == "__main__":
    sys.exit(main())
