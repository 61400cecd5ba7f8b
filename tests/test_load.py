"""kg load against real servers: Oxigraph behind a proxy that fails, asks for passwords and loses triples; Virtuoso."""

from __future__ import annotations

import itertools
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path
from random import Random

import pytest
import requests
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from benchmarks.engines import VirtuosoGraphStore
from kg.cli import run
from kg.errors import KgError
from kg.store import remote
from kg.store.loading import build_graphs, load
from kg.store.remote import RemoteStore

BASE = "https://w3id.org/newskg/id/"
NK = "https://w3id.org/newskg/ontology#"
PREFIXES = f"""@prefix id: <{BASE}> .
@prefix nk: <{NK}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
OXIGRAPH = shutil.which("oxigraph") or shutil.which("oxigraph", path=str(Path(sys.executable).parent))

PLAIN = requests.Session()
PLAIN.trust_env = False  # no netrc


class Proxy:
    """Stands before a store. `faults` are statuses that the next requests get; None lets one through."""

    def __init__(self, target: str) -> None:
        self.target, self.seen = target, list[tuple[str, str]]()
        self.reset()
        self.server = make_server("127.0.0.1", 0, self.app, threaded=True)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def reset(self) -> None:
        self.faults: list[int | None] = []
        self.lost, self.auth, self.refused = 0, "", 0  # `refused`: bytes of the largest body that was not let in
        self.open_to = ("",)
        self.seen.clear()

    @Request.application
    def app(self, request: Request) -> Response:
        body = request.get_data()
        self.seen.append((request.method, request.args.get("graph", "").removeprefix(BASE + "graph/")))
        if self.faults and (status := self.faults.pop(0)) is not None:
            return Response("무리입니다", status, headers={"Retry-After": "0"})
        if self.auth and request.method not in self.open_to and not self.let_in(request):
            self.refused = max(self.refused, len(body))
            ask = {"basic": 'Basic realm="x"', "digest": 'Digest realm="x", nonce="n", qop="auth", algorithm=MD5'}
            return Response("who?", 401, headers={"WWW-Authenticate": ask[self.auth]})
        if request.method == "PUT" and self.lost:
            body = b"".join(body.splitlines(keepends=True)[self.lost :])
        headers = {name: value for name, value in request.headers if name in ("Accept", "Content-Type")}
        answer = PLAIN.request(
            request.method, self.target + request.full_path, data=body, headers=headers, timeout=30
        )
        return Response(answer.content, answer.status_code, content_type=answer.headers.get("Content-Type"))

    def let_in(self, request: Request) -> bool:
        given = request.authorization
        if given is None or given.type != self.auth:
            return False
        if self.auth == "basic":
            return (given.username, given.password) == ("나", "비밀")
        p = given.parameters
        hashed = [md5(text.encode()).hexdigest() for text in ("me:x:secret", f"{request.method}:{p['uri']}")]
        wanted = md5(f"{hashed[0]}:n:{p['nc']}:{p['cnonce']}:auth:{hashed[1]}".encode()).hexdigest()
        return p["username"] == "me" and p["response"] == wanted


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if OXIGRAPH is None:
        pytest.skip("no oxigraph server on this machine (PyPI: oxigraph)")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("oxigraph")
    command = [OXIGRAPH, "serve", "--location", str(folder / "store"), "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 30
    while True:
        try:
            requests.get(address, timeout=5)
            break
        except requests.ConnectionError:
            assert time.monotonic() < until and process.poll() is None
            time.sleep(0.1)
    yield address
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="module")
def proxy(oxigraph: str) -> Iterator[Proxy]:
    one = Proxy(oxigraph)
    yield one
    one.server.shutdown()


@pytest.fixture
def store(proxy: Proxy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[RemoteStore]:
    """The store, empty, through the proxy."""
    PLAIN.post(proxy.target + "/update", data={"update": "CLEAR ALL"}, timeout=30).raise_for_status()
    proxy.reset()
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("KG_STORE_USER", "KG_STORE_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    with RemoteStore(proxy.address + "/store", backoff=0.01) as one:
        yield one


def write(folder: Path, documents: dict[str, list[str]]) -> Path:
    """Write a build: each document says of cities that they are near one another."""
    folder.mkdir(exist_ok=True)
    facts = {name: [f"id:{city} nk:near id:x ." for city in cities] for name, cities in documents.items()}
    cities = sorted({city for found in documents.values() for city in found})
    trig = [f"<{BASE}graph/{name}> {{\n" + "\n".join(lines) + "\n}" for name, lines in facts.items()]
    trig.append(f"<{BASE}graph/entities> {{\n" + "\n".join(f'id:{c} rdfs:label "{c} 도시"@ko .' for c in cities) + "\n}")
    (folder / "graph.trig").write_text(PREFIXES + "\n".join(trig), encoding="utf-8")
    proof = ["id:rule-a a nk:Rule ."]
    for name, found in documents.items():
        proof += [f"id:{name} a nk:Document .", f"id:{name}-m a nk:Match ; nk:inDocument id:{name} ; nk:rule id:rule-a ."]
        proof += [
            f"id:s-{city} a rdf:Statement ; rdf:subject id:{city} ; rdf:predicate nk:near ; rdf:object id:x ;"
            f" nk:evidence id:{name}-m ."
            for city in found
        ]
    (folder / "provenance.ttl").write_text(PREFIXES + "\n".join(proof), encoding="utf-8")
    (folder / "links.ttl").write_text(PREFIXES + "id:a owl:sameAs <http://www.wikidata.org/entity/Q1> .\n")
    return folder


def held(proxy: Proxy) -> dict[str, set[str]]:
    """What the store holds, graph by graph, but for the record."""
    query = {"query": "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }"}
    kind = {"Accept": "text/tab-separated-values"}
    lines = PLAIN.post(proxy.target + "/query", data=query, headers=kind, timeout=30).content.decode().splitlines()
    graphs: dict[str, set[str]] = {}
    for line in lines[1:]:
        g, s, p, o = line.split("\t")
        graphs.setdefault(g[1:-1], set()).add(f"{s} {p} {o} .\n")
    for record in ("loaded", "loaded/next"):
        graphs.pop(BASE + "graph/" + record, None)
    return graphs


def short(names: tuple[str, ...]) -> list[str]:
    return [name.removeprefix(BASE + "graph/") for name in names]


def test_a_first_load_brings_everything(store: RemoteStore, proxy: Proxy, tmp_path: Path) -> None:
    build = write(tmp_path / "b", {"d1": ["a", "b"], "d2": ["b"]})
    loaded = load(build, store)
    assert short(loaded.plan.replace) == ["d1", "d1/evidence", "d2", "d2/evidence", "entities", "links", "rules"]
    assert loaded.differing == {} and held(proxy) == build_graphs(build)[0]
    assert loaded.triples == sum(len(lines) for lines in held(proxy).values())
    assert store.get(BASE + "graph/loaded") and store.get(BASE + "graph/loaded/next") == []


def test_named_graphs_together_are_the_files(tmp_path: Path) -> None:
    graphs, _ = build_graphs(write(tmp_path / "b", {"d1": ["a", "b"], "d2": ["b"]}))
    proof = set.union(*(lines for name, lines in graphs.items() if name.endswith(("/evidence", "/rules"))))
    import pyoxigraph

    quads = pyoxigraph.parse(path=str(tmp_path / "b" / "provenance.ttl"), format=pyoxigraph.RdfFormat.TURTLE)
    assert proof == {f"{q.triple} .\n" for q in quads}
    assert len([name for name, lines in graphs.items() if any(line.startswith(f"<{BASE}s-b>") for line in lines)]) == 2


def test_only_what_changed_is_sent(store: RemoteStore, proxy: Proxy, tmp_path: Path) -> None:
    load(write(tmp_path / "b", {"d1": ["a", "b"], "d2": ["b"], "d3": ["c"]}), store)
    proxy.seen.clear()
    build = write(tmp_path / "b", {"d1": ["a", "b"], "d2": ["a"]})
    loaded = load(build, store)
    assert short(loaded.plan.replace) == ["d2", "d2/evidence", "entities"]
    assert short(loaded.plan.delete) == ["d3", "d3/evidence"]
    sent = [graph for method, graph in proxy.seen if method != "GET" and not graph.startswith("loaded")]
    assert sorted(sent) == ["d2", "d2/evidence", "d3", "d3/evidence", "entities"]
    assert held(proxy) == build_graphs(build)[0]
    proxy.seen.clear()
    assert load(build, store).plan.replace == () and {method for method, _ in proxy.seen} == {"GET"}
    assert {graph for _, graph in proxy.seen} == {"loaded", "loaded/next"}


def test_after_any_changes_the_store_holds_the_build(store: RemoteStore, proxy: Proxy, tmp_path: Path) -> None:
    random = Random(7)
    for _ in range(6):
        documents = {
            f"d{number}": random.sample("abcdef", random.randint(1, 4)) for number in random.sample(range(6), 4)
        }
        proxy.faults = [random.choice([None, None, 503]) for _ in range(20)]
        build = write(tmp_path / "b", documents)
        assert load(build, store).differing == {}
        assert held(proxy) == build_graphs(build)[0]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_store_that_is_busy_is_asked_again(status: int, store: RemoteStore, proxy: Proxy, tmp_path: Path) -> None:
    proxy.faults = [status, status, None, status, None, status]
    build = write(tmp_path / "b", {"d1": ["a"]})
    assert load(build, store).differing == {} and held(proxy) == build_graphs(build)[0]


@pytest.mark.parametrize("piece", [1_000_000, 300])
def test_a_load_that_was_broken_off_is_made_good(
    piece: int, store: RemoteStore, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At any request, between two pieces of a graph or of the record too; by whatever is loaded next."""
    monkeypatch.setattr(remote, "_PIECE", piece)
    monkeypatch.setattr(remote, "_LARGE", piece)
    first = write(tmp_path / "1", {"d1": ["a", "b", "c", "d"], "d2": ["b"]})
    second = write(tmp_path / "2", {"d1": ["c", "d", "e", "f"], "d3": ["d"]})
    broken, after = True, 1
    while broken:
        load(first, store)
        assert held(proxy) == build_graphs(first)[0]
        proxy.faults = [None] * after + [403]
        try:
            load(second, store)
        except KgError as error:
            assert error.code == "KG672"
        broken, proxy.faults = not proxy.faults, []
        if after % 2:
            load(second, store)
            assert held(proxy) == build_graphs(second)[0]
        after += 3 if piece == 300 and after < 30 else 1
    assert after > (40 if piece == 300 else 15)


@pytest.mark.parametrize("lines", [b"", b"a\n", b"a\nbb\nccc\n", b"a\nbb\nccc", b"cccccccccccccc\n\na\n", b"a\n" * 99])
@pytest.mark.parametrize("size", [1, 2, 5, 6, 1_000])
def test_pieces_are_whole_lines(lines: bytes, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "_PIECE", size)
    pieces = list(remote._pieces(lines))
    assert b"".join(pieces) == lines and len(pieces) >= 1
    for piece, following in itertools.pairwise(pieces):
        assert piece.endswith(b"\n") and following
        assert len(piece) <= size or piece.count(b"\n") == 1
        assert len(piece + following.partition(b"\n")[0]) >= size, "no smaller than it need be"


@pytest.mark.parametrize("open_to", ["", "GET"])
def test_a_store_asks_who_before_a_large_body_comes(
    open_to: str, store: RemoteStore, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Virtuoso closes the connection on what it refuses; some let everybody read and ask only writers."""
    monkeypatch.setenv("KG_STORE_USER", "me")
    monkeypatch.setenv("KG_STORE_PASSWORD", "secret")
    proxy.auth, proxy.open_to = "digest", (open_to,)
    lines = b"".join(b"<https://x.kr/%d> <https://x.kr/p> <https://x.kr/o> .\n" % number for number in range(30_000))
    store.put(BASE + "graph/large", lines)
    assert proxy.refused <= 1 and [method for method, _ in proxy.seen].count("PUT") == 1
    assert store.count([BASE + "graph/large"]) == {BASE + "graph/large": 30_000}
    proxy.auth = "basic"  # as if what was said before held no longer
    with pytest.raises(KgError, match="refuses this name and password"):
        store.put(BASE + "graph/large", lines)
    assert proxy.refused <= 1


def test_what_a_capped_answer_leaves_out_is_counted(proxy: Proxy, store: RemoteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, count in (("a", 1), ("b", 2), ("c", 3)):
        store.put(f"urn:{name}", b"".join(b"<urn:x> <urn:p> <urn:%d> .\n" % number for number in range(count)))
    monkeypatch.setattr(remote, "_COUNTS", remote._COUNTS + " ORDER BY ?g LIMIT 1")
    with RemoteStore(proxy.address + "/store", proxy.address + "/query") as counting:
        assert counting.count(["urn:c", "urn:a", "urn:none"]) == {"urn:c": 3, "urn:a": 1, "urn:none": 0}


def test_lost_triples_are_noticed_and_made_good(
    store: RemoteStore, proxy: Proxy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build = write(tmp_path / "b", {"d1": ["a", "b", "c"]})
    proxy.lost = 1
    assert run(["load", proxy.address + "/store", "-g", str(build)]) == 1
    assert f"{BASE}graph/d1: 2 triples in the store, 3 in the build" in capsys.readouterr().err
    proxy.lost = 0
    assert load(build, store).differing == {} and held(proxy) == build_graphs(build)[0]


def test_a_store_changed_by_hand_is_noticed_by_its_counts(proxy: Proxy, store: RemoteStore, tmp_path: Path) -> None:
    build = write(tmp_path / "b", {"d1": ["a"], "d2": ["b"]})
    load(build, store)
    store.put(BASE + "graph/d2", b"<https://x.kr/a> <https://x.kr/b> <https://x.kr/c> , <https://x.kr/d> .")
    assert load(build, store).plan.replace == ()
    with RemoteStore(proxy.address + "/store", proxy.address + "/query") as counting:
        assert short(load(build, counting).plan.replace) == ["d2"]
    assert held(proxy) == build_graphs(build)[0]
    assert len(load(build, store, everything=True).plan.replace) == 7


def test_what_else_is_in_the_store_stays(store: RemoteStore, proxy: Proxy, tmp_path: Path) -> None:
    store.put("https://x.kr/mine", b"<https://x.kr/a> <https://x.kr/b> <https://x.kr/c> .")
    load(write(tmp_path / "b", {"d1": ["a"]}), store)
    load(write(tmp_path / "b", {"d2": ["a"]}), store, evidence=False, links=False)
    assert sorted(held(proxy)) == [BASE + "graph/d2", BASE + "graph/entities", "https://x.kr/mine"]


@pytest.mark.parametrize("source", ["environment", "netrc"])
@pytest.mark.parametrize(("auth", "name", "password"), [("basic", "나", "비밀"), ("digest", "me", "secret")])
def test_a_store_that_asks_who(
    auth: str, name: str, password: str, source: str,
    store: RemoteStore, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    build = write(tmp_path / "b", {"d1": ["a"]})
    proxy.auth = auth
    with pytest.raises(KgError, match="wants a name and password"):
        load(build, store)
    if source == "netrc":
        (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login {name} password {password}\n", encoding="utf-8")
    else:
        monkeypatch.setenv("KG_STORE_USER", name)
        monkeypatch.setenv("KG_STORE_PASSWORD", password)
    assert load(build, store).differing == {}
    assert held(proxy) == build_graphs(build)[0]


def test_a_wrong_password_is_refused_and_not_shown(
    store: RemoteStore, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy.auth = "basic"
    monkeypatch.setenv("KG_STORE_USER", "나")
    monkeypatch.setenv("KG_STORE_PASSWORD", "틀린것")
    with pytest.raises(KgError) as caught:
        load(write(tmp_path / "b", {"d1": ["a"]}), store)
    assert caught.value.code == "KG672" and "refuses this name and password" in str(caught.value)
    assert "401" in str(caught.value) and "틀린것" not in str(caught.value)


def test_no_password_goes_unencrypted_to_another_machine() -> None:
    answer = requests.Response()
    answer.headers["WWW-Authenticate"] = "Basic"
    with RemoteStore("http://192.0.2.1/store") as store, pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_STORE_USER", "a")
        patch.setenv("KG_STORE_PASSWORD", "b")
        with pytest.raises(KgError, match="unencrypted"):
            store._password(answer, store.address)
        assert store._password(answer, "http://127.0.0.1/store")
        assert store._password(answer, "https://192.0.2.1/store")


def test_the_command(
    store: RemoteStore, proxy: Proxy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build = str(write(tmp_path / "b", {"d1": ["a"]}))
    address = proxy.address + "/store"
    assert run(["load", address, "-g", build, "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert f"replace {BASE}graph/d1\n" in told and "5 graphs to replace, 0 to delete, 0 unchanged" in told
    assert held(proxy) == {}
    assert run(["load", address, "-g", build, "--json", "--query", proxy.address + "/query"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert len(report["replaced"]) == 5 and report["differing"] == {} and report["triples"] == 13
    assert run(["load", address, "-g", build, "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("localhost:7878/store", "KG671"),
        ("ftp://x.kr/store", "KG671"),
        ("http://127.0.0.1:9/store", "KG671"),
        ("http://a:b@127.0.0.1/store", "KG671"),
    ],
)
def test_an_address_that_leads_nowhere(
    address: str, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build = write(tmp_path / "b", {"d1": ["a"]})
    assert run(["load", address, "-g", str(build), "--retries", "0"]) == 2
    assert code in capsys.readouterr().err


def test_a_build_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["load", "http://127.0.0.1:9/store", "-g", str(tmp_path)]) == 2
    assert "KG673" in capsys.readouterr().err
    (tmp_path / "graph.trig").write_text("broken")
    assert run(["load", "http://127.0.0.1:9/store", "-g", str(tmp_path)]) == 2
    assert "KG632" in capsys.readouterr().err


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if shutil.which("virtuoso-t") is None:
        pytest.skip("no virtuoso-t on this machine (Debian: virtuoso-opensource-7-bin)")
    folder = tmp_path_factory.mktemp("virtuoso")
    engine = VirtuosoGraphStore(folder)
    engine.obtain()
    with engine.running(folder, folder) as address:
        yield address


def test_virtuoso_takes_a_load(
    virtuoso: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its digest and its dislike of large bodies: a graph of 3 MB among the others."""
    monkeypatch.setenv("KG_STORE_USER", "dba")
    monkeypatch.setenv("KG_STORE_PASSWORD", "틀린것")
    address, endpoint = virtuoso + "/sparql-graph-crud-auth", virtuoso + "/sparql"
    many = [f"city{number}" for number in range(4_000)]
    build = write(tmp_path / "b", {"d1": ["a", "b"], "d2": ["b"], "d3": ["c"]})
    assert run(["load", address, "-g", str(build), "--query", endpoint]) == 2
    assert "KG672" in (told := capsys.readouterr().err) and "401" in told and "틀린것" not in told

    monkeypatch.setenv("KG_STORE_PASSWORD", "dba")
    loaded = [write(tmp_path / "b", {"d1": ["a", "b"], "d2": ["b"], "d3": many})]
    assert len("".join(build_graphs(loaded[0])[0][BASE + "graph/d3/evidence"])) > 2_500_000
    with RemoteStore(address, endpoint) as store, RemoteStore(address) as getting:
        assert load(loaded[0], store).differing == {}
        wanted = build_graphs(loaded[0])[0]
        assert getting.count(wanted) == store.count(wanted) == {name: len(lines) for name, lines in wanted.items()}
        assert {f"{triple} .\n" for triple in store.get(BASE + "graph/d3")} == wanted[BASE + "graph/d3"]
        for counting in (store, getting):
            assert load(loaded[0], counting).plan.replace == ()

        write(tmp_path / "b", {"d1": ["a", "c"], "d3": many[:-1] + ["a"]})
        changed = load(build, store)
        assert short(changed.plan.replace) == ["d1", "d1/evidence", "d3", "d3/evidence", "entities"]
        assert short(changed.plan.delete) == ["d2", "d2/evidence"] and changed.differing == {}
        assert getting.count(wanted)[BASE + "graph/d2"] == 0
        assert {f"{triple} .\n" for triple in store.get(BASE + "graph/d1")} == build_graphs(build)[0][BASE + "graph/d1"]
