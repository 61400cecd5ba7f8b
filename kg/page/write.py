"""The page as one file: data, vis-network, script and style in it, and no way out of it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
import pyvis
from markupsafe import Markup
from pyvis.network import Network

from kg.errors import KgError, Place
from kg.page.model import PageGraph
from kg.page.places import LIMIT, Places
from kg.page.sources import STATUSES
from kg.page.triples import NK
from kg.page.views import View
from kg.page.vocabulary import Vocabulary

CHUNK = 400
"""How many records of facts or evidence one data block holds in a large page."""
PACK_ABOVE = 60_000
"""From how many characters on a data block is deflated."""

OPTIONS: dict[str, Any] = {
    "autoResize": True,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "nodes": {"shape": "dot", "physics": False},
    "edges": {
        "width": 1.2,
        "hoverWidth": 0.8,
        "selectionWidth": 1.2,
        "smooth": False,
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.45}},
        "arrowStrikethrough": False,
    },
    "interaction": {
        "hover": True,
        "hoverConnectedEdges": False,
        "selectConnectedEdges": False,
        "keyboard": False,
        "multiselect": False,
    },
}


@dataclass(frozen=True, slots=True)
class Block:
    """A data block of the page: its element's id, its text, and whether that is deflated base64."""

    id: str
    text: Markup
    packed: bool


class PageNetwork(Network):  # type: ignore[misc]
    """pyvis's network with a page of its own: nothing fetched, nothing run that the data say."""

    def __init__(self, title: str, blocks: list[Block]) -> None:
        super().__init__(directed=True, cdn_resources="in_line")
        self.title = title
        self.blocks = blocks

    def generate_html(self, name: str = "index.html", local: bool = True, notebook: bool = False) -> str:
        """Give the whole page. The arguments are pyvis's and change nothing."""
        vis, script, style = _vis_network(), _script(), _asset("page.css")
        policy = (
            f"default-src 'none'; script-src {_hash(vis)} {_hash(script)}; style-src {_hash(style)}; "
            "img-src data: blob:; base-uri 'none'; form-action 'none'"
        )
        environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
        template = environment.from_string(_asset("page.html.j2"))
        self.html = template.render(
            title=self.title,
            policy=policy,
            style=Markup(style),
            blocks=self.blocks,
            vis=Markup(vis),
            script=Markup(script),
        )
        return self.html

    def write_html(self, name: str, local: bool = True, notebook: bool = False, open_browser: bool = False) -> None:
        """Write the page in UTF-8, whole or not at all."""
        text = self.generate_html(name)
        out = Path(name)
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
        except OSError as error:
            raise KgError(
                f"cannot be written: {error.strerror}", mend="choose another path", code="KG704", place=Place(name)
            ) from None
        try:
            with open(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
            os.chmod(temporary, 0o644)
            os.replace(temporary, out)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def _asset(name: str) -> str:
    return resources.files("kg.page").joinpath("assets", name).read_text("utf-8")


def _script() -> str:
    folder = resources.files("kg.page").joinpath("assets", "js")
    parts = sorted((f for f in folder.iterdir() if f.name.endswith(".js")), key=lambda f: f.name)
    return '(() => {\n"use strict";\n' + "\n".join(p.read_text("utf-8") for p in parts) + "})();\n"


def _vis_network() -> str:
    """Give vis-network as pyvis ships it. Its style sheet is left out: the page uses none of its buttons."""
    folder = Path(pyvis.__file__).parent / "lib"
    newest = sorted(folder.glob("vis-*/vis-network.min.js"))[-1]
    text = newest.read_text("utf-8")
    return (
        text.replace("</script", "<\\/script")
        .rstrip()
        .removesuffix("//# sourceMappingURL=vis-network.min.js.map")
        .rstrip()
        + "\n"
    )


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def _block(name: str, data: object) -> Block:
    """Make a data block in which no character can end the script element or begin markup."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    if len(text) > PACK_ABOVE:
        return Block(name, Markup(base64.b64encode(zlib.compress(text.encode(), 6)).decode()), True)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Block(name, Markup(text), False)


def _day(text: str) -> int | None:
    """Give a day as days since 1970, or None if the text is no date of this calendar."""
    try:
        return date.fromisoformat(text).toordinal() - 719163
    except ValueError:
        return None


def _span(first: str, last: str) -> tuple[int, int] | tuple[None, None]:
    """Give two days as numbers; one that is no date is taken to be the other."""
    days = [day for day in (_day(first), _day(last)) if day is not None]
    return (days[0], days[-1]) if days else (None, None)


def _namespace(graph: PageGraph) -> str:
    """Give what most IRIs of things begin with; the address of the page leaves it out."""
    spaces = Counter(n.iri[: max(n.iri.rfind("/"), n.iri.rfind("#")) + 1] for n in graph.nodes)
    return min(spaces, key=lambda space: (-spaces[space], space), default="")


def _slider(days: list[int]) -> list[int] | None:
    """Give the ends of the time slider: nearly all days, if a few lie far off."""
    if len(set(days)) < 2:
        return None
    low, high = days[len(days) // 20], days[-1 - len(days) // 20]
    far = days[-1] - days[0] > 3 * (high - low) and high > low
    return [low, high] if far else [days[0], days[-1]]


def blocks(
    titles: tuple[str, str], graph: PageGraph, vocabulary: Vocabulary, views: Iterable[View], places: Places
) -> list[Block]:
    """Turn a graph into the page's data blocks: columns to draw, then facts and evidence to open.

    `titles` are the page's in Korean and in English.
    """
    classes = sorted({n.type for n in graph.nodes})
    relations = sorted(
        {e.predicate for e in graph.edges} | {f.predicate for n in graph.nodes for f in (*n.facts, *n.names)}
    )
    class_number = {iri: i for i, iri in enumerate(classes)}
    relation_number = {iri: i for i, iri in enumerate(relations)}
    status_number: Mapping[str, int] = {name: i for i, name in enumerate(STATUSES)}
    base = os.path.commonprefix([n.iri for n in graph.nodes]) if len(graph.nodes) > 1 else ""
    base = base[: max(base.rfind("/"), base.rfind("#")) + 1]
    spans = [_span(n.earliest, n.latest) for n in graph.nodes]
    edge_spans = [_span(*e.days) for e in graph.edges]
    dated = [day for span in (*spans, *edge_spans) for day in span if day is not None]
    nodes = {
        "id": [n.iri[len(base) :] for n in graph.nodes],
        "label": [n.label for n in graph.nodes],
        "en": [n.english for n in graph.nodes],
        "alias": ["\n".join(a.replace("\n", " ") for a in n.aliases) for n in graph.nodes],
        "c": [class_number[n.type] for n in graph.nodes],
        "x": [p[0] for p in places.points],
        "y": [p[1] for p in places.points],
        "w": [n.weight for n in graph.nodes],
        "st": [status_number.get(n.status, 0) for n in graph.nodes],
        "t0": [a for a, _ in spans],
        "t1": [b for _, b in spans],
        "docCount": [len(n.documents) for n in graph.nodes],
        "docs": [d for n in graph.nodes for d in n.documents],
        "unreviewed": [i for i, n in enumerate(graph.nodes) if not n.reviewed],
    }
    edges = {
        "s": [e.source for e in graph.edges],
        "p": [relation_number[e.predicate] for e in graph.edges],
        "o": [e.target for e in graph.edges],
        "st": [status_number.get(e.status, 0) for e in graph.edges],
        "docCount": [len(e.documents) for e in graph.edges],
        "docs": [d for e in graph.edges for d in e.documents],
        "t0": [a for a, _ in edge_spans] if dated else [],
        "t1": [b for _, b in edge_spans] if dated else [],
        "attested": [k for k, e in enumerate(graph.edges) if e.attested],
    }
    looks = [vocabulary.look(c) for c in classes]
    events = [int(any(a == NK + "Event" for a in vocabulary.ancestors(c))) for c in classes]
    main = {
        "titles": titles,
        "base": base,
        "space": _namespace(graph),
        "limit": LIMIT,
        "chunk": CHUNK,
        "options": OPTIONS,
        "statuses": STATUSES,
        "classes": [
            [c, *vocabulary.names(c), k.family, k.shape, e] for c, k, e in zip(classes, looks, events, strict=True)
        ],
        "relations": [[r, *vocabulary.names(r)] for r in relations],
        "docs": [[d.title, d.date, d.source, d.iri] for d in graph.documents],
        "rules": graph.rules,
        "span": [min(dated), max(dated)] if dated else None,
        "days": _slider(sorted(dated)),
        "top": places.top,
        "map": asdict(places.overview) if places.overview else None,
        "views": [asdict(v) for v in views],
        "n": nodes,
        "e": edges,
    }
    # What has no list of evidence is not shown, only copied.
    facts = [
        [[relation_number[f.predicate], f.text, f.kind, f.evidence] for f in n.facts]
        + [[relation_number[f.predicate], f.text, f.kind] for f in n.names]
        for n in graph.nodes
    ]
    evidence = [
        [e.quote, e.sentence, e.at, e.document, e.rule, e.turn, e.status, e.claimant, e.begin, e.end]
        for e in graph.evidence
    ]
    found = [_block("graph-data", main)]
    for name, records in (("node", facts), ("edge", [e.evidence for e in graph.edges]), ("evidence", evidence)):
        found += [_block(f"{name}-{i // CHUNK}", records[i : i + CHUNK]) for i in range(0, len(records), CHUNK)]
    return found
