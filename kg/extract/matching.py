"""Try a rule on a clause or on the names of a sentence; say for each element what it found.

Nothing here knows a word of Korean or a name of the ontology: words come from rules, grammar
from clauses, classes from mentions.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kg.model import Argument, Clause, Mention, Sentence, Span, Status, TimeValue, Token
from kg.ontology import Ontology
from kg.rules.rule import TIMES, TURNS, ClauseRule, Gap, PhraseRule, Role, Word

_TITLED = 3
"""Tokens between a partner and the head: a title, 과 and 의."""
_VIA = ("own", "bare", "head", "by", "title", "shared", "dropped")
_HYPHENS = frozenset("-–‐‑")
_PAREN_LIMIT = 60
_CHARACTERS = 10_000
"""How many characters are remembered, so that memory stays bounded."""
_PHRASE_ENDS = frozenset("JKS JKO JKB JKC JX JKQ EF EC SF SP SE".split())
"""Tags that no noun phrase goes across: case particles but the genitive, verb endings, punctuation."""
_MEASURES = frozenset({"Money", "Area", "Measure"})
_NOUNS = frozenset("NNG NNP XPN XSN SL SH XR".split())
"""Tags of what nouns before a head noun are made of."""


@dataclass(frozen=True, slots=True)
class Step:
    """One element of a rule: what it wanted, what it found (None if nothing fits), whether that will do."""

    element: str
    wanted: str
    found: str | None
    ok: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that holds: what fills each role, the words it stands on, and the turn it took."""

    rule: ClauseRule | PhraseRule
    sentence: Sentence
    fillers: dict[str, tuple[Mention, ...]]
    span: Span
    turn: str
    status: Status
    claimant: Argument | None = None
    words: dict[str, str] = field(default_factory=dict)
    """The words that tell the kind of each argument that a role found: its head and the nouns right before that."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence with what was read in it: the text that offsets refer to, and the sentence's mentions."""

    text: str
    sentence: Sentence
    mentions: Sequence[Mention]
    ontology: Ontology
    boundaries: frozenset[int] = field(default=frozenset())
    starts: dict[int, list[Mention]] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, sentence: Sentence, mentions: Sequence[Mention], ontology: Ontology) -> Scene:
        """Index a sentence: where morphemes begin and end, and which names start where (inside quotes too)."""
        bounds = frozenset(at for token in sentence.tokens for at in (token.span.start, token.span.end))
        starts: dict[int, list[Mention]] = {}
        for mention in mentions:
            if mention.together:
                continue
            starts.setdefault(_past_openers(text, mention.span.start, mention.span.end), []).append(mention)
        for found in starts.values():
            found.sort(key=lambda m: (-m.span.end, m.type))
        return cls(text, sentence, mentions, ontology, bounds, starts)

    def fills(self, mention: Mention, role: Role) -> bool:
        """Tell whether a mention may fill a role: it is of one of its classes, and of none that it leaves out."""
        if role.words and mention.span.of(self.text) not in role.words:
            return False
        return self.fits(mention, role.classes) and not (role.excluded and self.fits(mention, role.excluded))

    def counts(self, words: Span) -> bool:
        """Tell whether words say only when or how many: they are within a time or a quantity."""
        return any(m.value is not None and m.span.covers(words) for m in self.mentions)

    def kind(self, argument: Argument) -> Span:
        """Give the words of a noun phrase that tell its kind: its head and the nouns right before that.

        Genitives, clauses, determiners, and how many there are, tell which one.
        """
        phrase = argument.phrase
        head = self.text.rfind(argument.head, phrase.start, max(phrase.end, argument.span.end))
        if head < 0:
            return phrase
        start = head
        for token in reversed([t for t in self.sentence.tokens if phrase.start <= t.span.start and t.span.end <= head]):
            named = any(m.entity is not None and m.span.covers(token.span) for m in self.mentions)  # 2차전지 공장
            noun = named or token.tag in _NOUNS and not self.counts(token.span)
            if not noun or self.text[token.span.end : start].strip():
                break
            start = token.span.start
        first = next(t for t in self.sentence.tokens if t.span.end > start)
        measured = any(not self.text[value.span.end : start].strip(" )") for value in self._values_before(start))
        if measured and first.span.end < head:  # 3조 원 규모 | 반도체 공장
            start = first.span.end
            while self.text[start].isspace():
                start += 1
        return Span(start, head + len(argument.head))

    def _values_before(self, at: int) -> list[Mention]:
        near = (m for m in self.mentions if m.value is not None and at - 3 <= m.span.end <= at)
        return [m for m in near if _MEASURES.intersection(m.kinds)]

    def fits(self, mention: Mention, classes: Sequence[str]) -> bool:
        """Tell whether a mention is of one of the classes or kinds of value."""
        return fits(mention.kinds, mention.entity is not None, classes, self.ontology)


def fits(kinds: Sequence[str], named: bool, classes: Sequence[str], ontology: Ontology) -> bool:
    """Tell whether a mention of some kinds, which names a thing or not, is of one of the classes or kinds of value."""
    return any(kind == wanted or (named and ontology.is_a(kind, wanted)) for kind in kinds for wanted in classes)


def match_clause(rule: ClauseRule, clause: Clause, scene: Scene, trace: list[Step] | None = None) -> Match | None:
    """Try a clause rule on a clause that has one of its triggers.

    With `trace`, every element is tried and its step is added even after one has failed.
    """
    steps: list[Step] = [] if trace is None else trace
    status = clause.status if clause.mood == "declarative" and not clause.denied else None
    found_status = status or (
        "denied" if clause.denied else clause.mood if clause.mood != "declarative" else "not asserted"
    )
    steps.append(Step("status", " or ".join(sorted(rule.statuses)), found_status, status in rule.statuses))
    fillers: dict[str, tuple[Mention, ...]] = {}
    words: dict[str, str] = {}
    turns, spans = set(_turns_of(clause)), [clause.predicate]
    taken: set[Span] = set()
    for role in rule.roles.values():
        argument, mentions = _fill(role, clause, scene, taken, [m for filled in fillers.values() for m in filled])
        filled = argument is not None if role.words else bool(mentions)
        steps.append(
            Step(role.name, _wanted(role), _shown(role, clause, scene, argument, mentions), filled or role.optional)
        )
        if not filled:
            if trace is None and not role.optional:
                return None
            continue
        fillers[role.name] = mentions
        if argument is not None:
            taken.add(argument.span)
            words[role.name] = scene.kind(argument).of(scene.text)
            spans.append(argument.phrase if argument.via in ("own", "bare", "head") else clause.predicate)
            turns |= (
                {"adnominal"}
                if argument.via == "head"
                else {argument.via}
                if argument.via in ("shared", "dropped")
                else set()
            )
        spans += [m.span for m in mentions if scene.sentence.span.covers(m.span)]
    steps.append(
        Step("turn", ", ".join(t for t in TURNS if t in rule.turns), "+".join(_named(turns)), turns <= rule.turns)
    )
    if not all(step.ok for step in steps) or status is None:
        return None
    span = Span(min(s.start for s in spans), max(s.end for s in spans))
    return Match(rule, scene.sentence, fillers, span, "+".join(_named(turns)), status, clause.claimant, words)


def _named(turns: set[str]) -> list[str]:
    return [turn for turn in TURNS if turn in turns and (turn != "active" or len(turns) == 1)]


def _turns_of(clause: Clause) -> Iterator[str]:
    yield "passive" if clause.voice == "passive" else "active"
    if clause.light:
        yield "light"
    if clause.form in ("nominal", "quotative", "nominalised"):
        yield clause.form


def case_of(argument: Argument, clause: Clause) -> str:
    """Give the case that an argument has in the active clause, empty for one that it has no place for.

    What a passive is done to is its subject, unless it has an object of its own, which somebody receives.
    """
    if clause.voice != "passive":
        return argument.role
    if argument.via == "by":
        return "subject"
    received = not clause.light and any(a.role == "object" and a.via in ("own", "bare") for a in clause.roles)
    if argument.role == "subject":
        return "" if received else "object"
    if argument.role == "object":
        return "object" if received else ""
    return argument.role


def _arguments(role: Role, clause: Clause) -> Iterator[Argument]:
    """Give the arguments in the role's case, those in the clause's own words first.

    Where a role takes what opens or what is opened, a subject fills it only in a clause without an object.
    """
    either = {"subject", "object"}.issubset(role.case)
    acted = either and any(a.role == "object" and a.via in ("own", "bare", "head") for a in clause.roles)
    for via in _VIA:
        for argument in clause.roles:
            if argument.via != via:
                continue
            case = case_of(argument, clause)
            if acted and case == "subject" and clause.voice != "passive":
                continue
            if case in role.case or (argument.role == "adverbial" and argument.particle in role.case):
                yield argument


def _fill(
    role: Role, clause: Clause, scene: Scene, taken: set[Span], used: Sequence[Mention]
) -> tuple[Argument | None, tuple[Mention, ...]]:
    if role.is_value:
        return None, _values(role, clause, scene)
    said = False
    for argument in _arguments(role, clause):
        if argument.span in taken and not role.heads and argument.via != "title":
            continue  # one argument fills one role, but the name before its head may fill another
        if said and argument.via in ("shared", "dropped"):
            continue
        said = said or argument.role == "subject"  # a subject that is there shuts out one that is only understood
        if role.words:
            if not argument.mentions and _is_one_of(role.words, argument, scene):
                return argument, ()  # a name is for a role that asks for one
            continue
        within = [m.span.start for m in (*argument.mentions, *used)] if argument.span in taken else []
        mentions = _before_head(role, argument, scene, within) if role.heads else argument.mentions
        fitting = tuple(m for m in mentions if scene.fills(m, role))
        if len(fitting) > role.several:
            return argument, fitting
    return None, ()


def _is_one_of(words: frozenset[str], argument: Argument, scene: Scene) -> bool:
    """Tell whether an argument's head noun is one of some words, or with the nouns before it (데이터 센터)."""
    if argument.head in words:
        return True
    start = scene.text.rfind(argument.head, argument.phrase.start, argument.span.end)
    said = scene.text[argument.phrase.start : start + len(argument.head)] if start >= 0 else ""
    return any(said == word or said.endswith(f" {word}") for word in words if " " in word)


def _before_head(role: Role, argument: Argument, scene: Scene, within: Sequence[int]) -> tuple[Mention, ...]:
    """Give the name directly before an argument's head noun, if that noun is one that the role asks for.

    Where the head is (the end of) a name that another role has taken, or such names stand before it, which begin at
    the places `within`, the name is what stands before all of them (칭다오 | 시장 | 선거).
    """
    if _several(argument):
        return ()
    head = scene.text.rfind(argument.head, argument.phrase.start, argument.span.end)  # 지분 20%: a count may follow
    whole = scene.text[argument.phrase.start : max(head, argument.phrase.start) + len(argument.head)]
    longest = max((len(w) for w in role.heads if " " in w and whole.endswith(w)), default=len(argument.head))
    head -= longest - len(argument.head)  # 일본 | 국빈 방문
    if argument.head not in role.heads:
        end = head + len(argument.head)
        glued = [end - len(word) for word in role.heads if argument.head.endswith(word)]  # 서울+시장
        head = next((at for at in sorted(glued) if any(m.span.end == at for m in scene.mentions)), -1)
        if head < 0:
            return ()
    head = min([head, *(start for start in within if argument.phrase.start <= start < argument.phrase.end)])
    if role.several:
        return _partners_before(role, argument, scene, head)
    found = []
    for mention in scene.mentions:
        if argument.phrase.start <= mention.span.start and mention.span.end <= head and mention.entity is not None:
            between = [t for t in scene.sentence.tokens if mention.span.end <= t.span.start and t.span.end <= head]
            # A의 (지난해) 지분, A를 상대로
            if all(t.tag in ("JKG", "SSC", "SSO", "JKO") or scene.counts(t.span) or _with(between, t) for t in between):
                found.append(mention)
    if not found and argument.head in role.heads:
        found = list(argument.owner)
    fitting = [m for m in found if scene.fills(m, role)]
    first = min(fitting, key=lambda m: (m.span.start, -m.span.end), default=None)
    return tuple(m for m in fitting if m is first or first is not None and m.together and m.span == first.span)


def _partners_before(role: Role, argument: Argument, scene: Scene, head: int) -> tuple[Mention, ...]:
    """Give the names that a joint joins before a head noun, with their titles between: A 주석과 B 대통령의 | 회담."""
    named = [
        m
        for m in scene.mentions
        if argument.phrase.start <= m.span.start and m.span.end <= head and scene.fills(m, role)
    ]
    if len(named) < 2:
        return ()
    ends = [*(m.span.start for m in named[1:]), head]
    for mention, end in zip(named, ends, strict=True):
        tags = [t.tag for t in scene.sentence.tokens if mention.span.end <= t.span.start and t.span.end <= end]
        joint = ("JC", "JKB") if end < head else ("JKG",)
        if not all(tag[0] in "NSX" or tag in joint for tag in tags) or not set(tags).intersection(joint):
            return ()
    return tuple(named)


def _with(between: Sequence[Token], token: Token) -> bool:
    """Tell whether a token is the title of a partner or its case before a genitive: 김가람 | 대통령과의 | 회담."""
    tags = [t.tag for t in between]
    return len(tags) <= _TITLED and tags[-2:] in (["JKB", "JKG"], ["JC", "JKG"]) and token.tag in ("NNG", "JKB", "JC")


def _several(argument: Argument) -> bool:
    """Tell whether an argument ends in the last of several names of a class: what leads it is not all theirs."""
    named = [m for m in argument.mentions if m.entity is not None and not m.together]
    return len(named) > 1 and len({m.type for m in named}) == 1 and named[-1].span.end == argument.span.end


def _values(role: Role, clause: Clause, scene: Scene) -> tuple[Mention, ...]:
    """Give the time or quantity of a clause: the closest of its own times, else the last within its arguments."""
    if not role.case:
        times = [m for m in clause.times if scene.fills(m, role)]
        if times:
            return (min(times, key=_extent),)
    if TIMES.issuperset(role.classes):
        return ()
    phrases = [
        a.phrase
        for a in clause.roles
        if a.via in ("own", "bare") and (not role.case or a.role in role.case or a.particle in role.case)
    ]
    within = [
        m
        for m in scene.mentions
        if m.value is not None and scene.fills(m, role) and any(p.start < m.span.end <= p.end for p in phrases)
    ]
    return tuple(_unbracketed(m, role, scene) for m in within[-1:])


def _unbracketed(value: Mention, role: Role, scene: Scene) -> Mention:
    """Give the value that a value in the parenthesis behind it only says again in other units: 10억 달러(약 1조 원)."""
    for other in scene.mentions:
        if other.value is not None and other.span.end < value.span.start and scene.fills(other, role):
            if _past_paren(scene.text, other.span.end) >= value.span.end:
                return other
    return value


def _extent(mention: Mention) -> tuple[int, int]:
    """Rank times by how closely they fix a day: in 지난해 …는 2018년 11월 the month tells more."""
    value = mention.value
    if not isinstance(value, TimeValue) or value.earliest is None or value.latest is None:
        return (1, 0)
    return (0, (value.latest - value.earliest).days)


def _wanted(role: Role) -> str:
    what = " or ".join(role.classes) if role.classes else f"one of {', '.join(sorted(role.words))}"
    head = f" before {'/'.join(sorted(role.heads))}" if role.heads else ""
    return f"{what}{head}{' as ' + '/'.join(role.case) if role.case else ''}{' (optional)' if role.optional else ''}"


def _shown(
    role: Role, clause: Clause, scene: Scene, argument: Argument | None, mentions: Sequence[Mention]
) -> str | None:
    if mentions:
        return ", ".join(f"{m.span.of(scene.text)} ({m.type})" for m in mentions)
    candidates = [argument] if argument else list(_arguments(role, clause))
    if not candidates:
        return None
    return ", ".join(
        f"{a.phrase.of(scene.text)} ({' '.join(m.type for m in a.mentions) or 'no name'}, {a.via})" for a in candidates
    )


def match_phrase(rule: PhraseRule, first: Mention, scene: Scene) -> Match | None:
    """Try a phrase rule whose first name is `first`; the longest names and lists are tried first.

    Words that stand for several things together make no row: whose, and how many, it could not tell.
    """
    if first.together:
        return None
    start = _past_openers(scene.text, first.span.start, first.span.end)
    before = scene.text[scene.sentence.span.start : first.span.start].rstrip()
    if any(before.endswith(word) and _edge(scene, first, before, word) for word in rule.not_after):
        return None
    for fillers, end in _row(rule, 0, start, {}, scene, first):
        after = scene.text[end : scene.sentence.span.end].lstrip()
        if rule.closed and _noun_at(scene, end):
            continue
        if not rule.says(fillers):
            continue  # a row whose names fill no statement does not hide one that says something
        if not any(after.startswith(word) for word in rule.not_before):
            return Match(rule, scene.sentence, fillers, Span(first.span.start, end), "phrase", "Happened")
    return None


def crosses(match: Match) -> bool:
    """Tell whether a phrase goes across a sentence, so that its factuality is that of a predicate."""
    return any(isinstance(e, Gap) and e.across for e in getattr(match.rule, "elements", ()))


def standing(match: Match, clauses: Sequence[Clause]) -> Status | None:
    """Give a phrase's factuality: what a noun phrase says stands; what goes across a sentence, as its predicate."""
    if not crosses(match):
        return match.status
    following = [c for c in clauses if c.predicate.start >= match.span.end and c.form != "nominal"]
    if not following:
        return match.status
    clause = min(following, key=lambda c: c.predicate)
    return clause.status if clause.mood == "declarative" and not clause.denied else None


def _noun_at(scene: Scene, at: int) -> bool:
    """Tell whether the next morpheme is a noun, so that a noun phrase goes on."""
    following = next((t for t in scene.sentence.tokens if t.span.start >= at), None)
    return following is not None and following.tag in ("NNG", "NNP", "XSN")


def _edge(scene: Scene, first: Mention, before: str, word: str) -> bool:
    """Tell whether `word` at the end of `before` begins at a morpheme."""
    return scene.sentence.span.start + len(before) - len(word) in scene.boundaries


def _row(
    rule: PhraseRule,
    index: int,
    at: int,
    fillers: dict[str, tuple[Mention, ...]],
    scene: Scene,
    first: Mention | None = None,
) -> Iterator[tuple[dict[str, tuple[Mention, ...]], int]]:
    """Give each way in which the elements from `index` on can stand at `at`: fillers, and where they end."""
    if index == len(rule.elements):
        yield fillers, at
        return
    element = rule.elements[index]
    here = _past_space(scene, at)
    if isinstance(element, Word):
        for word in _longest_first(element.words):
            if scene.text.startswith(word, here) and _bounded(scene, here + len(word)):
                yield from _row(rule, index + 1, here + len(word), fillers, scene)
        if element.optional:
            yield from _row(rule, index + 1, at, fillers, scene)
    elif isinstance(element, Gap):
        for place in _gap(element, at, scene):
            yield from _row(rule, index + 1, place, fillers, scene)
    elif element.inside is not None:
        for outer in fillers.get(element.inside, ()):
            for nested in scene.mentions:
                if _is_part(nested, outer, element, scene):
                    yield from _row(rule, index + 1, at, {**fillers, element.name: (nested,)}, scene)
        if element.optional:
            yield from _row(rule, index + 1, at, fillers, scene)
    else:
        for mention in [first] if first else scene.starts.get(here, []):
            if scene.fills(mention, element) and scene.sentence.span.covers(mention.span):
                for names, end in _list_from(mention, element, scene):
                    yield from _row(rule, index + 1, end, {**fillers, element.name: names}, scene)
        if element.optional:
            yield from _row(rule, index + 1, at, fillers, scene)


@lru_cache(maxsize=4_096)
def _longest_first(words: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def _list_from(mention: Mention, role: Role, scene: Scene) -> Iterator[tuple[tuple[Mention, ...], int]]:
    """Give the list of names that begins with `mention`, whole; a role without separators takes one name.

    A parenthesis right behind a name is stepped over; for a row that goes on inside it, the name ends before it too.
    """
    names, at = [mention], _past_paren(scene.text, mention.span.end)
    while role.separators:
        here = _past_space(scene, at)
        separator = next((w for w in _longest_first(role.separators) if scene.text.startswith(w, here)), None)
        if separator is None:
            break
        following = [m for m in scene.starts.get(_past_space(scene, here + len(separator)), []) if scene.fills(m, role)]
        if not following:
            break
        names.append(following[0])
        at = _past_paren(scene.text, following[0].span.end)
    yield tuple(names), at
    if at > names[-1].span.end:
        yield tuple(names), names[-1].span.end


def _is_part(nested: Mention, outer: Mention, role: Role, scene: Scene) -> bool:
    if (
        nested.entity is None
        or not outer.span.covers(nested.span)
        or nested.span == outer.span
        or not scene.fills(nested, role)
    ):
        return False
    begins = _past_openers(scene.text, outer.span.start, outer.span.end) == nested.span.start
    start, end = nested.span.start, nested.span.end
    if not _HYPHENS.isdisjoint(scene.text[max(0, start - 1) : start] + scene.text[end : end + 1]):
        return False  # 델리-뭄바이 고속도로 is in neither
    ends_word = nested.span.end < outer.span.end and scene.text[nested.span.end].isspace()
    return (role.at in ("start", "edge") and begins) or (role.at in ("end", "edge") and ends_word)


def _gap(gap: Gap, at: int, scene: Scene) -> Iterator[int]:
    """Give where the next element may stand after a gap: here, then at each morpheme within reach."""
    yield at
    words = 0
    for token in scene.sentence.tokens:
        if token.span.start < at:
            continue
        if not gap.across and token.tag in _PHRASE_ENDS:
            return
        if token.span.start > at and token.span.start != at:
            if scene.text[token.span.start - 1].isspace():
                words += 1
            if words > gap.longest:
                return
            yield token.span.start


class _Among(dict[str, bool]):
    """Tells of characters whether they are among some, or of some general categories; each is looked up once."""

    def __init__(self, marks: str, categories: tuple[str, ...]) -> None:
        super().__init__()
        self._marks, self._categories = frozenset(marks), categories

    def __missing__(self, character: str) -> bool:
        found = character in self._marks or unicodedata.category(character) in self._categories
        if len(self) < _CHARACTERS:
            self[character] = found
        return found


_SPACE_OR_MARK = _Among("'\"「」『』<>《》〈〉\t\n\v\f\r\x1c\x1d\x1e\x1f\x85", ("Pi", "Pf", "Zs", "Zl", "Zp"))
_OPENER = _Among("'\"", ("Ps", "Pi", "Pf"))
_CLOSER = _Among("'\"」』>》〉", ("Pf", "Pi"))


def _past_openers(text: str, at: int, end: int) -> int:
    while at < end and _OPENER[text[at]]:
        at += 1
    return at


def _past_space(scene: Scene, at: int) -> int:
    """Step over white space and quotation marks."""
    text, end = scene.text, scene.sentence.span.end
    while at < end and _SPACE_OR_MARK[text[at]]:
        at += 1
    return at


def _past_paren(text: str, at: int) -> int:
    """Step over a closing quotation mark and one parenthesis directly after a name."""
    here = at
    while here < len(text) and _CLOSER[text[here]]:
        here += 1
    opened = here + 1 if here < len(text) and text[here] == " " else here
    if opened < len(text) and text[opened] in "(（[":
        for close in range(opened + 1, min(len(text), opened + _PAREN_LIMIT)):
            if text[close] in ")）]":
                return close + 1
            if text[close] in "(\n":
                break
    return here


def _bounded(scene: Scene, at: int) -> bool:
    return at in scene.boundaries or at >= scene.sentence.span.end or not scene.text[at].isalnum()
