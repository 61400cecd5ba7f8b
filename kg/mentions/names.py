"""Names of a whole document: found sentence by sentence, then linked to each other and to the lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from kg.lexicon import Lexicon
from kg.mentions.addresses import addresses
from kg.mentions.apposition import AppositionReader
from kg.mentions.bodies import owned
from kg.mentions.candidates import GUESS, PLACE, STRONG, WEAK, Candidate, Overlaps, standing
from kg.mentions.chains import Chain, Part, chains
from kg.mentions.entities import EntityMaker
from kg.mentions.foreign import ForeignNames
from kg.mentions.grammar import BODIES, EVENTS, PEOPLE, PLACES, SEATED, NameGrammar
from kg.mentions.groups import GroupReader
from kg.mentions.heads import HeadReader
from kg.mentions.lines import LineReader
from kg.mentions.linking import Linker, meant
from kg.mentions.persons import PersonReader
from kg.mentions.quotes import QuoteReader, launched
from kg.mentions.recurrence import RecurrenceReader
from kg.mentions.restoring import NameRestorer
from kg.mentions.together import TogetherReader
from kg.model import Document, Mention, Sentence, Span

_CAPITALS = re.compile(r"[A-Z]{3,}")
_YEAR_WORD = 6
"""Characters of a year and the blank after it: 2030년."""
_DATED_BEFORE = re.compile(r"(?<!\d)((?:19|20)\d\d)년 $")
_YEAR = re.compile(r"(?:19|20)\d\d")
_HANJA_COUNTRY = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LONGER = re.compile("[가-힣]*[원관점]")
"""What follows 장 where it ends no post: 시장점유율."""
_IN_HANJA = re.compile(r"[(（][\u3400-\u9fff\uf900-\ufaff]{1,6}[)）]")
_GLOSS = re.compile(_IN_HANJA.pattern + "(시|성|현|도|구|주|부|자치구)")
_BEFORE_HYPHEN = re.compile(r"(?:(?P<number>제\s?\d{1,3}[차회] ))?(?<![가-힣A-Za-z\d-])(?:[가-힣A-Za-z]{1,10}[-–‐‑])+$")
_HYPHENS = frozenset("-–‐‑")
_HYPHENATED = 30
"""Characters before a name in which what hyphens join to it is sought."""
_HYPHENATED_END = re.compile(r"(?: [가-힣]{1,5})?(?:[-–‐‑][가-힣]{1,6})+(?= [가-힣])")
_HANGUL_NAME = re.compile("[가-힣]{2,}")
_SENT = re.compile(r"(?<![가-힣])([가-힣]{2,}) $")
_JOINED = frozenset(
    {*EVENTS, "Agreement", "Company", "Facility", "PilotZone", "Organization", "InternationalOrganization"}
)
_HANJA = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]{2,5}")


class NameReader:
    """Reads the names of a document: lexicon, head nouns, posts, quotes, parentheses, lists, short forms."""

    def __init__(self, lexicon: Lexicon, grammar: Path) -> None:
        self._lexicon = lexicon
        self.grammar = _with_missions(NameGrammar.load(grammar), lexicon)
        self._first_names = self.grammar.japanese_family | self.grammar.foreign_given
        self._headed = re.compile(rf" [가-힣]{{2,4}} (?:{'|'.join(self.grammar.company_posts)})")  # 도요타 아키오 사장
        self._titled = re.compile(
            rf" [가-힣]{{2,8}} (?:{'|'.join(sorted(self.grammar.public))})"
        )  # 누르술탄 가람 대통령
        self._linker = Linker(lexicon, self.grammar)
        self._heads = HeadReader(self.grammar)
        self._persons = PersonReader(self.grammar)
        self._lines = LineReader(self.grammar)
        self._launched = launched(self.grammar)
        self._stage = re.compile(rf"[가-힣]{{1,3}} .{{0,40}}?(?:{'|'.join(self.grammar.staged)})")
        self._quotes = QuoteReader(self.grammar, self._heads)
        self._groups = GroupReader(self.grammar)
        self._recurrence = RecurrenceReader(self.grammar)
        self._restorer = NameRestorer(lexicon, self.grammar)
        self._foreign = ForeignNames(self.grammar)
        self._together = TogetherReader(self.grammar, lexicon)
        self._apposed = AppositionReader(self.grammar)

    def read(self, document: Document, sentences: Sequence[Sentence]) -> tuple[Mention, ...]:
        """Give every name of a document as a mention, sorted by span."""
        text = document.text
        first = [self._sentence(text, sentence) for sentence in sentences]
        stand = [standing(candidates) for candidates, _ in first]
        runs = [run for _, run in first]
        told = self._restorer.told(text, (candidate for candidates in stand for candidate in candidates))
        lengths = sorted({len(name) for name in told})
        for at, sentence in enumerate(sentences):
            if names := self._restorer.again(text, sentence, told, lengths, stand[at]):
                candidates, runs[at] = self._sentence(text, sentence, names)
                stand[at] = standing(candidates)
        found = [candidate for candidates in stand for candidate in candidates]
        found = self._together.counted(text, found)
        again = list(self._recurrence.names(text, sentences, found, runs))
        found = standing([*found, *again])
        found = owned(text, found, self._lexicon, self.grammar)
        chosen = meant(self._lexicon, text, found)
        aliases = list(self._recurrence.aliases(text, runs, found))
        found = standing([*found, *(alias.inner for alias in aliases if alias.inner is not None)])
        found = standing([*found, *self._recurrence.taught(text, sentences, aliases, found)])
        back = list(self._recurrence.anaphors(text, sentences, found))
        found = standing([*found, *back])
        found = standing([*found, *self._recurrence.event_nouns(text, sentences, runs, found)])
        paired = list(self._together.letters(text, sentences, found))
        pairs = Overlaps(words.span for words in paired)
        found = [c for c in found if not pairs.any(c.span)]
        chosen = {**chosen, **{country.span: country.ids[0] for words in paired for country in words.of}}
        maker = EntityMaker(self._lexicon, document, chosen, aliases, self.grammar)
        together = self._together.read(text, sentences, found, maker.identities(found))
        alone = [words for words in together if not pairs.any(words.span)]
        return maker.mentions(found, [*paired, *alone])

    def _sentence(
        self, text: str, sentence: Sentence, names: Sequence[Span] = ()
    ) -> tuple[list[Candidate], tuple[Chain, ...]]:
        """Give the candidates of a sentence and its runs of nouns; `names` are stretches known as names."""
        hits = [_with_gloss(text, hit, self._lexicon) for hit in self._linker.read(text, sentence)]
        known_words = [
            h.span
            for h in hits
            if h.type not in {"Topic", "Post"}
            and (_begins_word(text, h.span.start) or text[h.span.start - 1] in self.grammar.resident)
            and not (h.rank == PLACE and h.span.of(text) in self._first_names)  # a town that few have heard of
            and not (h.span.of(text) in self.grammar.foreign_given and self._titled.match(text, h.span.end))
            and not (h.span.of(text) in self.grammar.japanese_family and self._headed.match(text, h.span.end))
        ]
        foreign = self._foreign.read(text, sentence, known_words)
        hits = [hit for hit in hits if not any(name.overlaps(hit.span) for name in foreign)]
        whole = [*names, *foreign, *self._restorer.read(text, sentence, {hit.span: hit.type for hit in hits})]
        starts, ends = {t.span.start for t in sentence.tokens}, {t.span.end for t in sentence.tokens}
        whole += [h.span for h in hits if h.span.start not in starts or h.span.end not in ends or h.name]
        whole = [s for s in whole if not any(o != s and o.covers(s) for o in whole)]
        run = chains(text, sentence, self.grammar, whole)
        hits = [_before_chief(text, hit, self.grammar) for hit in hits]
        led = [*_of_chiefs(run, self._lexicon, self.grammar), *_of_governors(run, self._lexicon, self.grammar)]
        hits = standing([*hits, *led])
        known = {c.span: c.type for c in hits}
        for span in whole:
            for hit in self._lexicon.match(text, span.start, span.end):
                if hit.span.end == span.end and hit.span not in known:
                    types = {self._lexicon.entries[id_].type for id_ in hit.ids}
                    if types <= PLACES:
                        hits.append(Candidate(hit.span, min(types), "lexicon", PLACE, ids=hit.ids))
                        known[hit.span] = min(types)
        anonymous = list(self._persons.unnamed(text, sentence.span.start, sentence.span.end))
        heads: list[Candidate] = []
        people: list[Candidate] = []
        last: Chain | None = None
        for chain in run:
            leading = [*foreign, *self._persons.leading(chain, known)]
            first = list(self._heads.read(text, chain, known, leading))
            within = {span for span in known if any(span != name and name.covers(span) for name in leading)}
            sure = {
                c.span: c.type
                for c in first
                if c.type in SEATED
                and not (c.rank == WEAK and c.span.of(text).rsplit(maxsplit=1)[-1] in self.grammar.posts)
            } | {span: type_ for span, type_ in known.items() if span not in within}  # no 한화 in 한화진 장관
            persons = [
                c for c in self._persons.read(text, chain, sure) if not any(c.span.overlaps(a.span) for a in anonymous)
            ]
            people.extend(persons)
            if (
                last is not None
                and last[-1].tail.endswith(("/VCP", "/JKS"))  # before the copula, the analyser at times sees a subject
                and text[last[-1].span.end : chain[0].span.start].rstrip(" ") in self.grammar.copula
            ):
                people.extend(self._persons.after_post(text, chain, last, sure))
            last = chain
            reached = [*foreign, *(c.span for c in persons if c.type in PEOPLE and c.rank > GUESS)]
            bodies = {c.span: c.type for c in first if c.span.of(text) in self.grammar.bare}
            # What is learnt of persons and bodies may change what was read; without, a second reading is as the first.
            alike = not bodies and set(reached) == set(leading)
            heads.extend(first if alike else self._heads.read(text, chain, bodies | known, reached))
        # 서울시장 is the mayor, and no market, where somebody has the post; 선전시장 no 전시장
        posts = {c.span for c in people if c.type == "Post" and c.span.of(text) in self.grammar.posts_of}
        held = {(post.end, f"head:{post.of(text)}") for post in posts}
        mayors = {Span(s.start, post.end) for s in known for post in posts if s.end == post.start}
        heads = [h for h in heads if (h.span.end, h.found) not in held and h.span not in mayors]
        people.extend(self._persons.appointed(text, run, {h.span: h.type for h in heads} | known))
        quoted = list(self._quotes.read(text, sentence))
        groups = list(self._groups.groups(text, sentence, run))
        listed = list(self._groups.members(text, sentence, run))
        hanja = list(self._by_hanja(text, run))
        told = {c.span: c.type for c in [*heads, *people, *anonymous] if c.rank > GUESS} | known
        apposed = self._apposed.read(text, run, told | dict.fromkeys(foreign, "Person"))
        full = [Candidate(name, self._foreign.type_of(text, name), "foreign", WEAK) for name in foreign]
        lines = [*self._lines.read(text, sentence, hits), *_staged(text, run, self._stage)]
        lines += _yearly(text, run, self.grammar)
        lines += _goods(text, run, self._launched, {c.span: c.type for c in [*heads, *people]} | known)
        candidates = [*hits, *heads, *people, *anonymous, *quoted, *groups, *listed, *hanja, *full, *apposed, *lines]
        candidates += _owned_plants(text, candidates, self.grammar)
        candidates = [_as_known(text, candidate, self._lexicon) for candidate in candidates]
        candidates.extend(_divisions(text, run, candidates, self.grammar))
        candidates = [_accredited(text, candidate, self.grammar) for candidate in candidates]
        candidates = _dotted(text, run, candidates, self.grammar)
        candidates = [_hyphenated(text, candidate, candidates, run, self.grammar) for candidate in candidates]
        candidates = _whole_words(text, run, candidates, self.grammar)
        candidates += addresses(text, run, standing(candidates), self._lexicon, self.grammar)
        return _with_kind(text, run, candidates, self._lexicon, self.grammar), run

    def _by_hanja(self, text: str, run: Sequence[Chain]) -> Iterator[Candidate]:
        """Give foreign persons whose name in hanja follows in a parenthesis."""
        for chain in run:
            for part in chain:
                if (
                    part.parenthesis is None
                    or not part.proper
                    or not _HANJA.fullmatch(text[part.parenthesis.start + 1 : part.parenthesis.end - 1])
                ):
                    continue
                hanja = text[part.parenthesis.start + 1 : part.parenthesis.end - 1]
                chance = len(hanja) == len(part.text) and not hanja.endswith(self.grammar.hanja_of_places)
                headed = [h for h in self.grammar.heads_of(part.text) if h.kind != "ending" or not chance]
                if headed or hanja[0] not in self.grammar.hanja_family:  # 왕허성(王合生) is no 성
                    continue
                yield Candidate(part.span, "Person", "shape", GUESS)


@lru_cache(maxsize=8)
def _division(numbers: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"[가-힣]{{2}}\d{{1,2}}(?:{'|'.join(numbers)})")


@lru_cache(maxsize=8)
def _listed(summing: frozenset[str]) -> re.Pattern[str]:
    return re.compile(rf" (?:{'|'.join(sorted(summing))})(?![가-힣]{{2}})")


def _staged(text: str, run: Sequence[Chain], stage: re.Pattern[str]) -> Iterator[Candidate]:
    """Give events told by capital letters and a year, with what is done with them: CES 2024가 개막했다."""
    for chain in run:
        first, last = chain[0], chain[-1]
        letters = first.units[0].tag == "SL" and _CAPITALS.fullmatch(first.text) is not None
        if letters and 1 < len(chain) <= 3 and _YEAR.fullmatch(last.text) and stage.match(text, last.span.end):
            span = Span(first.span.start, last.span.end)
            yield Candidate(span, "Event", "staged", STRONG)


def _yearly(text: str, run: Sequence[Chain], grammar: NameGrammar) -> Iterator[Candidate]:
    """Give events with the year that tells which one: 2030년 엑스포 is no other year's."""
    for chain in run:
        start = chain[0].span.start
        dated = _DATED_BEFORE.search(text, max(0, start - _YEAR_WORD), start)
        if dated is None:
            continue
        for part in chain[:3]:
            head = next(iter(grammar.heads_of(part.text)), None)
            if head is not None and head.type in EVENTS and part.text.endswith(grammar.recurring):
                yield Candidate(Span(dated.start(1), part.span.end), head.type, f"head:{head.word}", STRONG)
                break
            if part.tail or part.parenthesis:
                break


def _goods(
    text: str, run: Sequence[Chain], launched: re.Pattern[str], known: Mapping[Span, str]
) -> Iterator[Candidate]:
    """Give unknown proper nouns of which it is said what is done with goods alone: 플레이스테이션4를 출시했다."""
    for chain in run:
        part = chain[-1]
        named = all(unit.proper or unit.tag == "SN" for unit in part.units) and part.units[0].proper
        if len(chain) == 1 and named and launched.match(text, part.span.end):
            if not any(span.overlaps(part.span) for span in known):
                yield Candidate(part.span, "Product", "launched", WEAK)


def _begins_word(text: str, at: int) -> bool:
    """Tell whether a run of 한글 or letters begins here."""
    return at == 0 or not text[at - 1].isalnum()


def _owned_plants(text: str, candidates: Sequence[Candidate], grammar: NameGrammar) -> Iterator[Candidate]:
    """Give the plants of a kind that the lexicon knows as a topic, with whose they are: 하이얼 스마트 공장."""
    owners = {c.span.end: c for c in candidates if c.type in BODIES and c.rank > GUESS}
    for topic in candidates:
        owner = owners.get(topic.span.start - 1) if topic.type == "Topic" else None
        if owner is not None and text[topic.span.start - 1] == " ":
            head = next((h for h in grammar.heads_of(topic.span.of(text)) if h.type == "Facility"), None)
            if head is not None and head.word in grammar.plants:
                yield Candidate(Span(owner.span.start, topic.span.end), "Facility", f"head:{head.word}", STRONG)


def _with_gloss(text: str, hit: Candidate, lexicon: Lexicon) -> Candidate:
    """Give a place with what it is, where its hanja stand between the two: 칭다오(靑島)시."""
    gloss = _GLOSS.match(text, hit.span.end) if hit.type in PLACES and hit.ids else None
    if gloss is None:
        return hit
    name = hit.span.of(text) + gloss[1]
    if not set(lexicon.surfaces.get(name, ())) & set(hit.ids):
        return hit
    return replace(hit, span=Span(hit.span.start, gloss.end()), name=name)


def _before_chief(text: str, hit: Candidate, grammar: NameGrammar) -> Candidate:
    """Give a place without the end that is the post's before who heads it: 선전시장 is 선전 and 시장."""
    fits = grammar.posts_of.get(text[hit.span.end - 1 : hit.span.end + 1], frozenset())
    if not hit.ids or hit.type not in fits or _LONGER.match(text, hit.span.end + 1):
        return hit
    return replace(hit, span=Span(hit.span.start, hit.span.end - 1))


def _with_missions(grammar: NameGrammar, lexicon: Lexicon) -> NameGrammar:
    """Give a grammar that knows where envoys may be sent: 주선양 총영사 has no family name 주."""
    places = (e for e in lexicon.entries.values() if e.curated and e.type in {"Country", "City"})
    names = {name for entry in places for name in entry.surfaces if _HANGUL_NAME.fullmatch(name)}
    short = {n.removesuffix(s) for n in names for s in grammar.also_suffix["City"] if len(n) > 2}
    sent = {mission + name for mission in grammar.missions for name in names | short}
    return replace(grammar, former=grammar.former | sent)


def _of_governors(run: Sequence[Chain], lexicon: Lexicon, grammar: NameGrammar) -> Iterator[Candidate]:
    """Give the regions that stand without 도 before the post of who heads them: 경기+지사, where 경기 is a game too."""
    for chain in run:
        for at, part in enumerate(chain):
            post = chain[at + 1].text if at + 1 < len(chain) and not part.tail else ""
            glued = next((p for p in grammar.governors if part.text.endswith(p)), "")
            short = part.text[: len(part.text) - len(glued)] if post not in grammar.governors else part.text
            if not (glued or post in grammar.governors) or len(short) < 2 or short in lexicon.surfaces:
                continue
            known = {id_ for suffix in grammar.place_suffixes for id_ in lexicon.surfaces.get(short + suffix, ())}
            ids = tuple(sorted(id_ for id_ in known if lexicon.entries[id_].type == "Region"))
            if ids:
                span = Span(part.span.start, part.span.start + len(short))
                yield Candidate(span, "Region", "lexicon", STRONG, ids=ids)


def _of_chiefs(run: Sequence[Chain], lexicon: Lexicon, grammar: NameGrammar) -> Iterator[Candidate]:
    """Give the ministries in the posts of who heads them, which the analyser may cut elsewhere: 외교+부장."""
    for part in (part for chain in run for part in chain):
        body = part.text[:-1]
        if part.text.endswith(grammar.chief) and grammar.post_of(part.text) is not None:
            ids = lexicon.surfaces.get(body, ())
            if ids and all(lexicon.entries[id_].type == "GovernmentBody" for id_ in ids):
                yield Candidate(
                    Span(part.span.start, part.span.end - 1), "GovernmentBody", "lexicon", PLACE, tuple(ids)
                )
            elif grammar.alone.get(body) == "GovernmentBody" or any(
                head.word == body and head.type == "GovernmentBody" and head.kind == "strong"
                for head in grammar.heads_of(body)
            ):
                yield Candidate(Span(part.span.start, part.span.end - 1), "GovernmentBody", "head:ministry", STRONG)


def _as_known(text: str, candidate: Candidate, lexicon: Lexicon) -> Candidate:
    """Give a body that the lexicon writes without spaces or hanja the entries that it has there: 소니 그룹."""
    name = candidate.name or candidate.span.of(text)
    if candidate.ids:
        return candidate
    if not candidate.name and (plain := _IN_HANJA.sub("", name)) != name:
        name, candidate = plain, replace(candidate, name=plain)
    if candidate.type not in BODIES or not candidate.name and " " not in name:
        return candidate
    ids = lexicon.surfaces.get(name.replace(" ", ""), ())
    alike = all(lexicon.entries[id_].type in BODIES for id_ in ids)
    return replace(candidate, ids=tuple(ids)) if ids and alike else candidate


def _whole_words(
    text: str, run: Sequence[Chain], candidates: Sequence[Candidate], grammar: NameGrammar
) -> list[Candidate]:
    """Leave out lexicon hits that are but a piece of a word (중국인, 한국거래소), unless the whole is a name."""
    parts = [part for chain in run for part in chain]
    kept: list[Candidate] = []
    for candidate in candidates:
        part = next(
            (p for p in parts if candidate.ids and p.span != candidate.span and p.span.covers(candidate.span)), None
        )
        if part is not None:
            rest = text[candidate.span.end : part.span.end]
            before = text[part.span.start : candidate.span.start]
            if _HANJA_COUNTRY.fullmatch(before) or _HANJA_COUNTRY.fullmatch(candidate.span.of(text)):
                kept.append(candidate)  # 日오사카시, in headlines
                continue
            headed = candidate.type in grammar.posts_of.get(rest, ())  # 랴오닝+성장
            loose = (rest and not headed and rest not in (*grammar.after_name, *grammar.plural)) or (
                before and not candidate.type == "Topic"
            )
            longer = [o for o in candidates if o.span != candidate.span and o.span.covers(candidate.span)]
            whole = any(o.type != "Group" for o in longer)
            if before and not rest and any({o.type, candidate.type} <= BODIES for o in longer if o.found != "lexicon"):
                continue  # 칠레 통상산업부 is not the 산업부
            inner = candidate.type in PLACES and (
                bool(before) and bool(rest) or any(o.type in PEOPLE and o.rank > GUESS for o in longer)
            )
            if (loose and not whole or inner) and candidate.type != "Topic":
                continue
        elif candidate.ids and any(_in_post(text, p, candidate.span, grammar) for p in parts):
            continue
        kept.append(candidate)
    return kept


def _with_kind(
    text: str, run: Sequence[Chain], candidates: Sequence[Candidate], lexicon: Lexicon, grammar: NameGrammar
) -> list[Candidate]:
    """Join a place of the lexicon with the word that says what it is, a space between them: 네바다 주."""
    kinds = {
        before.span.end: part
        for chain in run
        for before, part in pairwise(chain)
        if part.text in grammar.place_kinds
        and not (before.tail or before.parenthesis)
        and (part.tail or part is not chain[-1])  # 시 is a poem as well
    }
    joined = []
    for candidate in candidates:
        kind = kinds.get(candidate.span.end) if candidate.ids and candidate.type in PLACES else None
        if kind is not None:
            name = candidate.name or candidate.span.of(text)
            named = lexicon.surfaces.get(name + kind.text, ())
            if set(named) & set(candidate.ids):
                candidate = replace(candidate, span=Span(candidate.span.start, kind.span.end))
        joined.append(candidate)
    return joined


def _in_post(text: str, part: Part, span: Span, grammar: NameGrammar) -> bool:
    """Tell whether a name ends within the word of a post, of which it is but a piece: 중국 과학기술부+장."""
    if not span.start < part.span.start < span.end < part.span.end:
        return False
    post = grammar.post_of(part.text)
    return post is not None and part.span.end - len(post[0]) < span.end


def _divisions(
    text: str, run: Sequence[Chain], candidates: Sequence[Candidate], grammar: NameGrammar
) -> Iterator[Candidate]:
    """Give bodies with the numbered division that follows: 서울중앙지법 형사1부."""
    division = _division(grammar.division_numbers)
    parts = [part for chain in run for part in chain]
    for candidate in candidates:
        if candidate.type not in BODIES:
            continue
        for part in parts:
            if text[candidate.span.end : part.span.start] == " " and division.fullmatch(part.text):
                yield Candidate(Span(candidate.span.start, part.span.end), candidate.type, "head:division", STRONG)


def _accredited(text: str, candidate: Candidate, grammar: NameGrammar) -> Candidate:
    """Give an embassy with the word before it that tells where it is: 주중 한국대사관; without, it may be any."""
    words = candidate.span.of(text)
    if candidate.ids or candidate.private or not words.endswith(grammar.embassies):
        return candidate
    start, missions = candidate.span.start, tuple(grammar.missions)
    before = _SENT.search(text, max(0, start - _HYPHENATED), start)
    if before is not None and before[1] in grammar.former and before[1].startswith(missions):
        return replace(candidate, span=Span(before.start(1), candidate.span.end))
    return candidate if words.startswith(missions) else replace(candidate, private=True, name=words)


def _dotted(text: str, run: Sequence[Chain], candidates: Sequence[Candidate], grammar: NameGrammar) -> list[Candidate]:
    """Join events and treaties with the part of their name before a middle dot: 2025 오사카·간사이 엑스포.

    Before the dot stands one name, perhaps after a year; what a list goes on from (A·B 엑스포 등) is no one name.
    """
    joined = list(candidates)
    listed = _listed(grammar.summing)
    for before, chain in pairwise(run):
        if text[before[-1].span.end : chain[0].span.start] != "·" or not before[-1].proper:
            continue
        first = before[-1].span.start
        if len(before) > 1 and _YEAR.fullmatch(before[-2].text):
            first = before[-2].span.start
        for candidate in candidates:
            if candidate.span.start == chain[0].span.start and candidate.type in EVENTS | {"Agreement"}:
                if not listed.match(text, candidate.span.end):
                    joined.remove(candidate)
                    joined.append(replace(candidate, span=Span(first, candidate.span.end)))
    return joined


def _hyphenated(
    text: str, candidate: Candidate, found: Sequence[Candidate], run: Sequence[Chain], grammar: NameGrammar
) -> Candidate:
    """Give an unknown name with what hyphens join to it in front: 프랑크-발터 슈타인마이어, 제1차 델리-뭄바이 포럼.

    A known name before a hyphen is part of what a thing is called, but of no person's name. Behind a hyphenated family
    name that is all of a person's, the given name is the proper noun before it: 로리 차베스-디레머 장관. Before a post
    a hyphenated word behind a name is its end: 프라윳 찬-오차 총리.
    """
    start = candidate.span.start
    words = candidate.span.of(text)
    foreign = candidate.type in PEOPLE and not candidate.ids and not grammar.is_korean_name(words)
    tail = _HYPHENATED_END.match(text, candidate.span.end) if foreign else None
    if tail is not None and not any(o.ids and o.span.overlaps(Span(*tail.span())) for o in found):
        after = text[tail.end() : tail.end() + _HYPHENATED].split(maxsplit=2)[:2]
        post = next((p for word in after for w in (word, word[:-1]) if (p := grammar.post_of(w))), None)
        if post is not None:
            type_ = "Official" if post[1] == "public" else candidate.type
            return replace(candidate, span=Span(start, tail.end()), type=type_, name="")
    if text[max(0, start - 1) : start] not in _HYPHENS or candidate.ids or candidate.private or candidate.back:
        return candidate
    named = candidate.type in PEOPLE
    alone = named and " " not in candidate.span.of(text)
    if grammar.is_korean_name(candidate.span.of(text)) if alone else not named and candidate.type not in _JOINED:
        return candidate  # 문화-김가람 기자
    before = _BEFORE_HYPHEN.search(text, max(0, start - _HYPHENATED), start)
    if (
        before is None
        or named
        and (before["number"] or any(o.ids and o.span.overlaps(Span(*before.span())) for o in found))
    ):
        return candidate
    start = before.start()
    if alone:
        given = [p for c in run for p in c if p.span.end == start - 1 and not p.tail and p.text not in grammar.posts]
        fits = (
            given
            and all(u.tag == "NNP" for u in given[0].units)
            and not any(o.ids for o in found if o.span == given[0].span)
        )
        start = given[0].span.start if fits else start
    return replace(candidate, span=Span(start, candidate.span.end), name="")
