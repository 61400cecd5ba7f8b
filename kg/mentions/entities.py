"""From candidates to mentions: one key for one thing, with all of its names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from kg.lexicon import Lexicon
from kg.mentions.candidates import Candidate
from kg.mentions.grammar import BODIES, EVENTS, PEOPLE, PLACES, NameGrammar
from kg.mentions.recurrence import Alias
from kg.mentions.reference import Earlier
from kg.mentions.together import Together
from kg.model import Document, Entity, Mention, Span

_QUOTES = re.compile(r"[\"'‘’“”<>〈〉《》「」『』【】]")
_DATED = re.compile(r"(?:19|20)\d\d ?(\D.+)")
_DOTS = re.compile(r"[·ㆍᆞ・‧]")


@lru_cache(maxsize=20_000)
def normalised(name: str) -> str:
    """Give the form of a name that keys use: NFKC, no white space or quotes, one kind of middle dot.

    >>> normalised("인공지능 산업공동체") == normalised("인공지능산업공동체")
    True
    """
    name = _DOTS.sub("·", name)
    return re.sub(r"\s+", "", _QUOTES.sub("", unicodedata.normalize("NFKC", name)))


@lru_cache(maxsize=20_000)
def language(surface: str) -> str:
    """Guess the language tag of a surface by its letters.

    Hanja that KS X 1001 has may be Korean; those that only GB 2312 has are simplified Chinese.

    >>> [language(s) for s in ("화웨이", "AI", "釜山", "科大讯飞")]
    ['ko', 'en', 'ko-hani', 'zh-hans']
    """
    if re.search(r"[가-힣]", surface):
        return "ko"
    if not re.search(r"[\u3400-\u9fff\uf900-\ufaff]", surface):
        return "en" if re.search(r"[A-Za-z]", surface) else "ko"
    for codec, tag in (("euc_kr", "ko-hani"), ("gb2312", "zh-hans")):
        try:
            surface.encode(codec)
        except UnicodeEncodeError:
            continue
        return tag
    return "zh-hant"


class EntityMaker:
    """Gives each candidate of a document its entity."""

    def __init__(
        self,
        lexicon: Lexicon,
        document: Document,
        chosen: Mapping[Span, str | None],
        aliases: Sequence[Alias],
        grammar: NameGrammar,
    ) -> None:
        self._lexicon = lexicon
        self._document = document
        self._chosen = chosen
        self._aliases = aliases
        self._grammar = grammar
        self._told: tuple[Sequence[Candidate], dict[Candidate, Candidate]] | None = None

    def mentions(self, found: Sequence[Candidate], together: Sequence[Together] = ()) -> tuple[Mention, ...]:
        """Give the mentions, sorted by span, longer ones first; those of `together` once for each thing."""
        text = self._document.text
        target = self._targets(found)
        keys = {c: self._key(c) for c in (*found, *(c for words in together for c in words.of))}
        types = self._types(found, keys)
        surfaces: dict[str, dict[str, None]] = {}
        by_span: dict[Span, Candidate] = {}
        for candidate in found:
            root = target[candidate]
            by_span.setdefault(candidate.span, candidate)
            if not candidate.back and not candidate.private and candidate.found != "address":
                written = candidate.name or candidate.span.of(text)
                surfaces.setdefault(self._final(root, keys, types), {})[written] = None
        for alias in self._aliases:
            outer = by_span.get(alias.outer)
            if outer is not None:
                surfaces.setdefault(self._final(target[outer], keys, types), {})[alias.surface] = None
        made: dict[tuple[Span, str], Mention] = {}
        for candidate in found:
            root = target[candidate]
            entity = self._entity(root, self._final(root, keys, types), types.get(keys[root], root.type), surfaces)
            made.setdefault(
                (candidate.span, entity.type), Mention(candidate.span, entity.type, entity, None, candidate.found)
            )
        several: list[Mention] = []
        for words in together:
            for candidate in words.of:
                root = target.get(candidate, candidate)
                type_ = types.get(keys[root], root.type)
                entity = self._entity(root, self._final(root, keys, types), type_, surfaces)
                several.append(Mention(words.span, entity.type, entity, None, "anaphor", together=True))
        return tuple(sorted([*made.values(), *several], key=lambda m: (m.span.start, -m.span.end, m.type)))

    def identities(self, found: Sequence[Candidate]) -> Callable[[Candidate], str]:
        """Give what tells whether two candidates are of one thing: the key of that which each goes back to."""
        target = self._targets(found)
        return lambda candidate: self._key(target[candidate])

    def _targets(self, found: Sequence[Candidate]) -> dict[Candidate, Candidate]:
        """Map each candidate to the one that it is another name of, in the end; told once for the same candidates."""
        if self._told is not None and self._told[0] is found:
            return self._told[1]
        same = self._same(found)
        target: dict[Candidate, Candidate] = {}
        for candidate in found:
            seen = candidate
            for _ in range(4):
                if seen not in same:
                    break
                seen = same[seen]
            target[candidate] = seen
        self._told = found, target
        return target

    def _same(self, found: Sequence[Candidate]) -> dict[Candidate, Candidate]:
        """Map what is another name of something to that: aliases, family names, anaphors."""
        earlier = Earlier(self._document.text, found, self._grammar)
        same: dict[Candidate, Candidate] = {}
        by_span: dict[Span, Candidate] = {}
        for candidate in found:
            by_span.setdefault(candidate.span, candidate)
        for alias in self._aliases:
            outer = by_span.get(alias.outer)
            inner = by_span.get(alias.inner.span) if alias.inner is not None else None
            if outer is None or inner is None or inner == outer:
                continue
            if inner.ids and not outer.ids:
                if self._chosen.get(inner.span) is not None and self._alike(inner.type, outer.type):
                    same[outer] = inner
            elif not inner.ids or inner.ids == outer.ids or self._chosen.get(outer.span) is not None:
                if not inner.ids:
                    same[inner] = outer
        same.update(self._taught(found, by_span))
        same.update(self._editions(found))
        same.update(self._bodies(found))
        for candidate in found:
            if candidate.back:
                before = earlier.antecedent(candidate.span)
                if before is not None:
                    same[candidate] = before
            elif (
                candidate.type in PEOPLE
                and " " not in candidate.span.of(self._document.text)
                and candidate.found != "post:unnamed"
            ):
                full = earlier.full_person(candidate)
                if full is not None:
                    same[candidate] = full
        return same

    def _taught(self, found: Sequence[Candidate], by_span: Mapping[Span, Candidate]) -> dict[Candidate, Candidate]:
        """Map what has the name that a parenthesis taught to the thing that it was taught of: GSMA."""
        taught = {normalised(alias.surface): by_span.get(alias.outer) for alias in self._aliases}
        same: dict[Candidate, Candidate] = {}
        for candidate in found:
            outer = taught.get(normalised(candidate.name or candidate.span.of(self._document.text)))
            if outer is None or candidate.ids or candidate == outer:
                continue
            if self._alike(candidate.type, outer.type) and self._key(candidate) != self._key(outer):
                same[candidate] = outer
        return same

    def _editions(self, found: Sequence[Candidate]) -> dict[Candidate, Candidate]:
        """Map an event that a place begins to the one with a year before its name: 평창 올림픽, 2018 평창 올림픽."""
        text = self._document.text
        events = [c for c in found if c.type in EVENTS and not c.ids and not c.back]
        begins = {c.span.start for c in found if c.type in PLACES}
        dated: dict[str, list[Candidate]] = {}
        for event in events:
            if (match := _DATED.fullmatch(event.name or event.span.of(text))) is not None:
                dated.setdefault(normalised(match[1]), []).append(event)
        same: dict[Candidate, Candidate] = {}
        for event in events:
            whole = dated.get(normalised(event.name or event.span.of(text)), [])
            if event.span.start in begins and len({normalised(e.name or e.span.of(text)) for e in whole}) == 1:
                same[event] = whole[0]
        return same

    def _bodies(self, found: Sequence[Candidate]) -> dict[Candidate, Candidate]:
        """Map a known body with its country before it to that body: 한국 국회 is 국회."""
        same: dict[Candidate, Candidate] = {}
        ends = {c.span.end: c for c in found if c.type in BODIES and c.ids}
        begins = {c.span.start: c for c in found if c.type == "Country" and c.ids}
        for candidate in found:
            body, country = ends.get(candidate.span.end), begins.get(candidate.span.start)
            if candidate.ids or candidate.type not in BODIES or body is None or country is None:
                continue
            entry = self._lexicon.entries.get(self._chosen.get(body.span) or "")
            apart = self._document.text[country.span.end : body.span.start] != " "
            if entry is None or apart:
                continue
            if self._chosen.get(country.span) in {id_ for _, id_ in entry.facts}:
                same[candidate] = body
        return same

    @staticmethod
    def _alike(one: str, other: str) -> bool:
        return one == other or (one in BODIES and other in BODIES) or (one in PLACES and other in PLACES)

    def _key(self, candidate: Candidate) -> str:
        text = self._document.text
        if candidate.ids and (id_ := self._chosen.get(candidate.span)) is not None:
            return id_
        if candidate.type == "Group":
            return f"{self._document.id}/{candidate.span.start}-{candidate.span.end}"
        name = normalised(candidate.name or candidate.span.of(text))
        if candidate.private or (candidate.type in PEOPLE and len(name) == 1) or self._of_any_country(candidate):
            return f"{self._document.id}/{name}"
        return name

    def _of_any_country(self, candidate: Candidate) -> bool:
        """Tell whether a ministry is called by what any country's is called: each document's 교통부 is its own."""
        if candidate.type != "GovernmentBody" or candidate.ids:
            return False
        written = candidate.span.of(self._document.text)
        told = candidate.found == "head:ministry" or self._grammar.alone.get(written) == "GovernmentBody"
        own = any(h.word == written and h.kind == "strong" for h in self._grammar.heads_of(written))
        return " " not in written and (told or own)

    def _types(self, found: Sequence[Candidate], keys: Mapping[Candidate, str]) -> dict[str, str]:
        """Give one class for each name of the document: that of its surest mention; an official wherever it is one."""
        best: dict[str, Candidate] = {}
        for candidate in found:
            key = keys[candidate]
            if key not in best or candidate.rank > best[key].rank:
                best[key] = candidate
        types = {key: candidate.type for key, candidate in best.items()}
        for candidate in found:
            if candidate.type == "Official" and types[keys[candidate]] == "Person":
                types[keys[candidate]] = "Official"
        return types

    def _final(self, root: Candidate, keys: Mapping[Candidate, str], types: Mapping[str, str]) -> str:
        key = keys[root]
        if key in self._lexicon.entries and root.ids:
            return key
        kind = types.get(key, root.type)
        # One text tells a person's office, another does not: it is one person, and one node, in both.
        return f"{'Person' if kind in PEOPLE else kind}/{key}"

    def _entity(self, root: Candidate, key: str, type_: str, surfaces: Mapping[str, Iterable[str]]) -> Entity:
        written = list(surfaces.get(key, ()))
        if key in self._lexicon.entries:
            entity = self._lexicon.entity(key)
            have = {entity.label, *(name for name, _ in entity.names)}
            new = tuple(
                (s, language(s))
                for s in written
                if s not in have and normalised(s) not in {normalised(h) for h in have}
            )
            taught = {alias.surface for alias in self._aliases}
            return Entity(
                entity.key, entity.type, entity.label, (*entity.names, *(n for n in new if n[0] in taught)), True
            )
        name = root.name or root.span.of(self._document.text)
        korean = [s for s in written if language(s) == "ko"]
        label = min(korean, key=lambda s: (-len(s), written.index(s))) if korean else (written[0] if written else name)
        names = tuple((s, language(s)) for s in written if s != label)
        return Entity(key, type_, label, names, False)
