"""Texts and projects from strangers: whatever they hold, it harms nothing and is told."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import socket
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import pytest
import yaml

import kg
from kg.cli import run
from kg.errors import KgError
from kg.pipeline import readings_of
from kg.text import Skipped, read
from tests.fuzz.targets import TARGETS, page_data
from tests.loaded import Loaded

if TYPE_CHECKING:
    from kg.extract import Extractor

ROOT = Path(__file__).parent.parent
CORPUS = sorted((ROOT / "tests/fuzz/corpus").glob("*.bin"))
SENTENCE = "화웨이가 칭다오에서 '칭다오 선언'을 발표했다."

INPUT: dict[str, tuple[bytes, str]] = {
    "broken UTF-8": (SENTENCE.encode()[:-2] + b"\xff\xfe" + SENTENCE.encode(), "KG204"),
    "CP949": (SENTENCE.encode("cp949"), ""),
    "UTF-16": (SENTENCE.encode("utf-16"), ""),
    "UTF-16 without a mark": (SENTENCE.encode("utf-16-le"), "KG203"),
    "a byte order mark": (b"\xef\xbb\xbf" + SENTENCE.encode(), ""),
    "NUL": (SENTENCE.encode() + b"\0", "KG203"),
    "NFD": (normalize("NFD", SENTENCE).encode(), ""),
    "zero-width and right-to-left marks": ("\u200f\u202e".join(SENTENCE.split(" ")).encode() + "\u200b".encode(), ""),
    "a ZIP file": (b"PK\x03\x04" + bytes(range(256)) * 8, "KG203"),
    "a gzip bomb": (b"\x1f\x8b\x08\0" + b"\xff" * 4_000 + bytes(400), "KG203"),
    "nothing": (b" \n", "KG202"),
    "too much": ("가".encode() * 1_000_001, "KG210"),
    "200 MB": (b"", "KG210"),
}


@pytest.mark.parametrize("suffix", [".txt", ".html", ".jsonl", ""])
@pytest.mark.parametrize("kind", INPUT)
def test_input_of_any_kind_is_read_or_refused(kind: str, suffix: str, tmp_path: Path) -> None:
    data, code = INPUT[kind]
    file = tmp_path / f"a{suffix}"
    if suffix == ".jsonl" and not code:
        data = json.dumps({"text": data.decode("utf-16" if kind == "UTF-16" else "cp949" if kind == "CP949" else "utf-8-sig")}).encode()
    file.write_bytes(data)
    if kind == "200 MB":
        with open(file, "r+b") as stream:
            stream.write("가나다".encode())
            stream.truncate(200_000_000)
    skipped: list[Skipped] = []
    try:
        documents = list(read(file, on_skip=skipped.append))
    except KgError as error:
        documents, found = [], error.code
    else:
        found = skipped[0].error.code if skipped else ""
    if suffix == ".jsonl" and code and kind not in ("200 MB", "nothing"):
        assert found.startswith("KG2") and not documents
    else:
        assert found == code
    if not code:
        assert "칭다오" in normalize("NFC", documents[0].text)


def test_a_million_characters_in_one_line_are_a_document(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("가" * 1_000_000, encoding="utf-8")
    assert len(next(read(tmp_path / "a.txt")).text) == 1_000_000


def test_a_page_ten_thousand_deep_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<div>" * 10_000 + SENTENCE + "<b>" * 10_000, encoding="utf-8")
    assert next(read(tmp_path / "a.html")).text == SENTENCE


def test_a_page_too_deep_to_parse_in_bounded_time_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<div>" * 1_000_000 + SENTENCE, encoding="utf-8")
    with pytest.raises(KgError, match="nested more than 20,000 deep"):
        list(read(tmp_path / "a.html"))


def test_one_line_that_is_too_long_stops_no_other(tmp_path: Path) -> None:
    record = json.dumps({"text": SENTENCE}).encode()
    with open(tmp_path / "a.jsonl", "wb") as stream:
        stream.write(record + b"\n")
        stream.write(b'{"text": "' + b"a" * 40_000_000 + b'"}\n')
        stream.write(record.replace(b'"}', b'!"}') + b"\n")
    skipped: list[Skipped] = []
    assert len(list(read(tmp_path / "a.jsonl", on_skip=skipped.append))) == 2
    assert [(s.source, s.error.code) for s in skipped] == [("a.jsonl:2", "KG210")]


def test_a_pipe_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "b.txt").write_text(SENTENCE, encoding="utf-8")
    skipped: list[Skipped] = []
    assert [d.id for d in read(tmp_path, on_skip=skipped.append)] == ["b"] and skipped[0].error.code == "KG201"


@pytest.mark.parametrize("file", CORPUS, ids=[file.stem for file in CORPUS])
def test_what_fuzzing_found_stays_mended(file: Path) -> None:
    TARGETS[file.name.partition("-")[0]](file.read_bytes())


# What a stranger's project tries. `{secret}` is a file outside it, `{port}` a server that counts who asks.
RULE = "- id: my.rule\n  about: 뜻\n  trigger: [맑다]\n  roles: {{theme: {{is: City, case: subject}}}}\n  then: [theme a nk:City]\n"
STRANGERS: dict[str, dict[str, str]] = {
    "a rule file that is a link": {"rules/a.yaml -> ": "{secret}"},
    "a lexicon that is a link": {"lexicon/a.yaml -> ": "{secret}"},
    "a table of places that is a link": {"lexicon/places.tsv -> ": "{secret}"},
    "an authority file that is a link": {"authority/a.yaml -> ": "{secret}"},
    "an ontology that is a link": {"ontology/a.ttl -> ": "{secret}"},
    "a query that is a link": {"ontology/queries/a.rq -> ": "{secret}"},
    "a grammar that is a link": {"grammar/furniture.yaml -> ": "{secret}"},
    "a corpus that is a link": {"corpus/a.txt -> ": "{secret}"},
    "a folder that is a link": {"rules/more -> ": "{outside}"},
    "a kg.toml that is a link": {"kg.toml -> ": "{secret}"},
    "a folder outside": {"kg.toml": 'extends = "shipped"\nrules = "../outside"\n'},
    "another pack": {"kg.toml": 'extends = "{outside}"\n'},
    "a Python tag": {"rules/a.yaml": "- !!python/object/apply:os.system ['touch {canary}']\n"},
    "a Python name": {"lexicon/a.yaml": "- id: !!python/name:os.system\n"},
    "an include": {"rules/a.yaml": "- !include {secret}\n"},
    "a billion laughs": {"rules/a.yaml": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"},
    "an import": {"ontology/a.ttl": "<urn:a> <http://www.w3.org/2002/07/owl#imports> <file://{secret}>, <http://127.0.0.1:{port}/a.ttl> .\n"},
    "a base": {"ontology/a.ttl": "@base <http://127.0.0.1:{port}/> . @prefix x: <x#> . x:a a x:B .\n"},
    "shapes with a query": {
        "ontology/shapes.ttl": "@prefix sh: <http://www.w3.org/ns/shacl#> .\n<urn:s> a sh:NodeShape ; sh:targetSubjectsOf <urn:p> ;"
        ' sh:sparql [ a sh:SPARQLConstraint ; sh:select "SELECT $this FROM <file://{secret}> {{ SERVICE <http://127.0.0.1:{port}/> {{ $this ?p ?o }} }}" ] .\n'
    },
    "shapes with a script": {
        "ontology/shapes.ttl": "@prefix sh: <http://www.w3.org/ns/shacl#> .\n<urn:s> a sh:NodeShape ; sh:targetSubjectsOf <urn:p> ;"
        ' sh:js [ sh:jsFunctionName "f" ; sh:jsLibrary [ sh:jsLibraryURL "http://127.0.0.1:{port}/a.js" ] ] .\n'
    },
    "a check with a service": {"ontology/checks/a.rq": "SELECT ?s {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}\n"},
    "a check of a file": {"ontology/checks/a.rq": "SELECT ?s FROM <file://{secret}> {{ ?s ?p ?o }}\n"},
    "a trigger that is a program": {"rules/a.yaml": RULE.replace("맑다", "'__import__(\"os\").system(\"touch {canary}\")'")},
    "a template": {"rules/a.yaml": RULE.replace("뜻", "'{{{{ cycler.__init__.__globals__ }}}}'")},
}
WATCH = """
import kg.extract
kg.extract.Extractor = kg.extract.Extractor.fresh
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "os.system", "subprocess.Popen", "os.exec", "os.posix_spawn") or (
        event == "open" and "outside" in str(arguments[0])
    ):
        print("CAUGHT", event, arguments, file=sys.stderr)
"""


@pytest.fixture(scope="module")
def loaded() -> Iterator[Loaded]:
    made = Loaded()
    yield made
    made.close()


@pytest.fixture(scope="module")
def asked() -> Iterator[tuple[int, list[object]]]:
    """A server on loopback, with those who came."""
    seen: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    client, address = server.accept()
                except OSError:
                    return
                seen.append(address)
                client.close()

        threading.Thread(target=answer, daemon=True).start()
        yield server.getsockname()[1], seen
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("name", STRANGERS)
def test_a_project_from_a_stranger_reads_reaches_and_runs_nothing(
    name: str, loaded: Loaded, asked: tuple[int, list[object]], tmp_path: Path
) -> None:
    port, seen = asked
    outside, project = tmp_path / "outside", tmp_path / "project"
    outside.mkdir()
    (outside / "secret.yaml").write_text("- a secret of yours\n", encoding="utf-8")
    values = {"secret": outside / "secret.yaml", "outside": outside, "port": port, "canary": tmp_path / "canary"}
    folders = ("ontology", "lexicon", "rules", "grammar", "authority", "corpus")
    for folder in folders:
        (project / folder).mkdir(parents=True)
    settings = 'extends = "shipped"\n' + "".join(f'{folder} = "{folder}"\n' for folder in folders)
    (project / "kg.toml").write_text(settings, encoding="utf-8")
    (project / "corpus/mine.txt").write_text(SENTENCE, encoding="utf-8")
    for path, content in STRANGERS[name].items():
        content = content.format(**values)
        file = project / path.removesuffix(" -> ")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        if path.endswith(" -> "):
            file.symlink_to(content)
        else:
            file.write_text(content, encoding="utf-8")
    program = f"{WATCH}\nimport os\nos.chdir({str(project)!r})\nsys.addaudithook(watch)\nfrom kg.cli import run\n"
    commands = [["lint"], ["build", "-o", "../out", "-q"], ["check", "../out"]]
    status, _, written = loaded.run(program + f"sys.exit(max([run(c) for c in {commands!r}]))")
    assert status in (0, 1, 2) and "CAUGHT" not in written and "Traceback" not in written, written
    assert "a secret of yours" not in written and not seen and not (tmp_path / "canary").exists()
    if name.startswith("a ") and name.endswith("link"):
        assert "KG305 a link that leads out of the project" in written


@pytest.mark.parametrize("pattern", ["(a+)+$", "(.*.*.*.*.*.*.*.*)*x", "(?:a|aa)+x", "((((가*)*)*)*)*다"])
def test_a_pattern_from_a_stranger_takes_linear_time(pattern: str, tmp_path: Path) -> None:
    (tmp_path / "grammar").mkdir()
    entry = {"id": "bomb", "pattern": pattern, "yes": ["a"], "no": ["b"]}
    (tmp_path / "grammar/furniture.yaml").write_text(json.dumps({"lines": [entry], "pieces": [entry]}), encoding="utf-8")
    text = ("a" * 200 + "가" * 39 + "\n") * 50
    assert len(kg.text.from_text(text, grammar=(tmp_path / "grammar",)).body) == 50


def test_a_pattern_from_a_stranger_has_no_lookaround(tmp_path: Path) -> None:
    from kg.text.furniture import load

    (tmp_path / "furniture.yaml").write_text("lines:\n- {id: a, pattern: '(?<!가)나', 'yes': [나], 'no': [가나]}\n", encoding="utf-8")
    with pytest.raises(KgError, match="no regular expression") as caught:
        load((tmp_path,))
    assert caught.value.code == "KG207"


RECORDS = [b"[]", b"{}", b"\xff", b'"a"', b"[" * 100_000, b'{"document": [1, 2, 3, null, null, 6, 7]}', None, 5]


@pytest.mark.parametrize("record", range(len(RECORDS)))
def test_readings_from_a_stranger_are_told(record: int, tmp_path: Path, extractor: Extractor) -> None:
    from kg.readings import Readings

    with Readings(tmp_path / "a") as kept:
        kept.put("a", "1", "{}")
    database = sqlite3.connect(tmp_path / "a", isolation_level=None)
    try:
        database.execute("UPDATE reading SET record = ?", (RECORDS[record],))
    except sqlite3.IntegrityError:
        return
    finally:
        database.close()
    with Readings(tmp_path / "a") as kept, pytest.raises(KgError) as caught:
        list(kept)
    assert caught.value.code == "KG410" and caught.value.mend


def test_tables_of_another_are_begun_anew(tmp_path: Path) -> None:
    from kg.readings import Readings

    database = sqlite3.connect(tmp_path / "a")
    database.execute("CREATE VIEW reading AS SELECT load_extension('/tmp/a.so') AS document, 1 AS digest, 2 AS record")
    database.execute("CREATE TABLE engine (fingerprint TEXT NOT NULL)")
    database.execute("CREATE TRIGGER t AFTER INSERT ON engine BEGIN SELECT load_extension('/tmp/a.so'); END")
    database.commit()
    database.close()
    with Readings(tmp_path / "a", "1") as kept:
        kept.put("a", "1", "{}")
        assert len(kept) == 1


# What a malicious article would like to do, and the mark by which a parser would see that it did.
PAYLOADS = {
    "Turtle": 'x" . <urn:evil> <urn:evil> <urn:evil> . <urn:a> <urn:b> "',
    "IRI": "x> <urn:evil> <urn:evil> . <y",
    "long string": 'x"""@ko . <urn:evil> <urn:evil> <urn:evil> .\n#',
    "backslash": "x\\",
    "SPARQL": '"} UNION { ?s ?p <urn:evil> } #',
    "script": "</script><script>evil()</script><img src=x onerror=evil()>",
    "comment": "<!--<script>evil()",
    "attribute": "\" onmouseover=evil() '",
    "GraphML": "]]></data><node id='urn:evil'/><!ENTITY evil SYSTEM 'file:///etc/passwd'>&evil;",
    "terminal": "\x1b]0;evil\x07\x1b[2J\x9b31mevil\u202eevil\r",
    "formula": "=HYPERLINK(\"http://evil\",\"x\")",
    "formula after a space": " @SUM(1)*cmd|'/c evil'!A1",
    "wide formula": "＝1+evil",
    "YAML": "x\n- drop: evil: &a [*a] # ",
    "JSON": '"}], "evil": [{"',
    "separator": "x\u2028evil\u2029\x85",
    "template": "{{ evil }}{% evil %}${evil}",
    "javascript": "javascript:evil()",
}
NAME = {"title", "id", "source", "text"}
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A build of articles with each payload as title, id, source, and in names of the text."""
    folder = tmp_path_factory.mktemp("attacked")
    with open(folder / "a.jsonl", "w", encoding="utf-8") as stream:
        for at, payload in enumerate(PAYLOADS.values()):
            quoted = payload.replace("'", "’").replace("\n", " ")
            text = f"화웨이가 칭다오에서 '{quoted} 선언'을 발표했다. {payload}\n{payload}\n텐센트는 '{quoted} 계획'을 발표했다."
            record = {"id": f"{payload}{at}", "title": payload, "source": payload, "text": text}
            stream.write(json.dumps(record) + "\n")
    report = kg.build([folder / "a.jsonl"], folder / "out", project=ROOT, jobs=1)
    assert report.counts["documents"] == len(PAYLOADS) and not report.skipped
    return folder / "a.jsonl", folder / "out"


def test_no_article_adds_a_triple(attacked: tuple[Path, Path]) -> None:
    import pyoxigraph as ox

    report = json.loads((attacked[1] / "build.json").read_text(encoding="utf-8"))
    for name in ("graph.ttl", "provenance.ttl", "graph.trig", "links.ttl"):
        quads = list(ox.parse(path=attacked[1] / name))
        assert name != "graph.ttl" or len(quads) == report["counts"]["triples"]
        for quad in quads:
            terms = [quad.subject, quad.predicate, quad.object, quad.graph_name]
            assert not any(str(term).startswith("<urn:") for term in terms), quad
    text = [str(quad.object.value) for quad in ox.parse(path=attacked[1] / "graph.ttl") if isinstance(quad.object, ox.Literal)]
    assert any("urn:evil" in value for value in text)  # the words are there, as words


def test_no_article_steers_the_page(attacked: tuple[Path, Path]) -> None:
    from selectolax.lexbor import LexborHTMLParser

    page = attacked[1] / "graph.html"
    assert page_data(page)
    tree = LexborHTMLParser(page.read_text(encoding="utf-8"))
    for node in tree.css("*"):
        assert not any(name.startswith("on") for name in node.attributes), node.html
        assert not str(node.attributes.get("href") or "").startswith("javascript:")
    scripts = [node for node in tree.css("script") if "json" not in (node.attributes.get("type") or "")]
    assert not any((node.text() or "").startswith("evil") for node in scripts)
    assert not tree.css("img[src=x]")


def test_no_article_breaks_graphml(attacked: tuple[Path, Path]) -> None:
    from xml.etree import ElementTree

    import networkx as nx

    graph = nx.read_graphml(attacked[1] / "graph.graphml")
    assert not any(str(node).startswith("urn:") for node in graph)
    ElementTree.parse(attacked[1] / "graph.graphml")


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_no_article_steers_a_terminal_or_a_spreadsheet(form: str, attacked: tuple[Path, Path], capfd: pytest.CaptureFixture[str]) -> None:
    query = "SELECT ?d ?title ?source WHERE { ?d dcterms:title ?title ; dcterms:identifier ?id OPTIONAL { ?d dcterms:source ?source } }"
    assert run(["query", "-e", query, "-g", str(attacked[1]), "--format", form, "-p", str(ROOT)]) == 0
    out = capfd.readouterr().out
    if form == "csv":
        rows = list(csv.reader(io.StringIO(out)))
        assert len(rows) == len(PAYLOADS) + 1
        for cell in (cell for row in rows for cell in row):
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝")), cell
        return
    assert not CONTROL.search(out)
    if form == "json":
        assert len(json.loads(out)["results"]["bindings"]) == len(PAYLOADS)
    else:
        assert len(out.splitlines()) == len(PAYLOADS) + 3


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_parameter_changes_a_query(payload: str, attacked: tuple[Path, Path], capfd: pytest.CaptureFixture[str]) -> None:
    arguments = ["query", "official-of", "--city", PAYLOADS[payload], "-g", str(attacked[1]), "--format", "json", "-p", str(ROOT)]
    status = run(arguments)
    done = capfd.readouterr()
    assert status in (0, 2) and "Traceback" not in done.err and not CONTROL.search(done.out + done.err)
    if status == 0:
        assert json.loads(done.out)["results"]["bindings"] == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_steers_what_explains_it(payload: str, tmp_path: Path, extractor: Extractor, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    from selectolax.lexbor import LexborHTMLParser

    monkeypatch.setattr("kg.extract.Extractor", lambda project: extractor)
    text = f"화웨이가 '{PAYLOADS[payload]} 선언'을 발표했다."
    page = tmp_path / "a.html"
    assert run(["explain", text, "--html", str(page), "-p", str(ROOT)]) in (0, 1)
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": text, "id": PAYLOADS[payload]}) + "\n", encoding="utf-8")
    tree = LexborHTMLParser(page.read_text(encoding="utf-8"))
    assert not tree.css("script, img, iframe, object, link, a")
    assert not any(name.startswith("on") for node in tree.css("*") for name in node.attributes)
    capfd.readouterr()
    assert run(["annotate", str(tmp_path / "a.jsonl"), "-p", str(ROOT)]) == 0
    out = capfd.readouterr().out
    assert not CONTROL.search(out) and json.loads(out)["text"] == text


def test_no_name_becomes_a_decision(attacked: tuple[Path, Path], capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["review", str(attacked[1]), "--stubs"]) == 0
    out = capfd.readouterr().out
    decisions: list[dict[str, Any]] = yaml.safe_load(out)
    assert decisions and all(set(decision) == {"confirm"} for decision in decisions) and not CONTROL.search(out)


def test_what_a_build_says_is_plain(attacked: tuple[Path, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with open(tmp_path / "a.jsonl", "w", encoding="utf-8") as stream:
        stream.write(json.dumps({"text": SENTENCE}) + "\n")
        stream.write(json.dumps({"text": "", "source": PAYLOADS["terminal"], "date": PAYLOADS["terminal"]}) + "\n")
    (tmp_path / "b\x1b[2J.txt").write_text("", encoding="utf-8")
    for options in ([], ["--json"]):
        assert run(["build", str(tmp_path / "a.jsonl"), "-o", str(tmp_path / "out"), "-p", str(ROOT), *options]) == 1
        done = capfd.readouterr()
        assert not CONTROL.search(done.out + done.err)
    assert readings_of(tmp_path / "out").exists()
