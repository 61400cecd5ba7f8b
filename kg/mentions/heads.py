"""Names by their head noun: 한빛전자, 세계지능대회, 혁신응용 선도구, 산둥성."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from kg.mentions.candidates import PLACE, STRONG, WEAK, Candidate
from kg.mentions.chains import IN_HANJA, Chain, Part, Unit
from kg.mentions.grammar import BODIES, EVENTS, PLACES, POLICIES, SEATED, Head, NameGrammar
from kg.model import Span

_NUMBERED = EVENTS | {"Plan", "Policy", "Agreement", "Law", "Declaration"}
"""Classes whose names may begin with a year."""
_GLOSSED = frozenset({"Company", "University", "Facility"})
_COMPOUND = 3
_LISTED = re.compile(r"(?: ?[,·] ?| 및 )\Z")
"""Syllables before a head in a common noun that the analyser does not take apart: 국제맥주+축제."""
_SAID_OF = frozenset({"JKO", "JKS", "JX"})
_HANGUL = re.compile("[가-힣]")
_LONGEST_NAME = 8
"""Words in the longest name."""


class HeadReader:
    """Finds names by the head noun that ends them."""

    def __init__(self, grammar: NameGrammar) -> None:
        self._grammar = grammar
        self._before, self._after = tuple(grammar.before), tuple(grammar.after)
        self._decision = re.compile(rf" (?:[가-힣]{{1,5}} )?(?:{'|'.join(grammar.deciding)})")

    def read(self, text: str, chain: Chain, places: Mapping[Span, str], people: Sequence[Span]) -> Iterator[Candidate]:
        """Give the names in a run of nouns.

        `places` are stretches known as places, with their class; `people` those known as persons, over which no
        name reaches.
        """
        countries = [place for place, type_ in places.items() if type_ == "Country"]
        for index, part in enumerate(chain):
            for end, head in self._ends(chain, index, places):
                short = head.kind == "ending" or len(head.word) == 1  # 섬 is a noun as well
                if short and head.type != "PoliticalParty" and self._held(chain, index, places):
                    after = self._grammar.post_of(chain[index + 1].text) if index + 1 < len(chain) else None
                    seat = after is not None and head.type in self._grammar.posts_of.get(after[0], ())
                    person = self._grammar.is_korean_name(part.text) or head.word in self._grammar.personal
                    person = person and not seat
                    if person or part.parenthesis is not None and IN_HANJA.match(text, *part.parenthesis):
                        continue
                found = self._name(text, chain, index, end, head, places, people)
                if found is None and head.type in POLICIES:
                    found = self._decided(text, chain, index, end, head, people)
                if found is not None:
                    yield found
            if index + 1 < len(chain) and (office := self._office(text, chain, index, places)) is not None:
                yield office
            if part.parenthesis is not None and (firm := self._glossed(text, chain, index)) is not None:
                yield firm
            yield from self._alone(text, part)
            yield from self._marked(text, part)
            for place in countries:
                if place.start == part.span.start:
                    word, _, tag = part.tail.partition("/")  # the analyser takes 군 for what follows a young man's name
                    end = part.span.end + (len(word) if tag == "NNB" else 0)
                    if text[place.end : end] in self._grammar.forces:
                        yield Candidate(Span(place.start, end), "GovernmentBody", "head:forces", STRONG)

    def _held(self, chain: Chain, index: int, places: Mapping[Span, str]) -> bool:
        """Tell whether a word stands before what follows a person's name: a form of address, or a post.

        The second word of a name may stand before the place of the post as well: 개빈 뉴섬 캘리포니아 주지사.
        """
        if chain[index].tail.endswith("/NNB"):
            return True
        first = chain[index - 1] if index else None
        second = first is not None and not first.tail and first.proper and self._place(first, places) is None
        if second and index + 2 < len(chain) and self._place(chain[index + 1], places) in PLACES:
            if self._grammar.post_of(chain[index + 2].text) is not None:
                return True
        return index + 1 < len(chain) and self._grammar.post_of(chain[index + 1].text) is not None

    def _office(self, text: str, chain: Chain, index: int, places: Mapping[Span, str]) -> Candidate | None:
        """Give the ministry or agency that a minister's post stands after: 사회기획부 장관, with its country before."""
        part, grammar = chain[index], self._grammar
        if part.tail or part.parenthesis or len(part.text) < 3 or not part.text.endswith(grammar.ministries):
            return None
        if not chain[index + 1].text.startswith(grammar.ministers):
            return None
        if part.text in grammar.never or part.text in grammar.generic:
            return None
        if part.text in grammar.bare or any(unit.span.of(text) in grammar.posts for unit in part.units[-1:]):
            return None
        before = chain[index - 1] if index else None
        country = before is not None and not before.tail and self._place(before, places) == "Country"
        start = before.span.start if before is not None and country else part.span.start
        return Candidate(Span(start, part.span.end), "GovernmentBody", "head:ministry", WEAK)

    def _glossed(self, text: str, chain: Chain, index: int) -> Candidate | None:
        """Give the firm, school or port whose head comes after a name and its hanja: 규슈(九州)전력, 다롄(大連)항."""
        part, after = chain[index], chain[index + 1] if index + 1 < len(chain) else None
        inside = part.parenthesis
        if after is None or inside is None or _HANGUL.search(text, inside.start, inside.end):
            return None
        head = next((h for h in self._grammar.heads_of(after.text) if h.type in _GLOSSED), None)
        if head is None or head.kind == "before" or head.word != after.text:
            return None
        if len(head.word) < 2 and (head.type == "Company" or after.span.start > inside.end):
            return None
        whole = Span(part.span.start, after.span.end)
        return Candidate(whole, head.type, f"head:{head.word}", STRONG, name=part.text + after.text)

    def quoted(self, words: str) -> Head | None:
        """Give the head of a quoted title: any head that the title ends with and is longer than."""
        law = next((h for h in self._grammar.heads.get(words[-1:], ()) if h.type == "Law" and h.kind == "ending"), None)
        if law is not None and len(words) >= 3:
            return law
        last = words.rsplit(maxsplit=1)[-1] if words.split() else ""
        for head in self._grammar.heads_of(last):
            if len(words) <= len(head.word):
                continue
            numbered = head.kind == "weak" and head.type == "Facility"
            if head.kind == "strong" or head.type not in BODIES | PLACES and head.kind == "weak" or numbered:
                return head
        return None

    def _alone(self, text: str, part: Part) -> Iterator[Candidate]:
        grammar = self._grammar
        start, whole = part.span
        for table in (grammar.bare, grammar.alone):
            for unit in part.units:
                end = unit.span.end
                if (type_ := table.get(text[start:end])) is not None and (
                    end == whole or text[end:whole] in grammar.side
                ):
                    # every city has a 컨벤션센터
                    own = type_ == "Venue"
                    name = text[start:end] if own else ""
                    yield Candidate(Span(start, end), type_, f"head:{text[start:end]}", STRONG, private=own, name=name)

    def _marked(self, text: str, part: Part) -> Iterator[Candidate]:
        """Give the name that a sign of incorporation stands before or after: ㈜한빛, 한빛(주)."""
        end = part.span.start
        while end and text[end - 1] == " ":
            end -= 1
        if text.endswith(self._before, 0, end):
            for mark, type_ in self._grammar.before.items():
                if text.endswith(mark, 0, end) and part.text != mark:
                    yield Candidate(part.span, type_, f"head:{mark}", STRONG)
                    return
        if text.startswith(self._after, part.span.end):
            for mark, type_ in self._grammar.after.items():
                if text.startswith(mark, part.span.end) and not mark[0].isalpha():
                    yield Candidate(part.span, type_, f"head:{mark}", STRONG)
                    return

    def _supported(self, chain: Chain, index: int, places: Mapping[Span, str]) -> bool:
        """Tell whether a place must stand here: after its country, or before a body's head (오타루시 대표단)."""
        before = chain[index - 1] if index else None
        if before is not None and not before.tail and self._place(before, places) in {"Country", "Region", "Place"}:
            return True
        after = chain[index + 1] if index + 1 < len(chain) and not chain[index].tail else None
        heads = self._grammar.heads_of(after.text) if after is not None else ()
        return any(h.type in BODIES and h.kind == "strong" for h in heads)

    def _ends(self, chain: Chain, at: int, places: Mapping[Span, str]) -> Iterator[tuple[int, Head]]:
        """Give where in a word of a run a name may end, and the head that ends it."""
        grammar, part = self._grammar, chain[at]
        for index, unit in enumerate(part.units):
            rest = part.text[unit.span.end - part.span.start :]
            if rest and not (rest in grammar.side or rest in grammar.plural or rest in grammar.bare):
                continue
            written = part.text[: unit.span.end - part.span.start]
            for head in grammar.heads_of(written):
                begin = unit.span.end - len(head.word)
                if head.kind == "ending":
                    if self._ending_holds(chain, at, index, head, places):
                        yield unit.span.end, head
                elif len(head.word) > 2 or any(
                    begin == u.span.start
                    or u.span.start < begin < u.span.end
                    and (u.proper or head.kind == "strong" and begin - u.span.start >= _COMPOUND)
                    for u in part.units
                ):
                    yield unit.span.end, head

    def _ending_holds(self, chain: Chain, at: int, index: int, head: Head, places: Mapping[Span, str]) -> bool:
        """Tell whether a one-syllable head really ends the name of a place or body."""
        part = chain[at]
        unit = part.units[index]
        length = unit.span.end - part.span.start
        if " " in part.text[:length]:  # a foreign name of several words, whatever its last syllable
            return False
        if part.text[:length].endswith(self._grammar.no_place_ends):
            return False
        alone = unit.span.start == part.span.start
        if length < 3 or unit.span.end < part.span.end and part.text[length:] not in self._grammar.side:
            return False
        if head.word in self._grammar.whole_endings:
            return alone and unit.tag == "NNG"  # 공정위; 조코위 is a person
        if head.word in self._grammar.bureau_endings:
            seat = chain[at - 1] if at else None
            seated = seat is not None and not seat.tail and self._place(seat, places) in {"City", "Region"}
            return seated and part.span not in places and part.text[:length] not in self._grammar.never
        if head.word in self._grammar.office_endings and alone and unit.tag == "NNP":
            return self._supported(chain, at, places)  # 일본 디지털청; 가오후청 is a person
        if head.word in self._grammar.office_endings:
            return (
                unit.tag in {"NNG", "NNP", "XSN"}
                and part.text[unit.span.start - part.span.start : length] not in self._grammar.never
            )
        if head.type == "GovernmentBody":
            return length >= 4 and index >= 2 and unit.tag in {"NNG", "XSN"} and unit.span.end - unit.span.start <= 3
        if alone and unit.tag == "NNP" and head.word in self._grammar.address_endings:
            return True
        if alone and unit.tag == "NNP" and head.word in self._grammar.like_names and self._supported(chain, at, places):
            return True
        after = self._grammar.post_of(chain[at + 1].text) if alone and not part.tail and at + 1 < len(chain) else None
        if after is not None and unit.tag == "NNP" and head.type in self._grammar.posts_of.get(after[0], ()):
            return True  # 양저우시 시장
        particle, _, tag = part.tail.partition("/")
        placed = tag == "JKB" and particle in self._grammar.place_particles and length == len(part.text) >= 4
        if alone and unit.tag == "NNP" and head.word in self._grammar.place_kinds and placed:
            return True  # 자오저우시에: what is four syllables long and a place by its particle is no person
        if alone and unit.tag == "NNP":
            person = self._grammar.is_korean_name(part.text[:length]) and head.word not in self._grammar.landforms
            return head.word not in self._grammar.like_names and not person
        before = part.units[index - 1] if index else None
        return (
            before is not None
            and before.tag == "NNP"
            and unit.span.end - unit.span.start == len(head.word)
            and index == 1
        )

    def _name(
        self,
        text: str,
        chain: Chain,
        index: int,
        end: int,
        head: Head,
        places: Mapping[Span, str],
        people: Sequence[Span],
    ) -> Candidate | None:
        part = chain[index]
        units = [unit for unit in part.units if unit.span.end <= end]
        glued = [unit for unit in units if unit.span.end <= end - len(head.word)]
        cut = units[len(glued)] if len(glued) < len(units) else None
        inside = cut is not None and cut.span.start < end - len(head.word)  # the head is the end of a longer unit
        own = bool(glued) or inside or head.word in self._grammar.bare
        told = {} if head.type in EVENTS else places  # an event is named by what it is about, a plan is not
        proper = any(self._proper(u, text, told) for u in glued) or (
            inside and cut is not None and self._proper(cut, text, told)
        )
        telling = [u for u in glued if u.span.of(text) not in self._grammar.generic]
        before = "" if not glued and not inside else text[part.span.start : end - len(head.word)]
        one = cut is not None and cut.proper and cut.span == part.span and head.type == "Company"
        one = one and part.tail.partition("/")[2].startswith("J")  # 우리금융은
        enough = bool(telling) or (inside and (before not in self._grammar.generic or one))
        start = part.span.start
        if head.kind == "ending":
            stem = places.get(Span(start, end - len(head.word)))
            if stem == "Topic":  # 자유무역+항 is a kind of port, no port
                return None
            if stem in PLACES and head.word in self._grammar.side:  # 독일+산 is where a thing is from
                return None
            if head.type == "GovernmentBody" and index and not chain[index - 1].tail:
                seat = chain[index - 1]
                if self._place(seat, places) in PLACES:  # 칭다오시 상무국 is no other city's
                    start = seat.span.start
            return Candidate(Span(start, end), head.type, f"head:{head.word}", PLACE if head.type in PLACES else WEAK)
        left = self._left(text, chain, index, head, own and enough, places, people)
        listed = bool(left) and head.type in EVENTS and self._last_of_list(text, left[0], places)
        if listed:
            left = left[1:]
        if left:
            start = left[0].span.start
            proper = proper or any(
                any(self._proper(u, text, told) for u in p.units)
                or self._place(p, places) not in ({None} if head.type in EVENTS else {None, "Topic"})
                for p in left
            )
            enough = enough or any(self._tells(text, p) for p in left)
        if head.type in EVENTS | {"Plan", "Policy"} and head.kind == "strong" and not proper:
            words = [u for p in left for u in p.units] + glued
            topics = {s for s, t in places.items() if t == "Topic" and any(s.covers(u.span) for u in words)}
            told_by = sum(self._telling(text, u) or self._scope(text, u, chain, index, head) for u in words)
            told_by += sum(not any(self._telling(text, u) for u in words if s.covers(u.span)) for s in topics)
            enough = (
                told_by >= 2
                or any(u.span.end - u.span.start > _COMPOUND + 1 and self._telling(text, u) for u in glued)
                or inside
                or bool(set(text[start:end]) & set("0123456789"))
            )
        if head.type == "Facility" and own and any(unit.tag == "SN" for unit in glued):
            return Candidate(
                Span(start, end), "Facility", f"head:{head.word}", WEAK, private=True, name=text[start:end]
            )
        if head.type in {"Project", "Facility"} and head.kind == "strong" and not proper:
            return None
        if head.type == "Facility" and self._national(text, start, end, head, places):
            return None
        if head.word in self._grammar.bare and not glued and not inside:
            enough = proper = bool(left)
        if head.kind == "weak" and not own and part.text in self._grammar.posts:
            return None
        if not enough or (head.kind == "weak" and not proper) or Span(start, end).of(text) == head.word:
            return None
        if head.word in self._grammar.national and not any(
            p.start == start and t in {"Country", "Region", "Place"} for p, t in places.items()
        ):
            return None
        type_ = head.type
        if head.word in self._grammar.local_bodies and any(
            p.start == start and t in {"City", "Region", "GovernmentBody"} for p, t in places.items()
        ):
            type_ = "GovernmentBody"
        rank = STRONG if head.kind == "strong" else WEAK
        # Any two may have an 우호도시 협정, any province a 인민위원회.
        common = head.type == "Agreement" or head.word in self._grammar.local_laws
        common = not proper and (common or head.type in SEATED and len(telling) < 2 and not left)
        if (
            common
            or listed
            or head.word in self._grammar.plants
            and not any(start <= p.start and p.end <= end and t in BODIES for p, t in places.items())
        ):  # many firms have a 하노이 공장
            return Candidate(Span(start, end), type_, f"head:{head.word}", rank, private=True, name=text[start:end])
        return Candidate(Span(start, end), type_, f"head:{head.word}", rank)

    def _decided(
        self, text: str, chain: Chain, index: int, end: int, head: Head, people: Sequence[Span]
    ) -> Candidate | None:
        """Give a plan or law told by common nouns, of which it is said that it is decided: 수도 이전 계획을 발표했다.

        Any city may have such a one, so that it is its document's alone.
        """
        part = chain[index]
        particle, _, tag = part.tail.partition("/")
        if tag not in _SAID_OF or end < part.span.end or not self._decision.match(text, end + len(particle)):
            return None
        first = index
        while first and not (chain[first - 1].tail or chain[first - 1].parenthesis or index - first == _LONGEST_NAME):
            before = chain[first - 1]
            if before.text in self._grammar.stop or any(person.overlaps(before.span) for person in people):
                break
            first -= 1
        while first < index and (chain[first].text in self._grammar.bare or chain[first].text in self._grammar.posts):
            first += 1
        words = [u for p in chain[first : index + 1] for u in p.units if u.span.end <= end - len(head.word)]
        start = chain[first].span.start
        whole = part.units[-1].span.start < end - len(head.word) and len(part.text) > len(head.word) + 1
        if not any(self._telling(text, u) for u in words) and not whole:
            return None
        if head.type != "Law" and len(words) < 2 and not any(u.span.end - u.span.start > _COMPOUND for u in words):
            return None  # 인수 계획 may be any
        return Candidate(Span(start, end), head.type, f"head:{head.word}", WEAK, private=True, name=text[start:end])

    @staticmethod
    def _national(text: str, start: int, end: int, head: Head, places: Mapping[Span, str]) -> bool:
        """Tell whether nothing but a country stands before the head: 일본 공장 is any factory there."""
        before = text[start : end - len(head.word)].rstrip(" ")
        return places.get(Span(start, start + len(before))) == "Country"

    def _left(
        self,
        text: str,
        chain: Chain,
        index: int,
        head: Head,
        own: bool,
        places: Mapping[Span, str],
        people: Sequence[Span],
    ) -> list[Part]:
        """Give the words before the head's own that belong to the name."""
        taken: list[Part] = []
        for part in reversed(chain[max(0, index - _LONGEST_NAME) : index]):
            if (
                part.tail
                or part.text.endswith(self._grammar.plural)
                or part.text in self._grammar.stop
                or part.text in self._grammar.posts
                or (head.type in SEATED and part.text in self._grammar.meant_for)
                or (head.type == "Company" and self._grammar.member_class(part.text) == "Company")
                or (head.type in POLICIES and head.kind == "weak" and part.text in self._grammar.bare)
            ):
                break
            if any(person.overlaps(part.span) for person in people) or (part.parenthesis and head.type in SEATED):
                break
            if head.type in SEATED and not self._belongs(part, head, own, places, taken):
                break
            posted = index + 1 < len(chain) and self._grammar.post_of(chain[index + 1].text) is not None
            if posted and head.type == "GovernmentBody" and part.proper and self._grammar.is_korean_name(part.text):
                if self._place(part, places) is None and not self._ends_body(part, places):
                    break  # 김가람 환경부 장관
            taken.append(part)
        taken.reverse()
        if len(taken) == 1 and head.word in self._grammar.plants and taken[0].text in self._grammar.wares:
            taken.clear()  # 반도체 공장
        while taken and taken[0].text.isdigit() and head.type not in _NUMBERED:
            taken.pop(0)
        while taken and taken[0].text.isdigit() and not (len(taken[0].text) == 4 and taken[0].text[:2] in {"19", "20"}):
            taken.pop(0)
        return taken

    def _belongs(self, part: Part, head: Head, own: bool, places: Mapping[Span, str], taken: Sequence[Part]) -> bool:
        """Tell whether a word before a body or place is part of its name."""
        place = self._place(part, places)
        if own and place == "Topic" and not taken and head.type not in {"Venue", "Facility", "Company", *PLACES}:
            return True  # 인공지능 전략본부
        if own:
            if head.word in self._grammar.bare and place in BODIES:
                return False
            if head.type == "GovernmentBody" or (place in BODIES and head.word in self._grammar.division):
                return place in PLACES | BODIES or self._ends_body(part, places)  # 중국 공산당 | 중앙정치국
            if head.type in {"Venue", "Facility"}:
                return False
            begins = place in {"City", "Region", "Place"}
            return head.type not in {"Company", *PLACES} and head.kind == "strong" and begins
        if head.kind == "weak" and head.type == "Company":
            latin = place is None and all(u.tag in {"SL", "SH"} for u in part.units)
            held = head.word in self._grammar.conglomerates and (place == "Company" or place is None and part.proper)
            return not taken and (latin or held)
        if head.kind == "weak" and head.type != "GovernmentBody":
            swallowed = place is None and len(part.text) > 2 and part.text[-1] in self._grammar.swallowed_particles
            apart = head.type in {"Region", "City"} and bool(taken) and place is not None  # 조지아주 | 브라이언 카운티
            wares = head.word in self._grammar.plants and part.text in self._grammar.wares
            if wares or taken and taken[-1].text in self._grammar.wares:
                return not taken if wares else place in {"City", "Region"} and len(taken) == 1
            return part.proper and len(taken) < 2 and not swallowed and not apart
        if taken and self._place(taken[-1], places) is not None and place is None and part.proper:
            return False
        return len(taken) < 4

    def _proper(self, unit: Unit, text: str, places: Mapping[Span, str]) -> bool:
        """Tell whether a noun tells which one: it is proper, no topic, and no kind of thing by its letters (AI)."""
        topic = any(type_ == "Topic" and place.covers(unit.span) for place, type_ in places.items())
        return unit.proper and not topic and unit.span.of(text) not in self._grammar.abbreviations

    @staticmethod
    def _place(part: Part, places: Mapping[Span, str]) -> str | None:
        """Give the class of the known place with which a word ends."""
        for place, type_ in places.items():
            if place.end == part.span.end and place.start >= part.span.start:
                return type_
        return None

    @staticmethod
    def _ends_body(part: Part, places: Mapping[Span, str]) -> bool:
        """Tell whether the name of a known body of more than one word ends with a word."""
        return any(place.end == part.span.end and type_ in BODIES for place, type_ in places.items())

    def _last_of_list(self, text: str, part: Part, places: Mapping[Span, str]) -> bool:
        """Tell whether a place is the last of several: 한국, 중국, 일본 3국 정상회담 is no meeting of Japan's."""
        class_ = self._place(part, places)
        near = _LISTED.search(text, max(0, part.span.start - 3), part.span.start)
        return near is not None and any(p.end == near.start() and t == class_ for p, t in places.items())

    def _scope(self, text: str, unit: Unit, chain: Chain, index: int, head: Head) -> bool:
        """Tell whether a word says for whom an event is held (세계, 전국), which with one more word makes a name.

        Before a name of its own the words only say what kind of event that is (국제 게임 전시회 '한빛쇼').
        """
        last = index + 1 == len(chain) and (bool(chain[index].tail) or chain[index].parenthesis is not None)
        return head.type in EVENTS and last and unit.span.of(text) in self._grammar.scopes

    def _telling(self, text: str, unit: Unit) -> bool:
        return unit.tag not in {"SN", "XSN", "XPN"} and unit.span.of(text) not in self._grammar.generic

    def _tells(self, text: str, part: Part) -> bool:
        """Tell whether a word says which one: it is no number and not all of its nouns are generic."""
        return part.text not in self._grammar.generic and any(
            unit.tag != "SN" and unit.span.of(text) not in self._grammar.generic for unit in part.units
        )
