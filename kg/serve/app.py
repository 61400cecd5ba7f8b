"""The web application: the editor, the endpoint, the page and the files of a build."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

from werkzeug.exceptions import Forbidden, HTTPException, MethodNotAllowed, NotFound, ServiceUnavailable
from werkzeug.utils import send_file
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import wrap_file

from kg.errors import KgError
from kg.serve.pool import Busy, Pool
from kg.serve.protocol import answered, asked, described
from kg.store import Question
from kg.store.worker import Abandoned

MOST = 256 << 20
"""Bytes of the largest answer."""
ASSETS = {"": "editor.html", "editor.css": "editor.css", "editor.js": "editor.js"}
FILES = {
    "graph.html": "text/html",
    "graph.ttl": "text/turtle",
    "graph.trig": "application/trig",
    "provenance.ttl": "text/turtle",
    "links.ttl": "text/turtle",
    "void.ttl": "text/turtle",
    "graph.jsonld": "application/ld+json",
    "graph.nq": "application/n-quads",
    "graph.graphml": "application/xml",
    "build.json": "application/json",
}
"""Files of a build that are given, with their media types."""
_HOSTS = ["127.0.0.1", "localhost"]
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_STATUS = {"KG643": 500, "KG648": 503, "KG649": 503}  # what the server refuses; all else is the query's fault


class _Request(Request):
    trusted_hosts = _HOSTS  # another name for loopback is a page of another site (DNS rebinding)
    max_form_memory_size = None  # the server bounds the body


class Application:
    """WSGI application of a build.

    `answers` is a folder for answers on their way out, `size` the number of triples, `prefixes` what a query
    need not declare.
    """

    def __init__(
        self,
        build: Path,
        pool: Pool,
        answers: Path,
        prefixes: Mapping[str, str],
        size: int,
        questions: Mapping[str, Question],
    ) -> None:
        self._build, self._pool, self._answers, self._size = Path(build), pool, answers, size
        self._assets = {
            path: resources.files("kg.serve").joinpath("assets", name).read_bytes() for path, name in ASSETS.items()
        }
        told = {
            "prefixes": dict(prefixes),
            "page": (self._build / "graph.html").is_file(),
            "timeout": pool.timeout,
            "triples": size,
            "questions": [{**question.as_dict(), "sparql": question.sparql} for question in questions.values()],
        }
        self._questions = json.dumps(told, ensure_ascii=False).encode()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        request = _Request(environ)
        try:
            response = self._response(request, environ)
        except HTTPException as error:
            response = Response(f"{error.description}\n", error.code, mimetype="text/plain")
            if isinstance(error, MethodNotAllowed):
                response.headers["Allow"] = ", ".join(error.valid_methods or ())
            if isinstance(error, ServiceUnavailable):
                response.headers["Retry-After"] = "1"
        except KgError as error:
            response = Response(f"{error}\n", _STATUS.get(error.code, 400), mimetype="text/plain")
        except Abandoned:
            response = Response(status=503)  # nobody is there to read it
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response(environ, start_response)

    def _response(self, request: _Request, environ: dict[str, Any]) -> Response:
        host = request.host  # raises SecurityError (400) if it is none of ours
        origin = request.headers.get("Origin")
        if origin not in (None, f"http://{host}") or request.headers.get("Sec-Fetch-Site") == "cross-site":
            raise Forbidden("the page of another site may not ask")
        path = request.path.removeprefix("/")
        if path == "sparql":
            return self._sparql(request, environ)
        if request.method not in ("GET", "HEAD"):
            raise MethodNotAllowed(["GET", "HEAD"])
        if path in self._assets:
            kind = {"css": "text/css", "js": "text/javascript"}.get(path.rpartition(".")[2], "text/html")
            return Response(self._assets[path], mimetype=kind)
        if path == "questions.json":
            return Response(self._questions, mimetype="application/json")
        file = self._build / path
        if path not in FILES or not file.is_file():
            raise NotFound("there is no such page here")
        response = send_file(file, environ, FILES[path], conditional=True, max_age=0)
        if path == "graph.html":  # it says itself what it may do, and needs nothing from here
            response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
        return response

    def _sparql(self, request: _Request, environ: dict[str, Any]) -> Response:
        question = asked(request)
        if question is None:
            if request.accept_mimetypes.best_match(["text/turtle", "text/html"]) == "text/html":
                return Response(status=303, headers={"Location": "/"})
            media, body = described(request, self._size)
            return Response(body, content_type=_content_type(media), headers={"Vary": "Accept"})
        file = self._answers / secrets.token_hex(16)
        try:
            media = self._pool.call(
                partial(answered, question=question, file=file, most=MOST),
                environ.get("waitress.client_disconnected"),
            )
            stream, length = file.open("rb"), file.stat().st_size
        except Busy:
            raise ServiceUnavailable("too many queries wait already; ask again in a moment") from None
        finally:  # a worker that was ended left it behind
            file.unlink(missing_ok=True)
        # A file is sent by the server's own loop: who reads slowly holds up nobody.
        return Response(
            wrap_file(environ, stream),
            content_type=_content_type(media),
            headers={"Content-Length": str(length), "Vary": "Accept", "Cache-Control": "no-store"},
            direct_passthrough=True,
        )


def _content_type(media: str) -> str:
    return f"{media}; charset=utf-8" if media.startswith("text/") else media
