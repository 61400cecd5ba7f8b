"""kg serve: the SPARQL 1.1 Protocol over real HTTP, what is refused, and many clients that mean no good."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
import requests

from kg.cli import run
from tests.test_worker import children, gone

ROOT = Path(__file__).parent.parent
TURTLE = """@prefix id: <https://w3id.org/newskg/id/> .
@prefix nk: <https://w3id.org/newskg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
id:garam a nk:City ; rdfs:label "가람시"@ko ; nk:countMin 24 .
id:naru a nk:City ; rdfs:label "나루시"@ko .
"""
LABELS = "SELECT ?s ?l { ?s a nk:City ; rdfs:label ?l } ORDER BY ?l"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
CONSTRUCT = "CONSTRUCT WHERE { ?s a nk:City ; rdfs:label ?l }"
JSON = "application/sparql-results+json"


class Server:
    """A `kg serve` of its own on a free port."""

    def __init__(self, build: Path, *options: str) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=build.parent))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kg", "serve", str(build), "--port", "0", "-p", str(ROOT), *options],
            env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(self.folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr
        self.line = self.process.stderr.readline()
        found = re.match(r"(http://127\.0\.0\.1:(\d+)/) ", self.line)
        assert found, self.line + self.process.stderr.read()
        self.address, self.port = found[1], int(found[2])
        self.sparql = self.address + "sparql"

    def ask(self, query: str, accept: str = JSON, **values: str) -> requests.Response:
        form = {"query": query, **{f"${name}": value for name, value in values.items()}}
        return requests.post(self.sparql, data=form, headers={"Accept": accept}, timeout=60)

    def memory(self) -> int:
        """Bytes resident in the server and its workers."""
        pages = 0
        for pid in (self.process.pid, *children(self.process.pid)):
            pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=20)
        finally:
            self.process.kill()
            self.process.communicate()


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "build"
    folder.mkdir()
    (folder / "graph.ttl").write_text(TURTLE, encoding="utf-8")
    (folder / "graph.html").write_text("<!doctype html><title>그래프</title>", encoding="utf-8")
    (folder / "secret.txt").write_text("x")
    return folder


@pytest.fixture(scope="module")
def server(build: Path) -> Iterator[Server]:
    one = Server(build, "--timeout", "2")
    yield one
    assert one.end() == 0


# The protocol


@pytest.mark.parametrize("how", ["get", "form", "direct"])
def test_three_ways_to_ask(server: Server, how: str) -> None:
    if how == "get":
        answer = requests.get(server.sparql, params={"query": LABELS}, timeout=30)
    elif how == "form":
        answer = requests.post(server.sparql, data={"query": LABELS}, timeout=30)
    else:
        kind = {"Content-Type": "application/sparql-query"}
        answer = requests.post(server.sparql, data=LABELS.encode(), headers=kind, timeout=30)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == JSON
    assert [row["l"]["value"] for row in answer.json()["results"]["bindings"]] == ["가람시", "나루시"]


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", JSON),
        ("application/json", "application/json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("image/png, text/csv;q=0.1", "text/csv; charset=utf-8"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("text/turtle, application/sparql-results+json", JSON),
    ],
)
def test_rows_come_as_the_client_likes_them(server: Server, accept: str, media: str) -> None:
    answer = server.ask(LABELS, accept)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == media
    assert answer.headers["Vary"] == "Accept"
    text = answer.content.decode()
    if "json" in media:
        found = [row["l"]["value"] for row in json.loads(text)["results"]["bindings"]]
    elif "csv" in media:
        found = [row["l"] for row in csv.DictReader(io.StringIO(text))]
    elif "tab" in media:
        found = [line.split("\t")[1].split('"')[1] for line in text.splitlines()[1:]]
    else:
        found = [str(e.text) for e in ET.fromstring(text).iter("{http://www.w3.org/2005/sparql-results#}literal")]
    assert found == ["가람시", "나루시"]


@pytest.mark.parametrize(
    ("accept", "media", "form"),
    [
        ("*/*", "text/turtle; charset=utf-8", pyoxigraph.RdfFormat.TURTLE),
        ("text/turtle", "text/turtle; charset=utf-8", pyoxigraph.RdfFormat.TURTLE),
        ("application/n-triples", "application/n-triples", pyoxigraph.RdfFormat.N_TRIPLES),
        ("application/ld+json", "application/ld+json", pyoxigraph.RdfFormat.JSON_LD),
        ("application/rdf+xml", "application/rdf+xml", pyoxigraph.RdfFormat.RDF_XML),
    ],
)
def test_triples_come_as_the_client_likes_them(
    server: Server, accept: str, media: str, form: pyoxigraph.RdfFormat
) -> None:
    answer = server.ask(CONSTRUCT, accept)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == media
    assert len({str(quad) for quad in pyoxigraph.parse(input=answer.content, format=form)}) == 4


def test_yes_and_no(server: Server) -> None:
    assert server.ask("ASK { id:garam a nk:City }").json()["boolean"] is True
    assert server.ask("ASK { id:garam a nk:Person }", "application/sparql-results+xml").text.count("false") == 1
    assert server.ask("ASK {}", "text/csv").status_code == 406


def test_the_service_describes_itself(server: Server) -> None:
    answer = requests.get(server.sparql, headers={"Accept": "application/n-triples"}, timeout=30)
    lines = set(answer.text.splitlines())
    sd = "http://www.w3.org/ns/sparql-service-description#"
    assert f"<{server.sparql}> <{sd}supportedLanguage> <{sd}SPARQL11Query> ." in lines
    assert f"<{server.sparql}> <{sd}endpoint> <{server.sparql}> ." in lines
    browser = requests.get(server.sparql, headers={"Accept": "text/html,*/*;q=0.1"}, timeout=30, allow_redirects=False)
    assert (browser.status_code, browser.headers["Location"]) == (303, "/")


def test_graphs_are_chosen_by_protocol_and_query(server: Server) -> None:
    for values in ({"default-graph-uri": "https://x.kr/none"}, {"named-graph-uri": "https://x.kr/none"}):
        form = {"query": "SELECT ?s { ?s a nk:City }", **values}
        assert requests.post(server.sparql, data=form, timeout=30).json()["results"]["bindings"] == []
    assert server.ask("ASK FROM <https://x.kr/none> { ?s a nk:City }").json()["boolean"] is False


def test_a_parameter_takes_the_place_of_its_default(server: Server) -> None:
    query = 'SELECT ?s { VALUES ?city { "가람시" } ?s rdfs:label ?l FILTER(str(?l) = ?city) }'
    for values, found in (({}, ["garam"]), ({"city": "나루시"}, ["naru"]), ({"city": 'x" "가람시'}, [])):
        rows = server.ask(query, **values).json()["results"]["bindings"]
        assert [row["s"]["value"].rpartition("/")[2] for row in rows] == found
    assert server.ask(query, town="x").status_code == 400


# What is refused


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("SELECT * {", 400, "query:1:11: KG641"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 400, "KG642"),
        ("INSERT DATA { id:x a nk:City }", 400, "KG641"),
        (ENDLESS, 503, "KG648"),
        ("SELECT ?s { ?s ?p ?o }" + " " * (1 << 20), 413, ""),
        ("", 400, "KG641"),
    ],
)
def test_a_query_that_cannot_be_answered(server: Server, query: str, status: int, told: str) -> None:
    answer = server.ask(query)
    assert answer.status_code == status and told in answer.text and "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("DELETE", "sparql", {}, 405),
        ("PUT", "sparql", {"data": b"x"}, 405),
        ("POST", "graph.ttl", {"data": b"x"}, 405),
        ("POST", "sparql", {"data": b"ASK {}", "headers": {"Content-Type": "text/plain"}}, 415),
        ("POST", "sparql", {"data": b"x", "headers": {"Content-Type": "application/sparql-update"}}, 400),
        ("POST", "sparql", {"data": {"update": "CLEAR ALL"}}, 400),
        ("POST", "sparql", {"data": b"\xff\xfe", "headers": {"Content-Type": "application/sparql-query"}}, 400),
        ("GET", "sparql", {"params": [("query", "ASK {}"), ("query", "ASK {}")]}, 400),
        ("GET", "sparql", {"params": {"query": "ASK {}", "default-graph-uri": "no iri"}}, 400),
        ("GET", "sparql", {"params": {"query": LABELS}, "headers": {"Accept": "image/png"}}, 406),
        ("GET", "secret.txt", {}, 404),
        ("GET", "%2e%2e/%2e%2e/etc/passwd", {}, 404),
        ("GET", "provenance.ttl", {}, 404),
        ("GET", "", {"headers": {"Host": "evil.example"}}, 400),
        ("GET", "sparql", {"params": {"query": "ASK {}"}, "headers": {"Host": "evil.example:80"}}, 400),
        ("POST", "sparql", {"data": {"query": "ASK {}"}, "headers": {"Origin": "https://evil.example"}}, 403),
        ("POST", "sparql", {"data": {"query": "ASK {}"}, "headers": {"Origin": "null"}}, 403),
        ("GET", "sparql", {"params": {"query": "ASK {}"}, "headers": {"Sec-Fetch-Site": "cross-site"}}, 403),
    ],
)
def test_a_request_that_is_refused(
    server: Server, method: str, path: str, options: dict[str, object], status: int
) -> None:
    answer = requests.request(method, server.address + path, timeout=30, **options)  # type: ignore[arg-type]
    assert answer.status_code == status, answer.text
    assert "Traceback" not in answer.text and "Access-Control-Allow-Origin" not in answer.headers


def test_only_this_machine_is_served(server: Server) -> None:
    listening = {line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if line.split()[3] == "0A"}
    assert [place for place in listening if place.endswith(f":{server.port:04X}")] == [f"0100007F:{server.port:04X}"]


# What is there beside


def test_the_page_and_the_editor(server: Server) -> None:
    page = requests.get(server.address + "graph.html", timeout=30)
    assert page.content.decode().endswith("<title>그래프</title>")
    editor = requests.get(server.address, timeout=30)
    policy = editor.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "<script src" in editor.text
    assert requests.get(server.address + "graph.ttl", timeout=30).content.decode() == TURTLE
    told = requests.get(server.address + "questions.json", timeout=30).json()
    assert "official-of" in [question["name"] for question in told["questions"]] and told["page"] is True
    assert all(
        r.headers["X-Content-Type-Options"] == "nosniff" for r in (page, editor)
    )


# Faults of the start, and the end


@pytest.mark.parametrize(("graph", "code"), [(None, "KG631"), ("no turtle", "KG632")])
def test_what_cannot_be_served(
    graph: str | None, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if graph is not None:
        (tmp_path / "graph.ttl").write_text(graph)
    assert run(["serve", str(tmp_path), "--port", "0"]) == 2
    assert code in capsys.readouterr().err


def test_a_port_in_use_is_said(server: Server, build: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", str(build), "--port", str(server.port)]) == 2
    assert "KG661" in capsys.readouterr().err


def test_nothing_is_left(build: Path) -> None:
    one = Server(build)
    assert one.ask("ASK {}").status_code == 200
    workers = children(one.process.pid)
    assert workers and list(one.folder.iterdir())

    def ask() -> None:
        with contextlib.suppress(requests.RequestException):
            one.ask(ENDLESS)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    time.sleep(0.5)
    begun = time.monotonic()
    assert one.end() == 0 and time.monotonic() - begun < 10  # and not as long as the query would have taken
    asking.join()
    assert not list(one.folder.iterdir())
    assert all(gone(pid) for pid in workers)


# Many clients at once


def test_200_bad_clients_keep_nobody_from_an_answer(build: Path) -> None:
    server = Server(build, "--timeout", "1")
    over = threading.Event()
    told: dict[str, list[int]] = {kind: [] for kind in ("good", "slow query", "huge", "malformed", "dripping")}
    faults: list[str] = []

    def connected() -> socket.socket:
        made = socket.create_connection(("127.0.0.1", server.port), timeout=60)
        made.settimeout(60)
        return made

    def dripping(number: int) -> None:
        head = b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500\r\n\r\n"
        with connected() as client:
            for byte in head[: 20 + number]:
                client.send(bytes([byte]))
                if over.wait(0.1):
                    break
        told["dripping"].append(0)

    def unread(number: int) -> None:
        with connected() as client:
            everything = "SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D"
            client.sendall(f"GET /sparql?query={everything} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            over.wait()

    def huge(number: int) -> None:
        with connected() as client:
            client.sendall(b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000000\r\n\r\n")
            try:
                for _ in range(200):
                    client.sendall(b"x" * 65536)
                told["huge"].append(0)
            except OSError:
                told["huge"].append(413)

    def malformed(number: int) -> None:
        junk = [b"\x00\xff" * 900, b"GET / HTTP/9\r\n\r\n", b"GET\r\n\r\n", b"POST /sparql HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 9000 + b"\r\n", b"\x16\x03\x01\x02\x00"]  # fmt: skip
        with connected() as client:
            try:
                client.sendall(junk[number % len(junk)] + b"\r\n\r\n")
                answer = client.recv(100)
                told["malformed"].append(int(answer[9:12] or 0) if answer.startswith(b"HTTP/") else 0)
            except OSError:
                told["malformed"].append(0)

    def patiently() -> requests.Response:
        """Ask as a client does that heeds a 503: of a full queue, or on a machine so busy that the time was over."""
        for _ in range(60):
            answer = server.ask(LABELS)
            if answer.status_code != 503:
                break
            time.sleep(float(answer.headers.get("Retry-After", 0.2)))
        return answer

    def slow_query(number: int) -> None:
        told["slow query"].append(server.ask(ENDLESS).status_code)

    def good(number: int) -> None:
        told["good"].append(patiently().status_code)
        told["good"].append(requests.get(server.address, timeout=60).status_code)

    def guarded(function, number: int) -> None:  # type: ignore[no-untyped-def]
        try:
            function(number)
        except Exception as error:
            faults.append(f"{function.__name__}: {error!r}")

    try:
        assert patiently().status_code == 200
        kinds = [dripping] * 80 + [unread] * 18 + [huge] * 30 + [malformed] * 30 + [slow_query] * 4 + [good] * 38
        assert len(kinds) == 200
        sizes = []
        for _ in range(2):
            over.clear()
            threads = [threading.Thread(target=guarded, args=(kind, n), daemon=True) for n, kind in enumerate(kinds)]
            for thread in threads:
                thread.start()
            for thread, kind in zip(threads, kinds, strict=True):
                if kind is good:
                    thread.join(timeout=60)
                    assert not thread.is_alive()
            over.set()
            for thread in threads:
                thread.join(timeout=60)
                assert not thread.is_alive()
            assert patiently().status_code == 200
            sizes.append(server.memory())
        assert faults == []
        assert told["good"] == [200] * 152
        assert set(told["slow query"]) == {503}
        assert set(told["huge"]) <= {413, 0} and set(told["malformed"]) <= {400, 431, 505, 0}
        assert sizes[1] < sizes[0] + (48 << 20), sizes
        files = list(server.folder.glob("*/answers/*"))
        assert files == []
    finally:
        assert server.end() == 0
