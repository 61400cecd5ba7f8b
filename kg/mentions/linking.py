"""Which lexicon hits in a sentence are names, and which entry an ambiguous one means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from kg.lexicon import Entry, Hit, Lexicon, automaton
from kg.mentions.candidates import CURATED, PLACE, Candidate
from kg.mentions.grammar import NameGrammar
from kg.model import Sentence, Span, Token

_NOUNS = frozenset({"NNG", "NNP", "NNB", "NR", "SL", "SH", "SN", "XSN", "XPN", "XR", "SW", "SP", "W_SERIAL"})
_HANGUL_OR_LETTER = re.compile(r"[가-힣A-Za-z0-9]")
_HANJA = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_SYLLABLE = re.compile(r"[가-힣]")

_LATIN_FIRST = re.compile(r"([A-Z]{2,})([가-힣]{2,})")


def _apart(lexicon: Lexicon, grammar: NameGrammar) -> dict[str, tuple[str, ...]]:
    """Give the names of firms with a space before their head noun, as they are written too: 삼성 전자 for 삼성전자."""
    apart: dict[str, tuple[str, ...]] = {}
    for surface, ids in lexicon.surfaces.items():
        if " " in surface or any(lexicon.entries[id_].type != "Company" for id_ in ids):
            continue
        for head in grammar.heads_of(surface):
            stem = surface[: -len(head.word)]
            name = f"{stem} {head.word}"
            if head.type == "Company" and len(head.word) > 1 and len(stem) > 1:
                apart[name] = ids
        if latin := _LATIN_FIRST.fullmatch(surface):  # HD 현대
            apart[f"{latin[1]} {latin[2]}"] = ids
    return {name: ids for name, ids in apart.items() if name not in lexicon.surfaces}


class Linker:
    """Judges lexicon hits by the words around them."""

    def __init__(self, lexicon: Lexicon, grammar: NameGrammar) -> None:
        self._lexicon = lexicon
        self._grammar = grammar
        self._apart = _apart(lexicon, grammar)
        self._spaced = automaton(self._apart)

    def _hits(self, text: str, sentence: Sentence) -> Iterator[Hit]:
        """Give the lexicon's hits, and those of firms written with a space before their head: 삼성 전자."""
        start, end = sentence.span
        yield from self._lexicon.match(text, start, end)
        if self._spaced is not None:
            for last, name in self._spaced.iter(text[start:end]):
                stop = start + last + 1
                yield Hit(Span(stop - len(name), stop), self._apart[name])

    def read(self, text: str, sentence: Sentence) -> Iterator[Candidate]:
        """Give the hits that stand at the edges of words or morphemes, each with all entries it may mean.

        A hit inside a longer one of the same entry is left out.
        """
        edges = _Edges(sentence, self._grammar)
        kept = [hit for hit in self._hits(text, sentence) if self._stands(text, hit, edges)]
        for hit in sorted(kept, key=lambda h: (h.span.start, -h.span.end)):
            start, end = hit.span
            longer = [o for o in kept if o.span.start <= start and end <= o.span.end and o.span != hit.span]
            longer = [o for o in longer if not self._headed(text, o.span, kept)]
            if any(set(o.ids) & set(hit.ids) for o in longer) or any(
                o.span.start < start < o.span.end < end for o in kept
            ):
                continue
            if self._headed(text, hit.span, kept):
                continue
            entries = [self._lexicon.entries[id_] for id_ in hit.ids]
            types = {entry.type for entry in entries}
            span = hit.span
            for suffix in self._grammar.also_suffix.get(min(types), ()) if len(types) == 1 else ():
                after = span.end + len(suffix)
                headed = text[span.end : after + 1] in self._grammar.posts_of  # 베이징+시장
                if (
                    text.startswith(suffix, span.end)
                    and not headed
                    and not self._of_another(entries, suffix)
                    and edges.ends(text, after)
                    and not any(o.span.end >= after and o.span.start == span.start for o in longer)
                ):
                    span = Span(span.start, after)
                    break
            curated = any(entry.curated for entry in entries)
            yield Candidate(span, min(types), "lexicon", CURATED if curated else PLACE, ids=hit.ids)
        yield from self._shortened(text, sentence, {hit.span for hit in kept})

    def _of_another(self, entries: Sequence[Entry], suffix: str) -> bool:
        """Tell whether a suffix makes the name of another place of these: 미야자키시 is a city in 미야자키현."""
        suffixes = self._grammar.also_suffix.get(entries[0].type, ())
        own = {
            s for s in suffixes for entry in entries for name in entry.surfaces if len(name) > 2 and name.endswith(s)
        }
        return bool(own) and suffix not in own

    def _headed(self, text: str, span: Span, hits: Sequence[Hit]) -> bool:
        """Tell whether the last syllable of a place belongs to the post of its head: 베이징+시장, not 베이징시+장."""
        post = text[span.end - 1 : span.end + 1]
        if not post.endswith(self._grammar.chief) or post not in self._grammar.posts_of:
            return False
        return any(hit.span == Span(span.start, span.end - 1) for hit in hits)

    def _stands(self, text: str, hit: Hit, edges: _Edges) -> bool:
        span = hit.span
        surface = span.of(text)
        curated = any(self._lexicon.entries[id_].curated for id_ in hit.ids)
        if len(surface) == 1:
            around = text[max(0, span.start - 1) : span.start] + text[span.end : span.end + 1]
            return bool(_HANJA.fullmatch(surface)) and not _HANJA.search(around)
        if not edges.begins(text, span.start) or not edges.ends(text, span.end):
            return False
        inside = edges.inside(span)
        if not _SYLLABLE.search(surface):
            return True
        if edges.verbal(span.end) and len(surface) == 2:
            return False
        if all(token.tag in _NOUNS for token in inside):
            if curated:
                return True
            return any(token.tag in {"NNP", "SL"} for token in inside) or (len(surface) > 3 and len(inside) > 1)
        at_word = span.start == 0 or not _HANGUL_OR_LETTER.match(text[span.start - 1])
        return curated and at_word and (len(surface) >= 3 or not any(t.tag[0] in "VM" for t in inside))

    def _shortened(self, text: str, sentence: Sentence, kept: Collection[Span]) -> Iterator[Candidate]:
        """Give places of which the lexicon has the full form: 영주 for 영주시, where a place must stand.

        That is right before the name of a building (영주 소수서원), as a proper noun with a place's particle, or right
        after the region that it lies in (산시성 시안).
        """
        following = dict(pairwise(sentence.words))
        for region, noun in pairwise(t for t in sentence.tokens if t.tag in _NOUNS):
            if text[region.span.end : noun.span.start] == " ":
                whole = self._lexicon.surfaces.get(region.span.of(text), ())
                for place in self._full(text, noun.span, kept) if whole else ():
                    inner = tuple(id_ for id_ in place.ids if not set(whole).isdisjoint(around(self._lexicon, id_)))
                    if inner:
                        yield replace(place, ids=inner)
        for noun, particle in pairwise(sentence.tokens):
            located = noun.tag == "NNP" and particle.tag == "JKB" and particle.form in self._grammar.place_particles
            if located and noun.span.end == particle.span.start:
                yield from self._full(text, noun.span, kept)
        for verb, ending, particle in zip(sentence.tokens, sentence.tokens[1:], sentence.tokens[2:], strict=False):
            if verb.tag == "VV" and ending.tag == "ETM" and particle.tag == "JKB":  # 지난에서 is in no 지나다
                if particle.form in self._grammar.place_particles and ending.span.end == particle.span.start:
                    yield from self._full(text, Span(verb.span.start, ending.span.end), kept)
        for word, after in following.items():
            if self._grammar.building_in(after.of(text)) is not None:
                yield from self._full(text, word, kept)

    def _full(self, text: str, span: Span, kept: Collection[Span]) -> Iterator[Candidate]:
        if len(span.of(text)) < 2 or any(span.overlaps(other) for other in kept):
            return
        ids = {
            id_
            for suffix in self._grammar.place_suffixes
            for id_ in self._lexicon.surfaces.get(span.of(text) + suffix, ())
            if self._lexicon.entries[id_].type in {"City", "Region"}
        }
        if ids:
            types = {self._lexicon.entries[id_].type for id_ in ids}
            yield Candidate(span, min(types), "lexicon", PLACE, ids=tuple(sorted(ids)))


class _Edges:
    """Where names may begin and end in a sentence, by its morphemes and characters."""

    def __init__(self, sentence: Sentence, grammar: NameGrammar) -> None:
        self._sentence = sentence
        self._starts: dict[int, Token] = {}
        self._ends: dict[int, Token] = {}
        for token in sentence.tokens:
            self._starts.setdefault(token.span.start, token)
            self._ends[token.span.end] = token
        self._after = grammar.after_name

    def begins(self, text: str, at: int) -> bool:
        """Tell whether a name may begin here: no letter before, or a morpheme's edge after a noun."""
        if at == 0 or not _HANGUL_OR_LETTER.match(text[at - 1]):
            return True
        before = self._ends.get(at)
        return before is not None and at in self._starts and before.tag in _NOUNS

    def ends(self, text: str, at: int) -> bool:
        """Tell whether a name may end here: no letter after, a morpheme's edge, or a word that may follow a name."""
        if at >= len(text) or not _HANGUL_OR_LETTER.match(text[at]):
            return True
        if at in self._starts and at in self._ends:
            return self._starts[at].tag[0] in "JNXSVE" and self._starts[at].tag not in {"VV", "VA"}
        token = next((t for t in self._sentence.tokens if t.span.start < at < t.span.end), None)
        if token is None:
            return at in self._ends or at in self._starts
        rest = text[at : token.span.end]
        return any(rest == word for word in self._after)

    def verbal(self, at: int) -> bool:
        """Tell whether a suffix that makes a verb of a noun begins here: 인도했다 is no country."""
        return at in self._starts and self._starts[at].tag == "XSV"

    def inside(self, span: Span) -> list[Token]:
        """Give the morphemes that lie in a stretch, wholly or in part."""
        return [t for t in self._sentence.tokens if t.span.start < span.end and t.span.end > span.start]


def meant(lexicon: Lexicon, text: str, candidates: Sequence[Candidate]) -> Mapping[Span, str | None]:
    """Give, for each lexicon hit of a document, the entry that it means; None for a tie.

    In order: a surface that is the entry's alone stands elsewhere in the document; its `near`
    words do, or what its facts refer to; it is the only curated one.
    """
    hits = [c for c in candidates if c.ids]
    sure = {c.ids[0] for c in hits if len(c.ids) == 1}
    related = Counter(place for id_ in sure for place in (id_, *around(lexicon, id_)))
    chosen: dict[Span, str | None] = {}
    for hit in hits:
        if len(hit.ids) == 1:
            chosen[hit.span] = hit.ids[0]
            continue
        scores = {id_: _score(lexicon, text, id_, sure, related) for id_ in hit.ids}
        best = max(scores.values())
        winners = [id_ for id_ in hit.ids if scores[id_] == best]
        if len(winners) > 1:
            curated = [id_ for id_ in winners if lexicon.entries[id_].curated]
            winners = curated or winners
        chosen[hit.span] = winners[0] if len(winners) == 1 else None
    return chosen


def _score(lexicon: Lexicon, text: str, id_: str, sure: set[str], related: Counter[str]) -> int:
    entry = lexicon.entries[id_]
    near = sum(word in text for word in entry.near)
    near_by = [place for place in around(lexicon, id_) if place in related]
    return 8 * (id_ in sure) + 2 * near + len(near_by)


def around(lexicon: Lexicon, id_: str) -> tuple[str, ...]:
    """Give the places that a place lies in, nearest first."""
    found: list[str] = []
    todo = [id_]
    while todo:
        entry = lexicon.entries.get(todo.pop(0))
        for predicate, value in entry.facts if entry else ():
            if predicate == "nk:locatedIn" and value not in found:
                found.append(value)
                todo.append(value)
    return tuple(found)
