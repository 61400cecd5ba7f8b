"""What `kg explain` saw, as one HTML file: no script, nothing from elsewhere, all text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError, Place
from kg.model import Extraction, Mention

if TYPE_CHECKING:
    from kg.extract import Explanation

_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.3rem}h2{font-size:1.05rem;margin-top:2rem}
.text{font-size:1.15rem;line-height:2.4}
mark{background:#1c6dd022;color:inherit;border-bottom:2px solid #1c6dd0;padding:.1em 0}
mark small{font-size:.65em;opacity:.8;margin:0 .25em}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.25rem .6rem;border-bottom:1px solid #8886}
.no{font-weight:600}.scroll{overflow-x:auto}
"""


def write_explanation(explanation: Explanation, file: Path) -> None:
    """Write the page of an explanation.

    Raises:
        KgError: KG412, the file cannot be written.
    """
    try:
        file.write_text(explanation_html(explanation), encoding="utf-8", newline="\n")
    except OSError as error:
        raise KgError(
            f"cannot be written: {error.strerror}", mend="choose another path", code="KG412", place=Place(str(file))
        ) from None


def explanation_html(explanation: Explanation) -> str:
    """Give the page: the text with its names marked, morphemes, clauses, each rule's elements, statements, advice."""
    read = explanation.extraction
    text = read.document.text
    parts = [f'<p class="text">{_marked(read)}</p>', *_section("Morphemes", _morphemes(read))]
    clauses = (
        (
            clause.predicate.of(text),
            clause.lemma,
            f"{clause.voice}, {clause.form}",
            clause.status or ("denied" if clause.denied else clause.mood),
            "; ".join(f"{a.role} {a.phrase.of(text)}|{a.particle} ({a.via})" for a in clause.roles),
        )
        for clause in read.clauses
    )
    if explanation.place:
        parts.insert(0, f"<p>{escape(str(explanation.place))}</p>")
    parts += _section("Clauses", _table(("words", "predicate", "turn", "status", "roles"), clauses))
    for attempt in explanation.attempts:
        steps = ((s.element, s.wanted, s.found or "nothing", "ok" if s.ok else "NO") for s in attempt.steps)
        verdict = "fired" if attempt.fired else "did not fire"
        table = _table(("element", "wanted", "found", ""), steps)
        parts += _section(f"{attempt.rule} at {attempt.words}: {verdict}", table)
    said = "".join(f"<li>{escape(line)}</li>" for line in explanation.statements)
    parts += _section("Statements", f"<ul>{said}</ul>" if said else "<p>none</p>")
    if explanation.advice:
        parts += _section("Smallest change", f"<p>{escape(explanation.advice)}</p>")
    title = escape(explanation.rule or "kg explain")
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="ko"><head>{head}<style>{_STYLE}</style></head>\n'
        f"<body><h1>{title}</h1>\n{body}\n</body></html>\n"
    )


def _section(title: str, content: str) -> Iterator[str]:
    yield f"<h2>{escape(title)}</h2>"
    yield f'<div class="scroll">{content}</div>'


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    def cells(row: Iterable[str], tag: str) -> str:
        return "".join(f"<{tag}{' class=no' if cell == 'NO' else ''}>{escape(cell)}</{tag}>" for cell in row)

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return f"<table><tr>{cells(heads, 'th')}</tr>{body}</table>" if body else "<p>none</p>"


def _morphemes(read: Extraction) -> str:
    lines = (" ".join(f"{t.form}/{t.tag}" for t in sentence.tokens) for sentence in read.sentences)
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _marked(read: Extraction) -> str:
    """Mark the outermost mentions in the text, each with its class."""
    text, at, out = read.document.text, 0, []
    outer: list[Mention] = []
    for mention in sorted(read.mentions, key=lambda m: (m.span.start, -m.span.end, m.type)):
        if not outer or mention.span.start >= outer[-1].span.end:
            outer.append(mention)
    for mention in outer:
        out.append(escape(text[at : mention.span.start]))
        out.append(f"<mark>{escape(mention.span.of(text))}<small>{escape(mention.type)}</small></mark>")
        at = mention.span.end
    return "".join(out) + escape(text[at:])
