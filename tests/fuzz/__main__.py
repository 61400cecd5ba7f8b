"""Fuzz for a chosen time: python -m tests.fuzz TARGET SECONDS [SEED]

With `atheris` installed, its coverage of `kg` guides what is tried; without, or with a seed, seeded random
changes of the corpus and of samples are tried. What fails is written to tests/fuzz/corpus/TARGET-….bin, which
tests/test_hostile.py then tries each time.
"""

from __future__ import annotations

import importlib
import random
import sys
import time
import traceback
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parent.parent.parent
CORPUS = Path(__file__).parent / "corpus"
_WORDS = (b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"<html>", b"</script>", b'{"text": "', b"- id: a\n", b"[" * 50, b"\xed\xa0\x80", b"&#x110000;",
          "다. ".encode(), "의 ".encode(), "입력 2019.12.01 ".encode(), "\u200f".encode(), b"9" * 400, b"\n", b'"', b"'", b"%" , b": {", b"0000-00-00")


def samples(target: str) -> list[bytes]:
    folders = {"curating": ("data/rules", "data/lexicon", "data/start"), "reading": ("data/corpus", "tests/data/text")}
    files = [file for folder in folders.get(target, ("data/corpus",)) for file in sorted((ROOT / folder).rglob("*.*"))]
    return [file.read_bytes()[:20_000] for file in files if file.is_file()] + [file.read_bytes() for file in sorted(CORPUS.glob("*.bin"))]


def changed(chance: random.Random, pool: list[bytes]) -> bytes:
    """Cut, join, repeat and break samples."""
    data = bytearray(chance.choice(pool) if chance.random() < 0.8 else chance.randbytes(chance.randrange(400)))
    start = chance.randrange(len(data) + 1)
    data = data[start : start + chance.choice((50, 400, 4_000, 20_000))]
    for _ in range(chance.choice((0, 1, 2, 5, 20))):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(5)
        if kind == 0:
            data[at : at + 1] = chance.randbytes(chance.randrange(4))
        elif kind == 1:
            data[at:at] = chance.choice(_WORDS)
        elif kind == 2:
            del data[at : at + chance.randrange(1, 30)]
        elif kind == 3:
            other = chance.choice(pool)
            cut = chance.randrange(len(other) + 1)
            data[at:at] = other[cut : cut + chance.randrange(200)]
        else:
            data[at:at] = data[max(0, at - 20) : at] * chance.choice((1, 3, 50))
    return bytes(data[:60_000])


def main() -> int:
    name, seconds = sys.argv[1], float(sys.argv[2])
    try:
        atheris = None if len(sys.argv) > 3 else importlib.import_module("atheris")
    except ImportError:
        atheris = None
    with atheris.instrument_imports(include=["kg"]) if atheris else nullcontext():
        from tests.fuzz.targets import TARGETS

        target = TARGETS[name]
        target(b"")  # imports what it needs, so that all of it is instrumented
    if atheris:
        guided(atheris, name, target, seconds)
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    chance, pool = random.Random(seed), samples(name)
    end, tried, slowest, kinds = time.monotonic() + seconds, 0, (0.0, b""), set[str]()
    while time.monotonic() < end:
        data = changed(chance, pool)
        began = time.process_time()
        try:
            target(data)
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            kind = f"{type(error).__name__} {frame.filename}:{frame.lineno}"
            if kind not in kinds:
                kinds.add(kind)
                CORPUS.mkdir(exist_ok=True)
                (CORPUS / f"{name}-{sha256(data).hexdigest()[:12]}.bin").write_bytes(data)
                traceback.print_exc()
        tried += 1
        slowest = max(slowest, (time.process_time() - began, data))
    print(f"{name}: {tried} tried, {len(kinds)} kinds of fault; slowest {slowest[0]:.1f} s for {len(slowest[1])} bytes")
    (Path("/dev/null") if slowest[0] < 5 else CORPUS / f"{name}-slow.bin").write_bytes(slowest[1])
    return 1 if kinds else 0


def guided(atheris: Any, name: str, target: Any, seconds: float) -> None:
    """Let atheris choose what is tried; it ends the process."""
    with TemporaryDirectory() as folder:
        for at, sample in enumerate(samples(name)):
            Path(folder, str(at)).write_bytes(sample[:4_000])
        options = [f"-max_total_time={int(seconds)}", "-max_len=4000", f"-artifact_prefix={CORPUS}/{name}-", "-rss_limit_mb=4000"]
        atheris.Setup([sys.argv[0], *options, folder], target)
        atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
