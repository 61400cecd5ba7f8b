"""Time and memory on hostile input, of a size and of four times the size: linear is a ratio of 4.

    python benchmarks/hostile.py [--of NAME]… [--scale 1.0]

Each size is read twice in one process, the faster counts; memory is what Python allocated at most (tracemalloc) in a
run of its own. Times depend on the machine, ratios much less.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import kg
from kg.errors import KgError
from kg.extract import Extractor
from kg.text import from_text, read

ROOT = Path(__file__).parent.parent
Input = tuple[int, Callable[[int], str], str]
_NAME = "가나다라마바사아자차카타파하"


def name(at: int) -> str:
    return "".join(_NAME[at // 14**k % 14] for k in range(4))


INPUTS: dict[str, Input] = {
    "one syllable in one line": (50_000, lambda n: "가" * n, ".txt"),
    "words in one line, no sentence end": (12_000, lambda n: "정책을 발표한 " * n, ".txt"),
    "sentence of morphemes": (1_250, lambda n: "화웨이가 " + "열고 " * n + "열었다.", ".txt"),
    "names in one list": (3_000, lambda n: ", ".join(name(at) + "전자" for at in range(n)) + " 등이 참석했다.", ".txt"),
    "numbers in one list": (3_000, lambda n: ", ".join(f"{at}억 원" for at in range(n)) + "을 썼다.", ".txt"),
    "dates in one list": (
        3_000,
        lambda n: ", ".join(f"{at % 12 + 1}월 {at % 28 + 1}일" for at in range(n)) + "에 열었다.",
        ".txt",
    ),
    "open brackets": (10_000, lambda n: "(" * n + "칭다오" + ")" * n, ".txt"),
    "open quotes": (10_000, lambda n: "'칭다오 \"" * n, ".txt"),
    "genitives": (5_000, lambda n: "칭다오의 " * n + "발표", ".txt"),
    "marks of no width": (50_000, lambda n: "칭\u200b다\u200f오\u202e " * (n // 6), ".txt"),
    "accents on one letter": (50_000, lambda n: "e" + "\u0301" * n, ".txt"),
    "decomposed Hangul": (50_000, lambda n: "\u1100\u1161\u11a8" * (n // 3), ".txt"),
    "lines": (20_000, lambda n: "나라\n" * n, ".txt"),
    "headings of links": (3_000, lambda n: "[관련기사]\n가나다\n" * n, ".txt"),
    "sentences": (1_000, lambda n: "화웨이가 칭다오에서 정책을 발표했다. " * n, ".txt"),
    "nested markup": (20_001, lambda n: "<div>" * n + "화웨이가 발표했다." + "<b>" * n, ".html"),
    "nested lists": (5, lambda n: ("<ul><li>" * 9_000 + "</ul>" * 9_000) * n + "화웨이가 발표했다.", ".html"),
    "nested articles": (2_000, lambda n: "<article>" * n + "화웨이가 발표했다.", ".html"),
    "headings": (5_000, lambda n: "<title>가</title>" + "<h1>가</h1>" * n + "화웨이가 발표했다.", ".html"),
    "deep JSON": (200_000, lambda n: '{"text": "화웨이가 발표했다.", "x": ' + "[" * n + "]" * n + "}", ".jsonl"),
    "digits of a number": (50_000, lambda n: "9" * n + "명이 왔다.", ".txt"),
}


def taken(text: str, suffix: str, extractor: Extractor, folder: Path) -> float:
    file = folder / f"a{suffix}"
    file.write_text(text, encoding="utf-8")
    began = time.process_time()
    with suppress(KgError):  # what is refused takes time, too
        for document in read(file, on_skip=lambda skipped: None):
            extractor.extract(document)
    return time.process_time() - began


def memory(text: str, suffix: str, extractor: Extractor, folder: Path) -> int:
    tracemalloc.start()
    try:
        taken(text, suffix, extractor, folder)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--of", action="append", choices=sorted(INPUTS), help="only this input")
    parser.add_argument("--scale", type=float, default=1.0, help="times the sizes")
    parser.add_argument("--memory", action="store_true", help="measure memory, too (three times as slow)")
    options = parser.parse_args()
    extractor = kg.load(ROOT)
    extractor.extract(from_text("화웨이가 텐센트를 인수했다."))
    heads = f"{'MB n':>8}{'MB 4n':>8}" if options.memory else ""
    print(f"{'input':36}{'n':>9}{'time n':>9}{'time 4n':>9}{'ratio':>7}{heads}")
    with TemporaryDirectory() as folder:
        for what in options.of or INPUTS:
            size, make, suffix = INPUTS[what]
            size = max(1, int(size * options.scale))
            times = [min(taken(make(n), suffix, extractor, Path(folder)) for _ in range(2)) for n in (size, 4 * size)]
            line = f"{what:36}{size:9,}{times[0]:9.2f}{times[1]:9.2f}{times[1] / max(times[0], 1e-3):7.1f}"
            if options.memory:
                most = [memory(make(n), suffix, extractor, Path(folder)) for n in (size, 4 * size)]
                line += "".join(f"{number / 1e6:8.1f}" for number in most)
            print(line, flush=True)


if __name__ == "__main__":
    main()
