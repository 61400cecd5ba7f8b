"""Names that come again in a document: in a parenthesis, shortened, or as an anaphor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kg.mentions.candidates import GUESS, QUOTED, STRONG, WEAK, Candidate, Overlaps
from kg.mentions.chains import Chain
from kg.mentions.grammar import EVENTS, PEOPLE, NameGrammar
from kg.mentions.reference import Earlier
from kg.model import Sentence, Span

_JOINT = re.compile(r" ?[·ㆍ・,/] ?")
_NOT_ALIAS = re.compile(r"\d.*|[一二三四五六七八九十]+")
_DATED = re.compile(r"([가-힣A-Za-z]{2,}) (?:19|20)\d\d")
_YEARED = re.compile(r"(?:19|20)\d\d (\S{4,})")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_QUOTED = re.compile(r"[^'’\"”<>\n]{1,20}(?=['’\"”>])")
_EDITION = re.compile(r" (?:19|20)\d\d(?!\d)")
_HANJA = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9 .&+'-]*")
_OPENING = frozenset("'‘\"“<")
_AGAIN = frozenset({"post", "quoted", "list", "head", "shape", "foreign", "apposition", "post-body"})


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of the thing at `outer`, taught by a parenthesis; `inner` is its mention."""

    outer: Span
    surface: str
    inner: Candidate | None


_NEAR = 60
"""Characters around a plant within which its place is told."""


class RecurrenceReader:
    """Finds later mentions by what the document said before."""

    def __init__(self, grammar: NameGrammar) -> None:
        self.grammar = grammar
        phrases = "|".join(sorted(grammar.anaphors, key=lambda p: (-len(p), p)))
        intro = "|".join(f"{word} " for word in grammar.alias_intro)
        self._alias = re.compile(rf"({intro})?['‘\"“]?([^'’\"”()（）,;:·=\n]{{2,40}}?)['’\"”]?")
        counters, genitive = "|".join(grammar.counters), "|".join(grammar.genitive)
        others = "|".join(grammar.other_editions)
        # 4개의 공장 is none that was named, and 세 번째 회의 is not the one that was
        self._counted = re.compile(rf"(?:\d(?:{counters})(?:{genitive})|(?:{others})) $")
        ordinal, editions = "|".join(grammar.ordinal), "|".join(grammar.editions)
        particles, building = "|".join(grammar.place_particles), "|".join(grammar.building)
        self._placed = re.compile(rf"(\S+?)(?:{particles}) (?:[가-힣]+ )?$")
        self._built = re.compile(rf"[을를] (?:[가-힣]+ )?(?:{building})")
        self._numbered = re.compile(rf"(?:{ordinal})\d+(?:{editions}) (\S.{{3,}})")
        self._anaphor = re.compile(rf"(?<![가-힣])({phrases})(?![가-힣]{{0,1}}[가-힣]{{3}})")

    def names(
        self, text: str, sentences: Sequence[Sentence], found: Sequence[Candidate], runs: Sequence[Sequence[Chain]]
    ) -> Iterator[Candidate]:
        """Give the other places where a name stands that was made out once by more than its shape."""
        known = {
            c.span.of(text): c
            for c in reversed(found)
            if not c.ids
            and not c.private
            and not c.back
            and c.type not in {"Post", "Group", "Topic"}
            and c.found.partition(":")[0] in _AGAIN
            and c.rank > GUESS
            and len(c.span.of(text)) >= 3
        }
        for name, event in list(known.items()):
            if (dated := _DATED.fullmatch(name)) is not None and event.type in EVENTS:
                shorter = known.get(dated[1])
                if shorter is None or not shorter.found.startswith("quoted"):
                    known[dated[1]] = event  # the series, a thing of its own beside its edition of a year
            elif (
                numbered := self._numbered.fullmatch(name) or _YEARED.fullmatch(name)
            ) is not None and event.type in EVENTS:
                known.setdefault(numbered[1], replace(event, name=numbered[1]))
        have = {c.span: c.rank for c in found}
        yield from self._surnames(text, found, runs, have)
        for run in runs:
            for chain in run:
                for at, part in enumerate(chain):
                    for end in range(at, min(len(chain), at + 6)):
                        for unit in chain[end].units:
                            span = Span(part.span.start, unit.span.end)
                            first: Candidate | None = known.get(span.of(text))
                            rest = text[span.end : chain[end].span.end]
                            if (
                                first is not None
                                and have.get(span, 0) < _sureness(first, end > at)
                                and (not rest or rest in self.grammar.side or rest in self.grammar.plural)
                            ):
                                sure = _sureness(first, end > at)
                                other = _EDITION.match(text, span.end) if first.type in EVENTS and not rest else None
                                quoted = text[span.start - 1 : span.start] in _OPENING and _QUOTED.match(text, span.end)
                                if quoted and first.type in EVENTS:  # a thing of the series with a name of its own
                                    whole = Span(span.start, quoted.end())
                                    if have.get(whole, 0) < QUOTED:
                                        yield Candidate(whole, first.type, "again", QUOTED)
                                elif other is not None:  # another edition of the series, named by its year
                                    edition = Span(span.start, other.end())
                                    if edition.of(text) not in known:
                                        yield Candidate(edition, first.type, "again", sure)
                                else:
                                    yield Candidate(span, first.type, "again", sure, name=first.name)

    def _surnames(
        self, text: str, found: Sequence[Candidate], runs: Sequence[Sequence[Chain]], have: Mapping[Span, int]
    ) -> Iterator[Candidate]:
        """Give where a family name of one syllable stands before a post, of one named in full: 사디크 칸, 칸 시장."""
        people: dict[str, Candidate | None] = {}
        for candidate in reversed(found):
            *before, last = candidate.span.of(text).split(" ")
            if candidate.type in PEOPLE and before and len(last) == 1 and not candidate.back:
                other = people.get(last, candidate)
                same = other is not None and other.span.of(text) == candidate.span.of(text)
                people[last] = candidate if same else None
        for chain in (chain for run in runs for chain in run) if people else ():
            for part, after in pairwise(chain):
                person = people.get(part.text)
                post = self.grammar.post_of(after.text)
                if person is not None and not part.tail and post is not None and part.span not in have:
                    name = person.name or person.span.of(text)
                    yield Candidate(part.span, person.type, "again", WEAK, name=name)

    def aliases(self, text: str, runs: Sequence[Sequence[Chain]], found: Sequence[Candidate]) -> Iterator[Alias]:
        """Give what parentheses right after a mention teach: 커따쉰페이 (科大讯飞), 한빛전자(이하 한빛)."""
        ends: dict[int, Candidate] = {}
        whole = Overlaps(c.span for c in found if c.name and "(" in c.span.of(text))  # 규슈(九州)전력
        posts = {c.span.start for c in found if c.type == "Post"}
        for candidate in found:
            if candidate.type not in {"Post", "Group"}:
                ends.setdefault(candidate.span.end, candidate)
        for run in runs:
            for chain in run:
                for part in chain:
                    outer = ends.get(part.span.end)
                    if part.parenthesis is None or outer is None or outer.private or whole.any(part.parenthesis):
                        continue
                    inside = Span(part.parenthesis.start + 1, part.parenthesis.end - 1)
                    joint = _JOINT.search(text, inside.start, inside.end)
                    if joint is not None and joint.end() in posts:  # 한빛전자(HBE·회장 김가람)
                        inside = Span(inside.start, joint.start())
                    match = self._alias.fullmatch(inside.of(text))
                    if match is None or _NOT_ALIAS.fullmatch(match[2]) or not (match[1] or _other_letters(match[2])):
                        continue
                    span = Span(inside.start + match.start(2), inside.start + match.end(2))
                    yield Alias(outer.span, match[2], Candidate(span, outer.type, "alias", outer.rank))

    def taught(
        self, text: str, sentences: Sequence[Sentence], aliases: Sequence[Alias], found: Sequence[Candidate]
    ) -> Iterator[Candidate]:
        """Give where letters that a parenthesis taught stand again, and other editions of an event (COP28, COP29)."""
        outer, taken = {c.span: c for c in found}, Overlaps(c.span for c in found)
        for alias in aliases:
            first = outer.get(alias.outer)
            if first is None or first.ids or not _LATIN.fullmatch(alias.surface):
                continue
            series = alias.surface.rstrip("0123456789")
            numbered = first.type in EVENTS and len(series) >= 2 and series != alias.surface
            pattern = re.escape(series) + r"\d+" if numbered else re.escape(alias.surface)
            for sentence in sentences:
                for match in re.finditer(
                    rf"(?<![A-Za-z0-9가-힣]){pattern}(?![A-Za-z0-9])", text[sentence.span.start : sentence.span.end]
                ):
                    span = Span(sentence.span.start + match.start(), sentence.span.start + match.end())
                    name = (first.name or first.span.of(text)) if match[0] == alias.surface else match[0]
                    if not taken.any(span):
                        yield Candidate(span, first.type, "again", WEAK, name=name)

    def anaphors(self, text: str, sentences: Sequence[Sentence], found: Sequence[Candidate]) -> Iterator[Candidate]:
        """Give the phrases that go back to the last thing of their class: 이번 대회, 이 회사."""
        earlier, taken = Earlier(text, found, self.grammar), Overlaps(c.span for c in found)
        for sentence in sentences:
            for match in self._anaphor.finditer(text, sentence.span.start, sentence.span.end):
                type_ = self.grammar.anaphors[match[1]]
                span = Span(*match.span(1))
                token = next((t for t in sentence.tokens if t.span.start < span.end < t.span.end), None)
                if token is None and earlier.antecedent(span) is not None:
                    yield Candidate(span, type_, "anaphor", WEAK, back=True)
            yield from self._shortened(text, sentence, earlier, taken)

    def _shortened(self, text: str, sentence: Sentence, earlier: Earlier, taken: Overlaps) -> Iterator[Candidate]:
        """Give a head noun that alone, as the topic a sentence begins with, stands for a name: 시는, 그룹은."""
        for noun, particle in pairwise(sentence.tokens[:2]):
            written = noun.span.of(text)
            fits = noun.tag == "NNG" and written in self.grammar.shortened and particle.tag == "JX"
            if fits and noun.span.end == particle.span.start and not taken.any(noun.span):
                if earlier.antecedent(noun.span) is not None:
                    yield Candidate(noun.span, self.grammar.shortened[written], "anaphor", WEAK, back=True)

    def event_nouns(
        self,
        text: str,
        sentences: Sequence[Sentence],
        runs: Sequence[Sequence[Chain]],
        found: Sequence[Candidate],
    ) -> Iterator[Candidate]:
        """Give the nouns that stand for an event on their own: one named before, or one of this document only."""
        earlier, taken = Earlier(text, found, self.grammar), Overlaps(c.span for c in found)
        for sentence, run in zip(sentences, runs, strict=True):
            for chain in run:
                part = chain[-1]
                type_ = self.grammar.event_nouns.get(part.text)
                alone = len(chain) == 1 or chain[-2].text in self.grammar.stop
                if type_ is None or not alone or "/J" not in part.tail or taken.any(part.span):
                    continue
                before = earlier.antecedent(part.span)
                other = self._counted.search(text[max(0, part.span.start - 8) : part.span.start])
                if before is not None and not other and not _of_another_year(text, before, sentence, part.span):
                    if type_ != "Facility" or not self._another(text, part.span, before.span):
                        yield Candidate(part.span, type_, "anaphor", WEAK, back=True)
                elif type_ != "Facility":
                    yield Candidate(part.span, type_, "event-noun", GUESS, private=True, name=part.text)

    def _another(self, text: str, plant: Span, earlier: Span) -> bool:
        """Tell whether a plant is a new one, or built where the one before was not: 상하이에 공장을 지었다."""
        if text[max(0, plant.start - 6) : plant.start].rstrip(" ").endswith(self.grammar.renewing):
            return True
        place = self._placed.search(text, max(0, plant.start - 20), plant.start)
        if place is None or self._built.match(text, plant.end) is None:
            return False
        return place[1] not in text[max(0, earlier.start - _NEAR) : earlier.end + _NEAR]


def _sureness(first: Candidate, words: bool) -> int:
    """Give how sure a name is that comes again: surer if a quote told it, or if it has several words."""
    return STRONG - 1 if first.found.startswith("quoted") else WEAK + words


def _of_another_year(text: str, event: Candidate, sentence: Sentence, noun: Span) -> bool:
    """Tell whether a year before an event's noun is not the one in the name of the event that was told of."""
    named = set(_YEAR.findall(event.name or event.span.of(text)))
    return bool(named) and bool(set(_YEAR.findall(text, sentence.span.start, noun.start)) - named)


def _other_letters(alias: str) -> bool:
    """Tell whether the words of a parenthesis are in other letters, so that they can be another name."""
    return bool(_HANJA.fullmatch(alias) or _LATIN.fullmatch(alias))
