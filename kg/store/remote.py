"""A remote store over the SPARQL 1.1 Graph Store HTTP Protocol: get, put and delete a named graph.

https://www.w3.org/TR/sparql11-http-rdf-update/. Requests speaks HTTP; who may in is said by the
environment (``KG_STORE_USER``, ``KG_STORE_PASSWORD``) or a netrc file, and never by the address.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import pyoxigraph
import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth
from requests.utils import get_netrc_auth
from urllib3.util.retry import Retry

from kg.errors import KgError, Place

_AGAIN = (429, 500, 502, 503, 504)
_TIMEOUT = (10, 300)
_ACCEPT = "application/n-triples, text/turtle;q=0.9"
_LARGE = 64 * 1024  # bytes of a body before which it is asked whether it may come
_PIECE = 1_000_000  # bytes of one body: Virtuoso's time grows with the square of a body's size, 1 MB takes 0.3 s
_COUNTS = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"


class RemoteStore:
    """A graph store at `address`, and its SPARQL endpoint `query` if it is known.

    What fails with a 429 or 5xx, or before an answer begins, is sent again up to `retries` times, after 0.5, 1, 2 …
    30 seconds or as long as the store asks for. All methods raise `KgError`: KG671 if the store cannot be reached,
    KG672 if it refuses.
    """

    def __init__(self, address: str, query: str | None = None, *, retries: int = 5, backoff: float = 0.5) -> None:
        self.address, self._query = _checked(address), query and _checked(query)
        self._session = requests.Session()
        self._session.auth = _Nobody()  # or requests would offer a netrc's password to whoever answers
        again = Retry(
            retries,
            backoff_factor=backoff,
            backoff_max=30,
            status_forcelist=_AGAIN,
            allowed_methods=None,  # every request may be sent twice: a graph is a set, and there are no blank nodes
            raise_on_status=False,
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=again))

    def __enter__(self) -> RemoteStore:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def get(self, graph: str) -> list[pyoxigraph.Triple]:
        """Give the triples of a graph, each once; none if there is no such graph."""
        answer = self._send("GET", self.address, params={"graph": graph}, headers={"Accept": _ACCEPT}, missing=True)
        if answer.status_code == 404 or not answer.content:
            return []
        media = answer.headers.get("Content-Type", "text/turtle").partition(";")[0].strip()
        form = pyoxigraph.RdfFormat.from_media_type(media) or pyoxigraph.RdfFormat.TURTLE
        try:
            return list(dict.fromkeys(quad.triple for quad in pyoxigraph.parse(input=answer.content, format=form)))
        except SyntaxError as error:
            raise self._refused(f"gave no RDF ({error})", self.address) from None

    def put(self, graph: str, lines: bytes) -> None:
        """Let a graph hold these lines of N-Triples and no others; where they are many, a piece after the other."""
        method = "PUT"
        for piece in _pieces(lines):
            self._upload(method, graph, piece)
            method = "POST"

    def add(self, graph: str, lines: bytes) -> None:
        """Add lines of N-Triples to what a graph holds."""
        for piece in _pieces(lines):
            self._upload("POST", graph, piece)

    def _upload(self, method: str, graph: str, lines: bytes) -> None:
        """Send a body; before a large one, add nothing, so that a store that wants a password asks for it now.

        Virtuoso closes the connection on a request that it refuses, and the question is lost with a body on its way.
        """
        kind = {"Content-Type": "text/turtle; charset=utf-8"}  # N-Triples is Turtle, and every store knows that name
        if len(lines) > _LARGE:
            self._answered("POST", self.address, params={"graph": graph}, headers=kind, data=b"\n")
        self._send(method, self.address, params={"graph": graph}, headers=kind, data=lines)

    def delete(self, graph: str) -> None:
        """Take a graph away; no error if it is not there."""
        self._send("DELETE", self.address, params={"graph": graph}, missing=True)

    def count(self, graphs: Iterable[str]) -> dict[str, int]:
        """Give how many triples each graph has: asked in SPARQL, or counted where no endpoint is known.

        What the answer does not tell of is counted, too, since a store may cap its rows (Debian's Virtuoso at 10,000).
        """
        counts = self._counts() if self.asks else {}
        return {graph: counts[graph] if graph in counts else len(self.get(graph)) for graph in graphs}

    @property
    def asks(self) -> bool:
        """Tell whether the store's SPARQL endpoint is known."""
        return self._query is not None

    def _counts(self) -> dict[str, int]:
        """Give how many triples each named graph has, by one query: Virtuoso takes half a minute for a graph alone."""
        assert self._query is not None
        headers = {"Accept": "application/sparql-results+json"}
        answer = self._send("POST", self._query, data={"query": _COUNTS}, headers=headers)
        try:
            rows = answer.json()["results"]["bindings"]
            return {row["g"]["value"]: int(row["n"]["value"]) for row in rows if "g" in row}
        except (ValueError, KeyError, TypeError):
            raise self._refused("gave no SPARQL results", self._query) from None

    def _send(self, method: str, address: str, *, missing: bool = False, **options: object) -> requests.Response:
        """Send a request; what is refused is an error, but for a graph that is not there if it may be `missing`."""
        answer = self._answered(method, address, **options)
        if answer.status_code >= 300 and not (missing and answer.status_code == 404):
            said = " ".join(answer.text[:300].split()) if "html" not in answer.headers.get("Content-Type", "") else ""
            raise self._refused(f"answered {answer.status_code} {answer.reason}{': ' + said if said else ''}", address)
        return answer

    def _answered(self, method: str, address: str, **options: object) -> requests.Response:
        """Send a request, with a password only after the store has asked for one and said how to give it."""
        answer = self._sent(method, address, options)
        if answer.status_code == 401 and isinstance(self._session.auth, _Nobody):
            self._session.auth = self._password(answer, address)
            answer = self._sent(method, address, options)
        if answer.status_code == 401:
            raise self._refused("refuses this name and password (401)", address)
        return answer

    def _sent(self, method: str, address: str, options: dict[str, object]) -> requests.Response:
        try:
            return self._session.request(
                method,
                address,
                timeout=_TIMEOUT,
                allow_redirects=False,
                **options,  # type: ignore[arg-type]
            )
        except requests.RequestException as error:
            raise KgError(
                f"the store cannot be reached: {_reason(error)}",
                code="KG671",
                mend="check the address, and that the store runs",
                place=Place(address),
            ) from None

    def _password(self, answer: requests.Response, address: str) -> AuthBase:
        name, password = os.environ.get("KG_STORE_USER"), os.environ.get("KG_STORE_PASSWORD")
        found = (name, password) if name and password is not None else get_netrc_auth(address)
        if found is None:
            raise self._refused("wants a name and password", address)
        scheme = answer.headers.get("WWW-Authenticate", "").lower()
        if "digest" in scheme:
            return HTTPDigestAuth(*found)
        if urlsplit(address).scheme == "http" and not _loopback(address):
            raise self._refused("wants the password unencrypted", address)
        return HTTPBasicAuth(*(text.encode() for text in found))  # RFC 7617 wants UTF-8; of text requests makes Latin-1

    def _refused(self, what: str, address: str) -> KgError:
        mend = "check the address; if it asks who you are, KG_STORE_USER and KG_STORE_PASSWORD or a netrc file tell it"
        return KgError(f"the store {what}", code="KG672", mend=mend, place=Place(address))


def _pieces(lines: bytes) -> Iterator[bytes]:
    """Cut lines into pieces of no more than `_PIECE` bytes, but for a line that is longer; at least one."""
    start = 0
    while len(lines) - start > _PIECE:
        end = lines.rfind(b"\n", start, start + _PIECE) + 1 or lines.find(b"\n", start) + 1 or len(lines)
        yield lines[start:end]
        start = end
    if start < len(lines) or not lines:
        yield lines[start:]


class _Nobody(AuthBase):
    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def _checked(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise KgError(f"no http address: {address}", code="KG671", mend="write http://… or https://…")
    if parts.username or parts.password:
        raise KgError(
            "an address holds no password, which others could read",
            code="KG671",
            mend="give KG_STORE_USER and KG_STORE_PASSWORD, or a netrc file",
        )
    return address


def _loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _reason(error: BaseException) -> str:
    """Give the innermost reason that a chain of errors has."""
    for _ in range(20):
        inner = getattr(error, "reason", None) or error.__cause__ or error.__context__
        if not isinstance(inner, BaseException):
            break
        error = inner
    return str(getattr(error, "strerror", None) or error)
