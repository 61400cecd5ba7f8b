"""How well Korean news is read: scores on KLUE's open news sentences, and the worst sentences.

    python benchmarks/korean.py [--worst 50] [--klue ../shared/klue]

KLUE v1.1 (CC BY-SA 4.0) is not part of this project: where its folder is not there, this says so
and stops. `kg annotate` is run as a user would run it, and scored by the `score.py` beside the data.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

from kg.annotate import annotate
from kg.pipeline import load
from kg.project import Project

ROOT = Path(__file__).parent.parent


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
        lines = (json.dumps({"id": str(i), "text": text}, ensure_ascii=False).encode() for i, text in enumerate(texts))
        results = list(annotate(extractor, lines, base=project.base))
        kept.update(zip(texts, results, strict=True))
        return results

    score.annotate = annotated
    for name, path in (("ner", "klue-ner-news.tsv"), ("dp", "klue-dp-news.tsv")):
        print(f"{name}, all open sentences")
        for key, value in sorted(getattr(score, name)(options.klue / path, "").items()):
            print(f"  {key:<14} P {value['P']:.3f}  R {value['R']:.3f}  F {value['F']:.3f}  of {value['gold']}")
    print(f"the {options.worst} sentences with the most names missed or false")
    worst = sorted(faults(score, options.klue, kept), key=lambda f: (-f[0], f[1]))
    for wrong, text, missed, false in worst[: options.worst]:
        print(f"{wrong}  {text}\n     missed {', '.join(missed) or '-'}; false {', '.join(false) or '-'}")
    return 0


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
