"""A text as given to a `Document`: NFC, SHA-256, and what its lines say about it."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path
from unicodedata import normalize

from kg.model import Document
from kg.text.furniture import load
from kg.text.layout import layout


def from_text(
    text: str,
    id: str = "text",
    *,
    title: str | None = None,
    published: date | None = None,
    modified: date | None = None,
    source: str = "",
    grammar: tuple[Path, ...] = (),
    notes: tuple[str, ...] = (),
) -> Document:
    """Give the document that `text` is.

    What the caller knows (`title`, `published`, `modified`) counts more than what the lines
    of the text say. `grammar` names folders whose ``furniture.yaml`` is heeded besides the
    shipped one. Offsets are code points of the NFC form; `offset_map` leads back to `text`.

    >>> document = from_text("부산시, 새 항로 개설\\n\\n입력 2019.12.01 15:26\\n\\n부산시가 새 항로를 열었다.")
    >>> document.title, str(document.published), [span.of(document.text) for span in document.body]
    ('부산시, 새 항로 개설', '2019-12-01', ['부산시가 새 항로를 열었다.'])
    """
    nfc = normalize("NFC", text)
    seen = layout(nfc, load(grammar), title=normalize("NFC", title) if title else None)
    return Document(
        id=normalize("NFC", id),
        text=nfc,
        sha256=sha256(nfc.encode("utf-8", errors="surrogatepass")).hexdigest(),
        title=title or (seen.title.of(nfc) if seen.title else None),
        title_span=seen.title,
        published=published or seen.published,
        modified=modified or seen.modified,
        source=source,
        dateline=seen.dateline,
        body=seen.body,
        notes=notes,
    )
