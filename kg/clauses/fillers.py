"""From a unit that bears a role to the noun phrase, its head, and the mentions that fill the role.

The filler is the longest name that ends where the phrase's last word ends; with it come the names
coordinated with it (``A와 B가``, ``A·B``, ``A, B 및 C``) and the members of a list that the head sums up
(``A, B 등 기업들이``, ``A를 비롯한 기업들이``).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from kg.clauses.facts import Structure
from kg.clauses.grammar import Grammar, plain
from kg.clauses.predicates import Predicate
from kg.clauses.units import Unit
from kg.model import Argument, Mention, Span, TimeValue, Token

_PLACES = frozenset({"Place", "City", "Country", "Region", "Facility"})
_VALUES = ("Date", "Time", "Quantity")
_MARKS = "'\"’”」』>》〉)]）］】"
_OPENINGS = "'\"‘“「『<《〈([（［【"
_WITHIN = ("modifier", "conjunct", "small clause")
_LONGEST_LIST = 64
_NEAR = 24
"""Words before a predicate among which 각각 is looked for."""


class Fillers:
    """Finds the mentions of a sentence by where they end."""

    def __init__(
        self, text: str, structure: Structure, tokens: Sequence[Token], mentions: Iterable[Mention], grammar: Grammar
    ) -> None:
        self._text, self._s, self._tokens, self._g = text, structure, tokens, grammar
        self.mentions = sorted(mentions, key=lambda m: (m.span.start, -m.span.end, m.type))
        self._by_end: dict[int, list[Mention]] = {}
        self._places = {mention.span.start for mention in self.mentions if mention.type in _PLACES}
        for mention in self.mentions:
            if mention.type not in _VALUES:
                self._by_end.setdefault(mention.span.end, []).append(mention)
        self.values = [m for m in self.mentions if m.type in _VALUES or m.value is not None]
        self._starts = [unit.span.start for unit in structure.units]
        self._ends = [token.span.end for token in tokens]

    def argument(
        self, unit: int, role: str, particle: str, via: str = "own", topic: bool = False, headline: bool = False
    ) -> Argument:
        """Make the argument that a unit heads; in a headline a comma ends a phrase rather than joins a list."""
        noun = self._counted(unit)
        return Argument(
            role=role,  # type: ignore[arg-type]
            particle=particle,
            span=self._s.units[unit].content,
            phrase=self.phrase(unit, headline),
            head=self.head(self._s.units[noun]),
            mentions=self.fill(noun, headline),
            via=via,  # type: ignore[arg-type]
            topic=topic,
        )

    def bare(self, role: str, span: Span, phrase: Span) -> Argument:
        """Make the argument of words that stand without a particle inside a compound (정책발표)."""
        own = self._ending_at(span)
        found = (own,) if own is not None else ()
        return Argument(role, "", span, phrase, span.of(self._text), found, "bare")  # type: ignore[arg-type]

    def _counted(self, unit: int) -> int:
        """Give the unit of the noun that a quantity after it counts (공장 두 곳을, 지분 20%를), or the unit itself."""
        content = self._s.units[unit].content
        end = content.end
        if self._text[end - 1] in ")）":  # 과징금 5억 유로(약 7000억 원)를
            near = self._s.units[max(0, unit - _NEAR)].span.start
            told = re.split("[(（](?=[^(（]*$)", self._text[near:end])  # what the last parenthesis stands behind
            end = near + len(told[0].rstrip()) if len(told) > 1 else end
        count = next((m for m in self.values if m.type == "Quantity" and m.span.end == end), None)
        if count is None or self._by_end.get(content.end) or self._by_end.get(end):
            return unit
        before = unit
        while before > 0 and self._s.units[before].content.start > count.span.start:
            before -= 1
        before -= 1
        noun = self._s.units[before] if before >= 0 else None
        if noun is None or noun.kind != "noun" or noun.case != "bare" or noun.comma or self.is_value(noun.content):
            return unit
        joined = self._s.relations[before] == "modifier" and not self._summed(unit)
        return before if joined else unit

    def within(self, words: Span) -> range:
        """Give the units that begin within some words."""
        return range(bisect_left(self._starts, words.start), bisect_left(self._starts, words.end))

    def distributes(self, predicate: Predicate) -> bool:
        """Tell whether 각각 stands before a predicate, among the words that may be its own."""
        units = self._s.units[max(0, predicate.unit - _NEAR) : predicate.unit]
        return any(self._g.has("distributives", unit.content.of(self._text)) for unit in units)

    def is_value(self, content: Span) -> bool:
        """Tell whether words are a time or a quantity and so fill no role."""
        return any(m.span.covers(content) for m in self.values)

    def is_time(self, content: Span) -> bool:
        """Tell whether words are a time."""
        return any(isinstance(m.value, TimeValue) and m.span.covers(content) for m in self.values)

    def post(self, content: Span) -> Mention | None:
        """Give the post that the words of an argument end with, if they end with one."""
        return next((m for m in self._by_end.get(content.end, ()) if m.type == "Post"), None)

    def is_named(self, noun: Span) -> bool:
        """Tell whether a noun closes a longer name ('청정도시 선언') and so says nothing of its own."""
        return any(m.span.start < noun.start for m in self._by_end.get(noun.end, ()) if m.type != "Group")

    def phrase(self, unit: int, headline: bool = False) -> Span:
        """Give the noun phrase up to a unit: the nouns, genitives and determiners before it that belong to it."""
        quotes = set(self._s.units[unit].quotes)
        s = self._s
        first = unit
        while first > 0 and unit - first < _LONGEST_LIST:
            before = first - 1
            if before > 0 and s.units[before].case == "bare" and self.is_time(s.units[before].content):
                before -= 1 if s.units[before - 1].particle == "의" else 0  # A의 지난해 매출
            head = s.heads[before]
            if s.relations[before] not in _WITHIN or head is None or not before < head <= unit:
                break
            if headline and (s.units[before].comma or quotes - set(s.units[before].quotes)):
                break
            first = before
        return Span(s.units[first].span.start, max(s.units[unit].content.end, s.units[first].span.start))

    def head(self, unit: Unit) -> str:
        """Give the last run of nouns of a unit, without plural suffix and what brackets add: 국내총생산(GDP)."""
        tokens = [t for t in unit.tokens if t.span.start < unit.content.end]
        opened = next((at for at in range(len(tokens) - 1, 0, -1) if tokens[at].tag == "SSO"), 0)
        if opened and tokens[-1].tag == "SSC":
            tokens = tokens[:opened]
        while tokens and (
            tokens[-1].tag[0] == "S" and tokens[-1].tag not in ("SL", "SH", "SN") or plain(tokens[-1].form) == "들"
        ):
            tokens.pop()
        if len(tokens) > 1 and plain(tokens[-1].form) == "직":  # 회장직을 맡았다
            before = self._by_end.get(tokens[-2].span.end, ())
            tokens = tokens[:-1] if any(mention.type == "Post" for mention in before) else tokens
        end = len(tokens)
        while end > 0 and tokens[end - 1].tag in (
            "NNG",
            "NNP",
            "NNB",
            "NP",
            "NR",
            "XSN",
            "XPN",
            "SL",
            "SH",
            "SN",
            "XR",
        ):
            end -= 1
        run = tokens[end:]
        if not run:
            return unit.content.of(self._text)
        return self._text[run[0].span.start : min(run[-1].span.end, unit.content.end)]

    def fill(self, unit: int, headline: bool = False) -> tuple[Mention, ...]:
        """Give the mentions that fill a role which a unit heads, in the order of the text."""
        it = self._s.units[unit]
        found: list[Mention] = []
        head = self.head(it)
        own = self._ending_at(it.content)
        if own.type == "Post" if own is not None else self._g.has("titles", head):
            own = self._titled(unit) or own
        own = own or self._called(it.content.end - len(head), head)
        if own is None and self._g.has("companions", head) and unit and self._s.relations[unit - 1] == "modifier":
            return self.fill(unit - 1)  # 왕하늘 다롄시장 일행
        if own is None and self._g.has("insides", it.noun) and unit and self._s.relations[unit - 1] == "modifier":
            return tuple(m for m in self.fill(unit - 1) if m.type in _PLACES)  # 인도 내에
        listed = own is None or head in ("등", "등지", "따위")
        members = self._summed(unit) if listed or own is not None and own.type == "Group" else ()
        if members and listed:
            found = list(members)
        elif own is not None and members:  # A, B 등 3개 업체: the group and those of its members that are named
            found = [*members, own]
        elif own is not None and own.type == "Group" and self._counted_twice(self.phrase(unit)):
            return (own,)
        elif own is not None:
            joined = self._coordinated(own.span.start, not headline)
            found = [own, *self._beside(own), *(m for m in joined if m.type not in self._owners(own))]
        elif headline:
            return ()
        else:
            found = self._coordinated(it.span.start, owned=False)
        for number in self._led_by(unit):
            found += self.fill(self._s.arguments[number][-1])
        return tuple(sorted(set_of(found), key=lambda m: (m.span.start, m.span.end, m.type)))

    def _ending_at(self, content: Span) -> Mention | None:
        """Give the longest mention that ends where the content ends; closing marks and (…) may be left out."""
        text = self._text
        ends = [content.end]
        end = content.end
        for _ in range(4):
            if end > content.start and text[end - 1] in _MARKS:
                if text[end - 1] in ")]）］":
                    opening = max(text.rfind(mark, 0, end) for mark in "([（［")
                    if 0 <= opening and end - opening < 80:
                        inside = end - 1
                        end = opening
                        while end > 0 and text[end - 1] == " ":
                            end -= 1
                        ends += [end, inside]  # a name before its parenthesis rather than the one in it
                        continue
                end -= 1
                ends.append(end)
            elif end > content.start and text[content.start : end].endswith(("들", "측", "씨", "직")):
                end -= 1
                ends.append(end)
            else:
                break
        for end in ends:
            here = self._by_end.get(end)
            if here:
                return min(here, key=lambda m: (m.span.start, m.type))
        return None

    def _called(self, end: int, head: str) -> Mention | None:
        """Give the quoted name before the noun that tells its class: '디지털 지갑' 정책."""
        before = end
        while before > 0 and self._text[before - 1] in _MARKS + " ":
            before -= 1
        named = self._by_end.get(before, ()) if before < end else ()
        return next((m for m in named if m.found == f"quoted:{head}" and m.type != "Product"), None)

    def _beside(self, own: Mention) -> list[Mention]:
        """Give the other things that the same words stand for (양사, 두 도시)."""
        if not own.together:
            return []
        return [m for m in self._by_end[own.span.end] if m.together and m.span == own.span]

    def _owners(self, own: Mention) -> set[str]:
        """Give the classes of whose a group is by its first words: 한국과 중국의 기업인 300명 are of both."""
        if own.type != "Group":
            return set()
        ends = range(own.span.start + 1, own.span.end)
        inner = [m for end in ends for m in self._by_end.get(end, ()) if m.span.start == own.span.start]
        return {m.type for m in inner if self._text.startswith("의 ", m.span.end)}

    def _coordinated(self, start: int, commas: bool = True, owned: bool = True) -> list[Mention]:
        """Give the mentions joined to what begins at `start` by 와/과, 및, commas or middle dots.

        Unless `owned`, not those joined to an owner of it: A와 B의 회사 is one company.
        """
        found: list[Mention] = []
        for _ in range(_LONGEST_LIST):
            end = self._before_joint(start, commas)
            if end is None:
                end = self._before_joint(self._conjunct_start(start, owned), commas)
            if end is None:
                break
            mention = self._ending_at(Span(max(0, end - 80), end))
            if mention is None or self._partner(mention):
                break
            if mention.type == "Post":
                mention = self._titled(self._unit_of(mention)) or mention
            found.append(mention)
            start = mention.span.start
        return found

    def _titled(self, unit: int) -> Mention | None:
        """Give the person whom a title at a unit names (김가람 대표, 김가람 한빛시 시장)."""
        for at in range(unit - 1, max(unit - 9, -1), -1):
            it = self._s.units[at]
            if it.kind == "modifier" and self._s.relations[at] == "modifier":
                continue  # 전, 현
            if self._s.relations[at] != "modifier" or it.case not in ("bare", "genitive") or it.comma:
                return None
            if it.case == "genitive" and self.post(it.content) is not None:
                return None  # 김가람 시장의 비서실장
            aged = self._text.find("(", it.content.start, it.content.end)  # 김가람(65) 한빛시 시장
            content = Span(it.content.start, aged) if aged > it.content.start else it.content
            before = self._ending_at(content) if it.case == "bare" else None
            if before is not None and before.type in ("Person", "Official"):
                return before
        return None

    def _conjunct_start(self, start: int, owned: bool) -> int:
        """Give where the list item begins whose name begins at `start`: before its bare modifiers (상하이 시장 …)."""
        s = self._s
        at = max(0, bisect_right(self._starts, start) - 1)
        for _ in range(4):
            before = at - 1
            cases = ("bare", "genitive") if owned else ("bare",)
            if before < 0 or s.relations[before] != "modifier" or s.units[before].case not in cases:
                break
            if s.units[before].comma:
                break
            at = before
        return s.units[at].span.start if s.units else start

    def _led_by(self, unit: int) -> list[int]:
        """Give the predicate before a phrase that adds members to it: A, B를 비롯해 C가."""
        s = self._s
        first = unit
        while first > 0 and s.relations[first - 1] in ("modifier", "conjunct") and unit - first < 12:
            first -= 1
        number = s.owner.get(first - 1) if first > 0 else None
        if number is None or s.predicates[number].closing != "EC" or not s.arguments[number]:
            return []
        return [number] if self._g.has("including", s.predicates[number].lemma) else []

    def _unit_of(self, mention: Mention) -> int:
        return max(0, bisect_right(self._starts, mention.span.end - 1) - 1)

    def _partner(self, mention: Mention) -> bool:
        """Tell whether a name before 와 is an argument of its own (A와 협약을 체결), not an item of the list."""
        at = self._unit_of(mention)
        return self._s.relations[at] == "argument" and self._s.roles[at] == "adverbial"

    def _before_joint(self, start: int, commas: bool) -> int | None:
        """Give where the item before a joint (와, comma, 및, ·) ends, if a joint stands right before `start`."""
        at = bisect_right(self._ends, start) - 1
        seen = False
        while at >= 0:
            token = self._tokens[at]
            form = plain(token.form)
            mark = token.tag in ("SP", "SW") and (form in "·/ㆍ‧・" or (commas and form in ",、，"))
            mark = mark or token.tag in ("SO", "SW") and form in "∼~〜-–" and self._joins_places(token.span)
            if token.tag == "JC" or mark or self._g.has("joints", form):
                seen = True
            elif token.tag == "JKB" and form in ("와", "과") and seen:
                pass
            elif seen:
                return token.span.end
            elif not (token.tag in ("SSO", "SS") or token.form in _OPENINGS):
                return None
            at -= 1
        return None

    def _joins_places(self, mark: Span) -> bool:
        """Tell whether a dash stands between two places: 부산∼오사카 노선."""
        before = any(m.type in _PLACES for m in self._by_end.get(mark.start, ()))
        return before and mark.end in self._places

    def _summed(self, unit: int) -> tuple[Mention, ...]:
        """Give the members of the list that a phrase sums up: A, B 등 (…) 기업들; A를 비롯한 기업들."""
        s = self._s
        at = unit
        while at >= 0 and unit - at < 12:
            it = s.units[at]
            nouns = [t for t in it.tokens if t.tag == "NNB" and plain(t.form) in ("등", "등지")]
            if nouns and (at == unit or s.relations[at] in ("modifier", "conjunct") or at == unit):
                if self._counted_twice(Span(nouns[0].span.end, s.units[unit].content.end)):
                    return ()
                end = self._end_before(nouns[0].span.start)
                return self._members(end)
            number = s.owner.get(at)
            if number is not None and s.predicates[number].unit == at:
                predicate = s.predicates[number]
                if predicate.closing == "ETM" and self._g.has("including", predicate.lemma) and s.arguments[number]:
                    return self.fill(s.arguments[number][-1])
                return ()
            if at < unit and s.relations[at] not in ("modifier", "conjunct"):
                return ()
            at -= 1
        return ()

    def _counted_twice(self, words: Span) -> bool:
        """Tell whether two things are counted: a list before them is of the first (미국, 독일 등 12개국 300개 기업)."""
        return sum(m.type == "Quantity" and words.covers(m.span) for m in self.values) > 1

    def _members(self, end: int) -> tuple[Mention, ...]:
        mention = self._ending_at(Span(max(0, end - 80), end))
        if mention is None:
            return ()
        if mention.type == "Post":
            mention = self._titled(self._unit_of(mention)) or mention
        found = [mention, *self._coordinated(mention.span.start)]
        return tuple(sorted(set_of(found), key=lambda m: (m.span.start, m.span.end, m.type)))

    def _end_before(self, start: int) -> int:
        at = bisect_left(self._ends, start + 1)
        while at > 0 and self._tokens[at - 1].span.end > start:
            at -= 1
        while at > 0 and self._tokens[at - 1].tag == "SP":
            at -= 1
        return self._tokens[at - 1].span.end if at > 0 else start


def set_of(mentions: Iterable[Mention]) -> list[Mention]:
    """Give mentions without repeats (by span, type and thing), the first of each."""
    seen: dict[tuple[Span, str, str], Mention] = {}
    for mention in mentions:
        thing = mention.entity.key if mention.together and mention.entity is not None else ""
        seen.setdefault((mention.span, mention.type, thing), mention)
    return list(seen.values())
