"""The command line: exit status, messages without traceback, help, what goes where."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.cli import cli, run
from kg.cli.output import visible

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONWARNINGS": "ignore"}
SENTENCE = "화웨이가 칭다오에서 '칭다오 선언'을 발표했다."
OUTPUT = {"graph.ttl", "provenance.ttl", "graph.trig", "links.ttl", "void.ttl", "graph.html", "graph.graphml", "build.json"}


def kg(*arguments: str, cwd: Path, stdin: str | bytes = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    raw = stdin if isinstance(stdin, bytes) else stdin.encode()
    done = subprocess.run(
        [sys.executable, "-m", "kg", *arguments],
        cwd=cwd,
        input=raw,
        capture_output=True,
        env=ENVIRONMENT | environment,
        timeout=300,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a build of one text in ``build``."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "a.txt").write_text(SENTENCE + "\n", encoding="utf-8")
    done = kg("build", "a.txt", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


# Start and help


def test_every_command_has_help_with_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    listed = capsys.readouterr().out
    for name, command in cli.commands.items():
        assert re.search(rf"^  {name} +\S", listed, re.MULTILINE), name
        assert run([name, "--help"]) == 0
        told = capsys.readouterr().out
        assert "..." not in (command.short_help or "") and command.help
        assert f"kg {name}" in told.split("Examples:")[-1] or name == "version", name


def test_importing_and_help_load_nothing_heavy(tmp_path: Path) -> None:
    heavy = ("kiwipiepy", "pyvis", "rdflib", "pyoxigraph", "networkx", "numpy", "jinja2", "rich", "selectolax", "requests", "waitress", "werkzeug")
    for code in ("import kg", "import kg.cli; kg.cli.run(['--help'])"):
        check = f"import sys; {code}; sys.exit(', '.join(sorted(set(sys.modules) & {set(heavy)!r})) or 0)"
        done = subprocess.run(
            [sys.executable, "-c", check], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr


def test_version(tmp_path: Path) -> None:
    from kg import __version__

    assert kg("--version", cwd=tmp_path).stdout == f"kg {__version__}\n"
    assert json.loads(kg("version", "--json", cwd=tmp_path).stdout)["kg"] == __version__


# Faults: one message, exit 2, no traceback

FAULTS = [
    (["build", "none.txt"], "KG201"),
    (["build", "empty.txt"], "KG202"),
    (["build", "binary.txt"], "KG203"),
    (["build", "broken.txt"], "broken.txt:1:"),
    (["build", "good.txt", "none.txt"], "KG201"),
    (["build", "good.txt", "-o", "good.txt"], "good.txt"),
    (["build", "good.txt", "-o", "good.txt/x"], "good.txt"),
    (["build", "good.txt", "-o", "/proc/x"], "/proc/x"),
    (["build", "good.txt", "-o", "full"], "full"),
    (["build", "-p", "none"], "KG301"),
    (["build", "-p", "bad"], "kg.toml:1:1: KG303"),
    (["build", "good.txt", "-p", "rules-key"], "own.yaml:1:"),
    (["build", "good.txt", "-p", "rules-class"], "own.yaml:5:"),
    (["query"], "SPARQL"),
    (["query", "a.rq", "-e", "x"], "either"),
    (["query", "none.rq", "-g", "none"], "none"),
    (["query", "-e", "SELECT", "-g", "none"], "none"),
    (["page", "none"], "none"),
    (["check", "none"], "none"),
    (["annotate", "none.txt"], "KG411"),
    (["test", "no.such.rule"], "no.such.rule"),
    (["explain", SENTENCE, "--rule", "no.such.rule"], "no.such.rule"),
    (["eval", "none"], "none"),
    (["init", "full"], "KG306"),
    (["bild"], "bild"),
    (["build", "--colour"], "--colour"),
]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faulty")
    for name, raw in (
        ("good.txt", SENTENCE.encode()),
        ("empty.txt", b""),
        ("binary.txt", b"\0\1\2"),
        ("broken.txt", "새솔시가 항로를".encode() + b"\xec\x97 " + "열었다. 항로는 주 3회 다닌다.".encode()),
        ("a.rq", b"ASK {}"),
        ("full/x", b""),
        ("bad/kg.toml", b"bsae = 1"),
        ("rules-key/kg.toml", b'extends = "shipped"\nrules = "rules"'),
        ("rules-key/rules/own.yaml", b"- {id: own.rule, abuot: x}"),
        ("rules-class/kg.toml", b'extends = "shipped"\nrules = "rules"'),
        (
            "rules-class/rules/own.yaml",
            "- id: own.rule\n  about: 후원\n  trigger: [후원하다]\n  roles:\n    agent: {is: Cty, case: subject}\n"
            "    theme: {is: Event, case: object}\n  then:\n    - agent nk:supports theme\n".encode(),
        ),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
    return folder


@pytest.mark.parametrize(("arguments", "told"), FAULTS, ids=[" ".join(fault[0])[:40] for fault in FAULTS])
def test_faults(faulty: Path, arguments: list[str], told: str) -> None:
    before = sorted(path for path in faulty.rglob("*") if path.is_file())
    done = kg(*arguments, cwd=faulty)
    assert done.returncode == 2
    assert told in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) < 12
    assert sorted(path for path in faulty.rglob("*") if path.is_file()) == before, "nothing is written"


# The commands


def test_build_writes_everything_and_says_so(built: Path) -> None:
    assert {file.name for file in (built / "build").iterdir()} == OUTPUT
    report = json.loads((built / "build/build.json").read_text(encoding="utf-8"))
    assert report["counts"]["documents"] == 1


def test_build_as_json_and_quiet(built: Path) -> None:
    done = kg("build", "-", "-o", "piped", "--json", cwd=built, stdin=SENTENCE.encode("cp949"))
    report = json.loads(done.stdout)
    assert done.returncode == 0 and report["notes"] and "CP949" in report["notes"][0]["note"]
    done = kg("build", "a.txt", "-o", "quiet", "-q", cwd=built)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_faulty_document_is_skipped_and_told(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/good.txt").write_text(SENTENCE, encoding="utf-8")
    (tmp_path / "in/bad.txt").write_bytes(b"\0")
    done = kg("build", "in", cwd=tmp_path)
    assert done.returncode == 1 and "skipped bad.txt" in done.stderr
    report = json.loads((tmp_path / "build/build.json").read_text(encoding="utf-8"))
    assert [item["source"] for item in report["skipped"]] == ["bad.txt"]


def test_a_failed_build_leaves_the_last_one(built: Path) -> None:
    before = {file.name: file.read_bytes() for file in (built / "build").iterdir()}
    (built / "void.txt").write_bytes(b"")
    assert kg("build", "a.txt", "void.txt", cwd=built).returncode == 2
    assert {file.name: file.read_bytes() for file in (built / "build").iterdir()} == before


def test_query_formats(built: Path) -> None:
    select = "SELECT ?label WHERE { ?c a nk:Company ; rdfs:label ?label FILTER(lang(?label) = 'ko') }"
    assert kg("query", "-e", select, cwd=built).stdout == "label\n------\n화웨이\n(1 row)\n"
    assert kg("query", "-e", select, "-f", "csv", cwd=built).stdout.split() == ["label", "화웨이"]
    rows = json.loads(kg("query", "-e", select, "--json", cwd=built).stdout)["results"]["bindings"]
    assert rows == [{"label": {"type": "literal", "value": "화웨이", "xml:lang": "ko"}}]
    (built / "q.rq").write_text("CONSTRUCT { ?s nk:announced ?o } WHERE { ?s nk:announced ?o }", encoding="utf-8")
    assert "nk:announced" in kg("query", "q.rq", "-f", "ttl", cwd=built).stdout
    assert kg("query", "-e", "ASK { ?s nk:announced ?o }", cwd=built).stdout == "yes\n"
    assert kg("query", "-e", select, "-f", "ttl", cwd=built).returncode == 2


def test_query_knows_the_ontology(built: Path) -> None:
    ask = "ASK { ?s a/rdfs:subClassOf+ nk:Organization }"
    assert kg("query", "-e", ask, cwd=built).stdout == "yes\n"
    assert kg("query", "-e", ask, "--facts-only", cwd=built).stdout == "no\n"


def test_query_error_points_at_the_place(built: Path) -> None:
    done = kg("query", "-e", "SELECT ?s WHERE { ?s nk:announced }", cwd=built)
    assert done.returncode == 2 and re.search(r":1:\d+", done.stderr) and "^" in done.stderr


def test_page_and_check(built: Path) -> None:
    done = kg("page", "build", "-o", "own.html", cwd=built)
    assert done.returncode == 0, done.stderr
    assert "화웨이" in (built / "own.html").read_text(encoding="utf-8")
    done = kg("check", "build", "--json", cwd=built)
    assert done.returncode in (0, 1) and isinstance(json.loads(done.stdout), list), done.stderr


def test_explain(tmp_path: Path) -> None:
    done = kg("explain", SENTENCE, cwd=tmp_path)
    assert done.returncode == 0 and "발표하다" in done.stdout, done.stderr
    assert json.loads(kg("explain", SENTENCE, "--json", cwd=tmp_path).stdout)["clauses"]


def test_annotate_lines(tmp_path: Path) -> None:
    import unicodedata

    decomposed = unicodedata.normalize("NFD", SENTENCE)
    done = kg("annotate", cwd=tmp_path, stdin=f"{SENTENCE}\n\n{decomposed}")
    assert done.returncode == 0, done.stderr
    first, empty, last = map(json.loads, done.stdout.splitlines())
    assert [item["id"] for item in (first, empty, last)] == ["1", "2", "3"]
    assert empty == {"id": "2", "text": "", "mentions": [], "clauses": [], "statements": []}
    for result in (first, last):
        text = result["text"]
        [mention] = [m for m in result["mentions"] if m["type"] == "Company"]
        assert unicodedata.normalize("NFC", text[mention["start"] : mention["end"]]) == "화웨이"
        assert mention["entity"].startswith("https://")
        [clause] = result["clauses"]
        assert clause["predicate"]["lemma"] == "발표하다" and clause["status"] == "Happened"
        roles = {r["role"]: unicodedata.normalize("NFC", text[r["start"] : r["end"]]) for r in clause["roles"]}
        assert roles["subject"] == "화웨이" and roles["adverbial"] == "칭다오"
        announced = [s for s in result["statements"] if s["predicate"] == "nk:announced"]
        assert announced and set(announced[0]) == {"subject", "predicate", "object", "status", "rule", "start", "end"}
    assert first["text"] == SENTENCE and last["text"] == decomposed


def test_annotate_json_lines_keeps_going(tmp_path: Path) -> None:
    lines = ['{"text": "화웨이가 갔다.", "id": 7, "date": "2019-12-01"}', '{"text": 1}', "", '{"text": ""}']
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = kg("annotate", "in.jsonl", cwd=tmp_path)
    assert done.returncode == 1 and "KG205" in done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [item["id"] for item in results] == ["7", "2", "4"] and "error" in results[1]


def test_annotate_names_the_line_that_is_broken(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_bytes("화웨이가 갔다.\n칭다오".encode() + b"\xff\xfe\n")
    done = kg("annotate", "in.txt", cwd=tmp_path)
    assert done.returncode == 1 and "in.txt:2:4: KG204" in done.stderr


def test_init_builds_at_once(tmp_path: Path) -> None:
    assert kg("init", "own", cwd=tmp_path).returncode == 0
    own = tmp_path / "own"
    done = kg("build", cwd=own)
    assert done.returncode == 0, done.stderr
    assert kg("query", "-e", "ASK { ?a nk:supports ?b }", cwd=own).stdout == "yes\n"
    done = kg("test", "sponsor.event", cwd=own)
    assert done.returncode == 0, done.stdout + done.stderr


# Terminals, pipes and signals


def test_text_cannot_steer_the_terminal() -> None:
    assert visible("a\x1b[31m\x07\u202eb\tc\n") == "a\\x1b[31m\\x07\\u202eb\tc\n"


def on_terminal(*arguments: str, cwd: Path, **environment: str) -> bytes:
    """Run the command with a terminal for stdout and stderr and give what it wrote there."""
    main, side = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", *arguments],
        cwd=cwd,
        stdin=side,
        stdout=side,
        stderr=side,
        env=ENVIRONMENT | {"TERM": "xterm"} | environment,
    )
    os.close(side)
    written = b""
    try:
        while chunk := os.read(main, 65536):
            written += chunk
    except OSError:
        pass  # the other side is closed
    os.close(main)
    assert process.wait(timeout=120) == 0
    return written


def test_bars_on_a_terminal_only(built: Path) -> None:
    assert b"\x1b[" in on_terminal("build", "a.txt", "-o", "terminal", cwd=built)
    assert b"\x1b[3" not in on_terminal("build", "a.txt", "-o", "terminal", cwd=built, NO_COLOR="1")
    assert "\x1b" not in kg("build", "a.txt", "-o", "piped2", cwd=built).stderr


def test_a_reader_that_has_had_enough(built: Path) -> None:
    query = f"{sys.executable} -m kg query -e 'SELECT * {{ ?s ?p ?o }}' | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", query], cwd=built, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    assert done.stderr == "" and done.stdout.splitlines()[-1] == "0"


def test_interrupted(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "annotate"],
        cwd=tmp_path,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell that runs the tests in the background has its children ignore an interrupt.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdin and process.stdout and process.stderr
    process.stdin.write(SENTENCE.encode() + b"\n")
    process.stdin.flush()
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 130
    assert b"Traceback" not in process.stderr.read()


def test_output_is_utf8_whatever_the_locale(tmp_path: Path) -> None:
    done = kg("explain", SENTENCE, cwd=tmp_path, LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="cp949")
    assert done.returncode == 0 and "화웨이" in done.stdout
