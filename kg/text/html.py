"""A web page to plain text: the article's paragraphs, with what its head says about it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kg.text.layout import parse_day

_DROP = (
    "script",
    "style",
    "noscript",
    "template",
    "nav",
    "aside",
    "footer",
    "form",
    "button",
    "select",
    "iframe",
    "svg",
    "figure",
    "figcaption",
    "menu",
    "dialog",
    "object",
    "video",
    "audio",
    "head",
)
_ARTICLE = ('[itemprop="articleBody"]', "article", '[role="article"]', "main", '[role="main"]')
_BLOCK = frozenset(
    "address article blockquote body br center dd div dl dt fieldset h1 h2 h3 h4 h5 h6 header hr li main ol p pre"
    " section table tbody td tfoot th thead tr ul".split()
)
DEEPEST = 20_000
"""Elements open at once; pages that people read have some dozens."""
_TAG = re.compile(
    r"<(/?)(?!(?:area|base|br|col|dd|dt|embed|hr|img|input|li|link|meta|option|p|param|source|td|th|tr|track|wbr)\b)[a-z]",
    re.IGNORECASE,
)
_PUBLISHED = (
    "article:published_time",
    "datePublished",
    "og:article:published_time",
    "date",
    "pubdate",
    "DC.date.issued",
    "dcterms.created",
)
_MODIFIED = ("article:modified_time", "dateModified", "og:updated_time", "lastmod", "dcterms.modified")


@dataclass(frozen=True, slots=True)
class Page:
    """What a web page gives: its text, a paragraph a line, the title first if it is known."""

    text: str
    title: str | None
    published: date | None
    modified: date | None
    url: str | None


def looks_like_html(text: str) -> bool:
    """Tell whether a text of unknown kind begins as HTML does."""
    return (
        re.match(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article)\b", text[:2000], re.I | re.S)
        is not None
    )


def too_deep(markup: str) -> bool:
    """Tell whether more elements are open at once than `DEEPEST`; a parser takes time by their number for each tag.

    >>> too_deep("<div>" * 20_001), too_deep("<div><br></div>" * 20_001)
    (True, False)
    """
    depth = 0
    for tag in _TAG.finditer(markup):
        if tag[1]:
            depth = max(0, depth - 1)
        else:
            depth += 1
            if depth > DEEPEST:
                return True
    return False


def declared_encoding(raw: bytes) -> str | None:
    """Give the encoding that the first kilobyte of a page declares, if any."""
    match = re.search(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,20})""", raw[:1024], re.I)
    return match[1].decode("ascii", errors="replace").lower() if match else None


def page(markup: str) -> Page:
    """Read a web page.

    The article is what ``itemprop="articleBody"``, ``article`` or ``main`` holds, or else the
    body; menus, forms, figures and scripts are left out. Dates are of the head's ``meta``, of
    JSON-LD, or of ``time``.

    >>> page("<title>항로 개설</title><nav>메뉴</nav><p>부산시가 새 항로를 <b>열었다</b>.</p>").text
    '항로 개설\\n\\n부산시가 새 항로를 열었다.'
    """
    tree = LexborHTMLParser(markup)
    metas = _metas(tree)
    linked = _linked_data(tree)
    title = _title(tree, metas)
    url = next((node.attributes.get("href") for node in tree.css('link[rel="canonical"]')), None) or metas.get("og:url")
    published = parse_day(
        next((metas[k] for k in _PUBLISHED if k in metas), None) or linked.get("datePublished") or _time(tree) or ""
    )
    modified = parse_day(next((metas[k] for k in _MODIFIED if k in metas), None) or linked.get("dateModified") or "")
    article = _article(tree)
    paragraphs = list(_paragraphs(article)) if article is not None else []
    if title and paragraphs and " ".join(paragraphs[0].split()) == title:
        paragraphs = paragraphs[1:]
    body = "\n".join(paragraphs)
    return Page(f"{title}\n\n{body}" if title and body else body, title, published, modified, url)


def _metas(tree: LexborHTMLParser) -> dict[str, str]:
    metas: dict[str, str] = {}
    for node in tree.css("meta"):
        name = node.attributes.get("property") or node.attributes.get("name") or node.attributes.get("itemprop")
        content = node.attributes.get("content")
        if name and content:
            metas.setdefault(name, content.strip())
    return metas


def _linked_data(tree: LexborHTMLParser) -> dict[str, str]:
    """Give the dates of the page's JSON-LD."""
    found: dict[str, str] = {}
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            content: Any = json.loads(node.text() or "")
        except (ValueError, RecursionError):
            continue
        for item in content if isinstance(content, list) else [content]:
            for key in ("datePublished", "dateModified"):
                if isinstance(item, dict) and isinstance(item.get(key), str):
                    found.setdefault(key, item[key])
    return found


def _title(tree: LexborHTMLParser, metas: dict[str, str]) -> str | None:
    """Give the headline: an ``h1`` that makes up most of the page's title, or that title without the site's name."""
    title = tree.css_first("title")
    named = " ".join((metas.get("og:title") or (title.text() if title else "")).split())
    headings = [heading for node in tree.css("h1") if (heading := " ".join(node.text().split()))]
    if not named:
        return max(headings, key=len, default=None)
    within = [heading for heading in headings if heading in named and 2 * len(heading) >= len(named)]
    if within:
        return max(within, key=len)
    site = metas.get("og:site_name")
    return re.sub(rf"\s*[-|:<–—]+\s*{re.escape(site)}\s*$", "", named) or named if site else named


def _time(tree: LexborHTMLParser) -> str | None:
    return next((value for node in tree.css("time[datetime]") if (value := node.attributes.get("datetime"))), None)


def _article(tree: LexborHTMLParser) -> LexborNode | None:
    for selector in _ARTICLE:
        nodes = tree.css(selector)
        if nodes:
            return max(_outermost(nodes), key=lambda node: len(node.text()))
    return tree.body


def _outermost(nodes: Sequence[LexborNode]) -> Iterator[LexborNode]:
    """Give the nodes that lie in no other of them, which says no more; every node above is looked at once."""
    found = {node.mem_id for node in nodes}
    inside: dict[int, bool] = {}
    for node in nodes:
        path: list[int] = []
        above = node.parent
        while above is not None and above.mem_id not in found and above.mem_id not in inside:
            path.append(above.mem_id)
            above = above.parent
        within = above is not None and (above.mem_id in found or inside[above.mem_id])
        inside.update(dict.fromkeys(path, within))
        if not within:
            yield node


def _paragraphs(root: LexborNode) -> Iterator[str]:
    """Give the text of `root`, one item a block or line break, white space collapsed."""
    pieces: list[str] = []
    for kind, value in _events(root):
        if kind == "text":
            pieces.append(value)
        elif line := " ".join("".join(pieces).split()):
            yield line
            pieces = []
        else:
            pieces = []
    if line := " ".join("".join(pieces).split()):
        yield line


def _events(root: LexborNode) -> Iterator[tuple[str, str]]:
    """Walk the tree without recursion (pages nest thousands deep): texts, and block borders."""
    node, inside = root.first_child, True
    while node is not None:
        name = node.tag or ""
        if inside:
            if name == "-text":
                yield "text", node.text_content or ""
            elif name in _BLOCK:
                yield "border", name
            if name not in _DROP and node.first_child is not None:
                node = node.first_child
                continue
        if name in _BLOCK:
            yield "border", name
        if node.next is not None:
            node, inside = node.next, True
            continue
        node, inside = node.parent, False
        if node is None or node.mem_id == root.mem_id:
            return
