"""An output is whole or not there: after kill -9, on a full disk, in a folder that may not be written."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.pipeline import FILES, readings_of
from kg.readings import Readings
from tests.loaded import Loaded

ROOT = Path(__file__).parent.parent
KILLS = int(os.environ.get("KG_KILLS", "12"))
"""How many builds are killed, half of them as if the system could not exchange two folders: KG_KILLS=200 is a real trial."""

TEXTS = {
    "old": "화웨이는 2019년 11월 29일 칭다오에서 '칭다오 선언'을 발표했다.\n",
    "new": "부산시는 지난 14일 싱가포르에서 한빛전자와 업무협약을 체결했다.\n텐센트가 상하이에 새솔연구소를 설립했다.\n",
}


def state(folder: Path) -> dict[str, Any]:
    """Give what a build is, in a form in which two builds of the same texts are equal: digests, and what was counted."""
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES if name != "build.json"}
    counts = json.loads((folder / "build.json").read_text(encoding="utf-8"))["counts"]
    del counts["read"]  # what had changed since the build before
    return {**files, **counts}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("sources")
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.txt" for name in TEXTS}


@pytest.fixture(scope="module")
def good(sources: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The state of a whole build of each text."""
    states = {}
    for name, source in sources.items():
        out = tmp_path_factory.mktemp("good") / name
        kg.build([source], out, project=ROOT)
        states[name] = state(out)
    return states


@pytest.fixture(scope="module")
def loaded() -> Iterator[Loaded]:
    made = Loaded()
    yield made
    made.close()


def build(loaded: Loaded, source: Path, out: Path, *, exchange: bool = True, **moment: Any) -> tuple[int, int]:
    """Build in another process; give its exit status and the number of its steps on files beside the output."""
    program = f"import kg, kg.replacement\nkg.build([{str(source)!r}], {str(out)!r}, project={str(ROOT)!r}, jobs=1)"
    if not exchange:
        program = program.replace("\n", "\nkg.replacement._exchange = lambda one, other: False\n")
    status, steps, err = loaded.run(program, beside=out.parent, **moment)
    assert status in (0, -9), err
    return status, steps


@pytest.mark.parametrize("exchange", [True, False], ids=["exchange", "rename"])
def test_a_build_killed_at_any_moment_leaves_a_whole_output(
    exchange: bool, loaded: Loaded, sources: dict[str, Path], good: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    chance = random.Random(f"{KILLS} {exchange}")
    out, names, killed = tmp_path / "out", sorted(sources), 0
    status, steps = build(loaded, sources["old"], tmp_path / "first" / "out", exchange=exchange)
    assert status == 0 and steps > 20
    there = False
    while killed < KILLS // 2:
        # At a step on files, where what is written could be torn, or after some time, wherever the build is then.
        moment = {"event": chance.randint(1, 2 * steps)} if chance.random() < 0.75 else {"after": 2 * chance.random()}
        name = chance.choice(names)
        status, _ = build(loaded, sources[name], out, exchange=exchange, **moment)
        killed += status == -9
        if status == 0:
            assert state(out) == good[name]
        elif exchange or out.exists():
            assert there <= out.exists(), moment
            assert not out.exists() or state(out) in good.values(), moment
        if there and out.exists():
            assert (out / "notes.txt").read_text() == "mine" and (out / "of mine/more.txt").read_text() == "too", moment
        if status == 0 or killed % 4 == 0 or killed == KILLS // 2:  # a build that is not killed ends well and sweeps
            status, _ = build(loaded, sources[name], out, exchange=exchange)
            assert status == 0 and state(out) == good[name]
            assert sorted(entry.name for entry in tmp_path.iterdir()) == [".out.readings", "first", "out"]
            if there:
                assert (out / "notes.txt").read_text() == "mine" and (out / "of mine/more.txt").read_text() == "too"
            (out / "of mine").mkdir(exist_ok=True)
            (out / "notes.txt").write_text("mine")
            (out / "of mine/more.txt").write_text("too")
            there = True


@pytest.fixture
def built(sources: dict[str, Path], loaded: Loaded, tmp_path: Path) -> Path:
    out = tmp_path / "folder" / "out"
    assert build(loaded, sources["old"], out)[0] == 0
    return out


def refused(outcome: tuple[int, str], words: str) -> None:
    """A fault is told in one message, with what to do, and exit status 2."""
    status, err = outcome
    assert status == 2 and words in err and "mend:" in err and "Traceback" not in err, err


NO_LARGER = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))"


@pytest.mark.parametrize("room", [0, 5_000, 60_000, 300_000])
def test_what_does_not_fit_leaves_the_last_build(
    room: int, built: Path, loaded: Loaded, sources: dict[str, Path], good: dict[str, dict[str, Any]]
) -> None:
    """The system refuses any file larger than `room` bytes: the readings, or the page, do not fit."""
    arguments = ("build", sources["new"], "-o", built, "-p", ROOT, "-q")
    refused(loaded.command(*arguments, prelude=NO_LARGER.format(room)), "KG405")
    assert state(built) == good["old"]
    assert sorted(entry.name for entry in built.parent.iterdir()) == [".out.readings", "out"]


ON_A_DISK_OF_ITS_OWN = """
import ctypes, hashlib, os
from pathlib import Path
libc = ctypes.CDLL(None)
user, group = os.getuid(), os.getgid()
sys.exit(77) if libc.unshare((0x10000000 if user else 0) | 0x20000) else None
for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")) if user else ():
    Path("/proc/self", name).write_text(text)
sys.exit(77) if libc.mount(b"none", b"/mnt", b"tmpfs", 0, b"size=2500k") else None
from kg.cli import run
def build(name): return run(["build", f"{FOLDER}/{name}.txt", "-o", "/mnt/out", "-p", ROOT, "-q"])
def digest(): return [hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(Path("/mnt/out").iterdir())]
assert build("old") == 0
before = digest()
room = os.statvfs("/mnt").f_bavail * os.statvfs("/mnt").f_bsize
Path("/mnt/filler").write_bytes(bytes(max(0, room - LEFT)))
assert build("new") == 2
assert digest() == before
left = {entry.name for entry in Path("/mnt").iterdir()}
assert left <= {"out", ".out.readings", ".out.readings-wal", ".out.readings-shm", "filler"}, left
Path("/mnt/filler").unlink()
assert build("new") == 0
"""


@pytest.mark.parametrize("left", [0, 20_000, 100_000])
def test_a_full_disk_leaves_the_last_build(left: int, loaded: Loaded, sources: dict[str, Path]) -> None:
    """On a disk that has no room for a second build, the first stays; once there is room, the second is made."""
    values = f"FOLDER, ROOT, LEFT = {str(sources['old'].parent)!r}, {str(ROOT)!r}, {left}\n"
    status, _, err = loaded.run(values + ON_A_DISK_OF_ITS_OWN)
    if status == 77:
        pytest.skip("not in the repository: the right to mount a file system")
    assert status == 0 and "cannot be written" in err and "mend:" in err and "Traceback" not in err, err


AS_ANYONE = """
import ctypes  # root may write everywhere: lay that down, and be stopped as any user is
class Header(ctypes.Structure): _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]
ctypes.CDLL(None).capset(ctypes.byref(Header(0x20080522, 0)), (ctypes.c_uint32 * 6)())
"""


@pytest.mark.parametrize("which", ["out", "folder"])
def test_a_folder_that_may_not_be_written_is_told(
    which: str, built: Path, loaded: Loaded, sources: dict[str, Path], good: dict[str, dict[str, Any]]
) -> None:
    folder = built if which == "out" else built.parent
    folder.chmod(0o555)
    try:
        outcome = loaded.command("build", sources["new"], "-o", built, "-p", ROOT, "-q", prelude=AS_ANYONE)
    finally:
        folder.chmod(0o755)
    refused(outcome, "KG405 the output folder cannot be written")
    assert state(built) == good["old"]


def test_an_output_that_another_build_writes_is_told(
    built: Path, loaded: Loaded, sources: dict[str, Path], good: dict[str, dict[str, Any]]
) -> None:
    others = built.with_name(f".out.{2**22 + 1}-other")  # of a process that this one cannot see, as in a container
    others.mkdir()
    with Readings(readings_of(built)):
        refused(loaded.command("build", sources["new"], "-o", built, "-p", ROOT), "KG406 another build is writing")
        assert others.exists()
    assert state(built) == good["old"]


def test_each_promise_names_a_test_that_exists() -> None:
    page = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/\w+\.py)::(\w+)`", page)
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| promise")]
    assert len(named) >= len(rows) > 20 and all("::" in row for row in rows)
    for file, test in named:
        assert f"\ndef {test}(" in (ROOT / file).read_text(encoding="utf-8"), test
    assert "docs/reliability.md" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")
