"""A process with rules and analyser loaded, which runs each program that it is given in a fork, and can kill it.

It reads a JSON object a line: `program` (Python), and when the program is killed: at which of its steps on files below
`beside` (`event`, from 1), or after how many seconds (`after`). It answers with the exit status, the number of steps,
and what was written to stdout and stderr.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


class Loaded:
    """The process, as a test has it."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, __file__]
        self._process = subprocess.Popen(command, env=environment, stdin=-1, stdout=-1, text=True, encoding="utf-8")
        assert self._answer() == "ready"

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=30)

    def run(
        self, program: str, *, beside: Path | None = None, event: int | None = None, after: float | None = None
    ) -> tuple[int, int, str]:
        """Run a program; give exit status (-9: it was killed), number of steps, and what it wrote."""
        order = {"program": program, "beside": str(beside), "event": event, "after": after}
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        status, steps, written = json.loads(self._answer())
        return status, steps, written

    def command(self, *arguments: str | Path, prelude: str = "") -> tuple[int, str]:
        """Run the command after `prelude`; give exit status and what it wrote."""
        words = list(map(str, arguments))
        status, _, err = self.run(f"{prelude}\nfrom kg.cli import run\nsys.exit(run({words!r}))")
        return status, err

    def _answer(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().rstrip("\n")


def main() -> None:
    import networkx  # noqa: F401  what a build would load, so that a fork need not
    import pyvis.network  # noqa: F401

    import kg.extract
    import kg.graph  # noqa: F401
    import kg.page.write  # noqa: F401
    from kg.project import Project

    extractor = kg.extract.Extractor(Project.find(ROOT))
    extractor.extract("화웨이가 칭다오에서 '칭다오 선언'을 발표했다.")
    fresh = kg.extract.Extractor
    kg.extract.Extractor = lambda project: extractor  # type: ignore[assignment,misc]
    kg.extract.Extractor.fresh = fresh  # type: ignore[attr-defined]
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(forked(json.loads(line))), flush=True)


def forked(order: dict[str, Any]) -> tuple[int, int, str]:
    ours, theirs = os.pipe()
    written, writes = os.pipe()
    child = os.fork()
    if not child:
        status: object = 70
        try:
            os.dup2(writes, 1)
            os.dup2(writes, 2)
            sys.stdout, sys.stderr = open(1, "w", encoding="utf-8"), open(2, "w", encoding="utf-8")
            if order["event"] or order["beside"] != "None":
                sys.addaudithook(Steps(order["beside"], order["event"], theirs))
            exec(order["program"], {"__name__": "program", "sys": sys})
            status = 0
        except SystemExit as end:
            status = end.code
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status if isinstance(status, int) else 1)
    os.close(theirs)
    os.close(writes)
    if order["after"] is not None:
        time.sleep(order["after"])
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    told, text = b"".join(iter(lambda: os.read(ours, 1 << 16), b"")), b"".join(iter(lambda: os.read(written, 1 << 16), b""))
    os.close(ours)
    os.close(written)
    return status, struct.unpack("i", told[-4:])[0] if told else 0, text.decode("utf-8", "replace")


class Steps:
    """An audit hook that counts steps on files below a folder, and kills the process at one of them."""

    def __init__(self, beside: str, last: int | None, told: int) -> None:
        self._beside, self._last, self._told, self._steps = beside, last, told, 0

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if event.partition(".")[0] in ("open", "os", "shutil") and any(self._beside in str(name) for name in arguments):
            self._steps += 1
            os.write(self._told, struct.pack("i", self._steps))
            if self._steps == self._last:
                os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
