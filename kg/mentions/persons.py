"""Persons: by post, by calling, by 씨, by the shape of a Korean name; and the words of posts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from kg.mentions.candidates import GUESS, LISTED, POST, WEAK, Candidate
from kg.mentions.chains import IN_HANJA, Chain, Part
from kg.mentions.grammar import BODIES, PEOPLE, PLACES, NameGrammar
from kg.mentions.shapes import NameShapes
from kg.model import Span

_HANGUL = re.compile(r"[가-힣]+")
_HANGUL_WORDS = re.compile(r"[가-힣]{1,7}(?: [가-힣]{1,7}){1,2}")
_ABBREVIATION = re.compile(r"[A-Z&]{2,6}")
_BRACKET = r"(?: ?[(（][^()（）]{1,24}[)）])?"
_UNNAMED = "post:unnamed"
_PHRASES, _LONGEST_WORD = 3, 7
"""Runs of nouns after a name in which to look for the post that it is given, and syllables of its words."""
_NEAR = 40
"""How many characters on a word counts as what a name does."""


_PRICE = r"(?:약 )?\d[\d,.]*[조억만천백]*(?: \d[\d,.]*[만천백]*)? ?[가-힣]{1,3}에"


class PersonReader:
    """Finds persons and posts in runs of nouns, and anonymous persons in the characters."""

    def __init__(self, grammar: NameGrammar) -> None:
        self._grammar = grammar
        self._shapes = NameShapes(grammar)
        family = "|".join(sorted(grammar.short))
        honorific = "|".join(sorted(grammar.honorific))
        unnamed, sure = "|".join(sorted(grammar.unnamed)), "|".join(sorted(grammar.sure))
        self._unnamed = re.compile(
            rf"(?<![가-힣])({family}) ?(?:{unnamed})({_BRACKET}) ?((?:{honorific})?)(?![가-힣]{{3,}})"
        )
        self._family_only = re.compile(
            rf"(?<![가-힣])({family})(?:[(（]\d{{1,3}}[^()（）]{{0,12}}[)）])? ?(?:{sure})(?![가-힣]{{3,}})"
        )
        self._letter = re.compile(
            rf"(?<![A-Za-z0-9])([A-Z]){_BRACKET} ?(?:{honorific})(?={'|'.join(grammar.after_letter)}|[,. ·(]|$)"
        )
        self._business = re.compile("|".join(grammar.business))
        self._taken_over = re.compile(
            rf"(?: {_PRICE})? (?:{'|'.join(grammar.taking_over)})(?:{'|'.join(grammar.light)})"
        )
        self._trading = re.compile(rf"(?:{'|'.join(grammar.trading)})(?:{'|'.join(grammar.light)})")
        self._given, self._taken = (
            re.compile(rf"(?: [가-힣]{{1,4}})? (?:{'|'.join(verbs)})(?![가-힣]*[을를이가])")
            for verbs in (grammar.appointing, grammar.taking_office)
        )
        # What stands before a post that somebody takes on is its body: 누비스 회장 겸 CEO를 맡는다.
        posts = rf"(?: ?{_BRACKET})?(?: ?(?:{'|'.join(grammar.post_joints)}) ?[가-힣A-Za-z]+)?(?: ?{_BRACKET})?"
        self._serving = re.compile(rf"{posts}(?:직)?[을를][^.]{{0,12}}?(?:{'|'.join(grammar.serving)})")
        self._age = re.compile(rf"[(（]\d{{1,2}}(?:{'|'.join(grammar.ages)})?(?:[·,][^()（）]{{1,14}})?[)）]")

    def unnamed(self, text: str, start: int, end: int) -> Iterator[Candidate]:
        """Give persons of whom only a family name or a letter is told: 최모(32)씨, 김씨, A씨."""
        honorific = f"post:{min(self._grammar.sure)}"
        patterns = ((self._unnamed, _UNNAMED), (self._family_only, honorific), (self._letter, honorific))
        for pattern, found in patterns:
            for match in pattern.finditer(text, start, end):
                after = text[match.end() : match.end() + 1]
                if found == _UNNAMED and not match[2] and not match[3] and after != " ":
                    continue
                yield Candidate(Span(*match.span(1)), "Person", found, POST + 1, private=True, name=match[1])

    def read(self, text: str, chain: Chain, known: Mapping[Span, str]) -> Iterator[Candidate]:
        """Give the persons and posts of a run of nouns.

        `known` are the stretches that lexicon or head tell, with their class.
        """
        grammar = self._grammar
        named: set[int] = set()
        followed: set[int] = set()
        for index in range(len(chain) - 1):
            after = self._after_title(chain, index, known)
            if after is not None and " " in chain[index + 1].text:  # a foreign name, whatever stands before the post
                followed.add(index)
                named.update(i for i, p in enumerate(chain) if after.span.covers(p.span))
                yield after
                yield self._post_word(chain[index], known)
        for index, part in enumerate(chain):
            post = grammar.post_of(part.text)
            if post is None and (office := self._office(part)) is not None:
                yield Candidate(office, "Post", "post-word", WEAK)
            if post is not None and (self._ends_by_chance(part, post[0], known) or self._is_branch(chain, index, post)):
                continue
            if post is None or part.tail.partition("/")[0] in grammar.honorific or index in followed | named:
                continue
            for candidate, at in self._by_post(text, chain, index, post, known):
                if candidate.type in PEOPLE:
                    named.update(i for i, p in enumerate(chain) if candidate.span.covers(p.span))
                    named.add(at)
                yield candidate
        for index in range(len(chain) - 1):
            after = self._after_title(chain, index, known)
            if after is not None and index + 1 not in named:
                named.update(i for i, p in enumerate(chain) if after.span.covers(p.span))
                yield after
                yield self._post_word(chain[index], known)
        for index, part in enumerate(chain):
            if index in named:
                continue
            yield from self._by_calling(chain, index, known)
            honorific = part.tail.partition("/")[0]
            if honorific in grammar.honorific and part.tail.endswith("/NNB"):
                if (name := self._shapes.ends_at(chain, index, known, trusted=honorific in grammar.sure)) is not None:
                    yield Candidate(name, "Person", "post:" + honorific, POST)
            elif self._bare(text, chain, index, known):
                whole = len(part.units) == 1 or part.units[1].tag != "XSN"
                yield Candidate(part.span if whole else part.units[0].span, "Person", "shape", GUESS)
            elif (seated := self._behind_country(chain, index, known)) is not None and self._unexplained(
                text, part, known
            ):
                type_ = self._acting(text, part)
                if type_ == "Company" or type_ and not seated:
                    yield Candidate(part.span, type_, "agent", GUESS - 10)
            elif self._shapes.two_words(chain, index, known):
                yield Candidate(Span(part.span.start, chain[index + 1].span.end), "Person", "shape", GUESS)

    @staticmethod
    def _behind_country(chain: Chain, index: int, known: Mapping[Span, str]) -> bool | None:
        """Tell whether a country alone stands before a word (독일 세코노미를); None if another word does."""
        if index == 0:
            return False if len(chain) == 1 else None
        country = len(chain) == 2 and not chain[0].tail and known.get(chain[0].span) == "Country"
        return True if country else None

    def _post_word(self, part: Part, known: Mapping[Span, str]) -> Candidate:
        """Give the post of a word, without the body or place that the word begins with."""
        return Candidate(Span(self._after_body(part, known), part.span.end), "Post", "post-word", WEAK)

    def _office(self, part: Part) -> Span | None:
        """Give the post of a word that says that it is an office: 회장+직."""
        post = self._grammar.post_of(part.text[:-1]) if part.text[-1] in self._grammar.office_suffixes else None
        if post is None or post[1] == "calling":
            return None
        return Span(part.span.end - 1 - len(post[0]), part.span.end - 1)

    def _ends_by_chance(self, part: Part, post: str, known: Mapping[Span, str]) -> bool:
        """Tell whether a word is a name that only ends like a post: 한국철도+공사, 신+대리."""
        if part.text == post:
            return False
        if known.get(part.span) in BODIES or len(part.units) == 1 and part.text == "전" + post:
            return True  # 전시장 is one word; 전 | 부총리
        whole = len(part.units) == 1 and part.units[0].tag == "NNP"
        return whole and not any(span.start == part.span.start and span.end < part.span.end for span in known)

    def _is_branch(self, chain: Chain, index: int, post: tuple[str, str]) -> bool:
        """Tell whether what reads like a post is what somebody after it heads: 한국지사 김가람 지사장."""
        headed = {post[0] + chief for chief in self._grammar.chief}
        return any(part.text in headed for part in chain[index + 1 : index + 4])

    def leading(self, chain: Chain, known: Mapping[Span, str]) -> list[Span]:
        """Give the first word of a run as a person if it is a full name and a post ends a later word.

        Before a known body and a post any proper noun is one (왕원타오 상무부 부장), and so is a full name that begins
        with a firm's (한화진 환경부 장관).
        """
        held = any(self._grammar.post_of(part.text) for part in chain[1:])
        first = chain[0]
        if not held or first.tail:
            return []
        if self._shapes.leads(first, known):
            return [first.span]
        body = any(self._grammar.post_of(part.text) is not None for part in chain[2:4])
        whole = first.units[0].span == first.span and first.units[0].tag == "NNP"
        if not body or known.get(first.span) is not None:
            return []
        known_body = known.get(chain[1].span) in BODIES or chain[1].text in self._grammar.alone
        if len(first.text) == 2:  # 리창 국무원 총리
            chinese = first.text.startswith(self._grammar.chinese_family) and first.units[0].span == first.span
            sound = chinese and (known_body or self._is_body(chain[1].text))
        elif whole:
            sound = known_body and _HANGUL.fullmatch(first.text) is not None and len(first.text) <= _LONGEST_WORD
        else:
            sound = known_body and len(first.text) == 3 and self._shapes.full(first, first.span)
            return [first.span] if sound else []
        return [first.span] if sound and not self._shapes.is_known(first, known) else []

    def _is_body(self, word: str) -> bool:
        """Tell whether a word is the head of a body's name, and nothing else (국무원)."""
        return any(h.word == word and h.type in BODIES for h in self._grammar.heads_of(word))

    def after_post(self, text: str, chain: Chain, post: Chain, known: Mapping[Span, str]) -> Iterator[Candidate]:
        """Give the person that a run begins with, after a post and ``인``: 서기인 왕칭시엔, 대표인 파노스 캄메노스."""
        found = self._grammar.post_of(post[-1].text)
        if found is None or self._shapes.is_known(chain[0], known) or chain[0].text in self._grammar.posts:
            return  # 최고재무책임자인 CFO is a post twice
        length = 1 if self._shapes.full(chain[0], chain[0].span) or chain[0].tail else 0
        while not length or (
            length < min(3, len(chain))
            and not chain[length - 1].tail
            and length
            and not self._shapes.full(chain[0], chain[0].span)
        ):
            part = chain[length]
            if (
                not self._shapes.foreign(part, True)
                or self._shapes.is_known(part, known)
                or self._grammar.post_of(part.text) is not None
            ):
                break
            length += 1
        if length and (chain[0].proper or chain[0].parenthesis):
            body = self._body_before(post, len(post) - 1, known)
            yield Candidate(
                Span(chain[0].span.start, chain[length - 1].span.end),
                self._type(found[1], body),
                f"post:{found[0]}",
                POST,
            )

    def appointed(self, text: str, run: Sequence[Chain], known: Mapping[Span, str]) -> Iterator[Candidate]:
        """Give unknown names that are given a post by what the clause says, and the post: 왕하늘을 부장에 임명했다.

        The post may stand before the name, if that stands right before the verb: 부장에 왕하늘을 임명했다.
        """
        for at, chain in enumerate(run):
            _, _, tag = chain[-1].tail.partition("/")
            verbs = self._given if tag == "JKO" else self._taken if tag in {"JKS", "JX"} else None
            name = self._unknown_name(text, chain, known) if verbs is not None else None
            if verbs is None or name is None:
                continue
            last = verbs.match(text, chain[-1].span.end + len(chain[-1].tail.partition("/")[0])) is not None
            for office in run[at - 1 : at] if last and at else run[at + 1 : at + 1 + _PHRASES]:
                particle, _, tag = office[-1].tail.partition("/")
                post = self._grammar.post_of(office[-1].text) if tag == "JKB" else None
                if post is None or particle not in self._grammar.to_office or post[1] == "calling":
                    continue
                if last or verbs.match(text, office[-1].span.end + len(particle)):
                    body = self._body_before(office, len(office) - 1, known)
                    yield Candidate(name, self._type(post[1], body), f"post:{post[0]}", WEAK)
                    yield self._post_word(office[-1], known)
                break

    def _unknown_name(self, text: str, chain: Chain, known: Mapping[Span, str]) -> Span | None:
        """Give a run of one or two proper nouns of which nothing tells what they are."""
        sound = len(chain) <= 2 and all(
            len(part.units) == 1
            and part.units[0].tag == "NNP"
            and _HANGUL.fullmatch(part.text) is not None
            and 2 <= len(part.text) <= _LONGEST_WORD
            and (not part.parenthesis or IN_HANJA.fullmatch(text, *part.parenthesis) is not None)
            and not self._shapes.is_known(part, known)
            and part.text not in self._grammar.stop
            and self._grammar.post_of(part.text) is None
            and not any(head.kind != "ending" for head in self._grammar.heads_of(part.text))
            for part in chain
        )
        return Span(chain[0].span.start, chain[-1].span.end) if sound else None

    def _after_title(self, chain: Chain, index: int, known: Mapping[Span, str]) -> Candidate | None:
        """Give the person named right after a post: 베트남 총리 팜민찐."""
        found = self._grammar.post_of(chain[index].text)
        after = chain[index + 1]
        if found is None or self._is_branch(chain, index, found):
            return None
        if found[1] == "calling" or chain[index].tail or self._shapes.is_known(after, known):
            return None
        if (
            " " not in after.text
            and (index + 2 < len(chain) or self._grammar.heads_of(after.text))
            or self._grammar.post_of(after.text)
            or after.text in self._grammar.stop
            or after.text.endswith(self._grammar.after_names)
        ):
            return None
        body = self._body_before(chain, index, known)
        told = body is not None or found[1] == "public" and chain[index].text != found[0]
        sound = len(after.units) == 1 and after.units[0].tag == "NNP" and len(after.text) >= 2 and told
        foreign = " " in after.text and len(after.units) == 1
        if not (sound or foreign or self._shapes.full(after, after.span) and len(after.text) >= 3):
            return None
        return Candidate(after.span, self._type(found[1], body), f"post:{found[0]}", WEAK)

    def _type(self, kind: str, body: str | None) -> str:
        """Give the class of the holder of a post: an official if post or body is of the state."""
        if kind == "calling":
            return "Person"
        public = kind == "public" and body in {None, "GovernmentBody", *PLACES}
        return "Official" if public or body == "GovernmentBody" else "Person"

    def _by_post(
        self, text: str, chain: Chain, index: int, post: tuple[str, str], known: Mapping[Span, str]
    ) -> Iterator[tuple[Candidate, int]]:
        """Give the post of a word and the person that holds it: before it, first in the run, or glued to it."""
        grammar = self._grammar
        part = chain[index]
        word, kind = post
        rest = part.text[: -len(word)] if len(part.text) > len(word) else ""
        body = self._body_before(chain, index, known)
        if (
            kind != "calling"
            and part.text.endswith(grammar.chief)
            and any(h.type == "GovernmentBody" for h in grammar.heads_of(part.text[:-1]))
        ):
            body = "GovernmentBody"
        type_ = self._type(kind, body)
        start = part.span.start
        if rest:
            glued = Span(start, start + len(rest))
            body_word = len(rest) < 3 and any(
                h.type in BODIES and h.kind == "strong" for h in grammar.heads_of(part.text)
            )
            longer = grammar.heads_of(part.text[: len(rest) + 1])  # 선관위+원장 is no 선관+위원장
            if body_word:
                return
            if (
                self._shapes.full(part, glued)
                and not any(h.type in BODIES and h.kind == "strong" for h in longer)
                and glued not in known
                and self._after_body(part, known) == start
                and rest not in grammar.generic
                and kind != "calling"
            ):
                yield Candidate(glued, type_, f"post:{word}", POST), index
                yield Candidate(Span(glued.end, part.span.end), "Post", "post-word", WEAK), index
                return
        elif kind == "calling" and index == 0:
            return
        at = index - 1
        while at >= 0 and not chain[at].tail and (chain[at].text in grammar.former or chain[at].text in grammar.grade):
            at -= 1
        held: set[int] = set()
        came = index + 1 < len(chain) and chain[index + 1].text in grammar.came_from  # 누비스 회장 출신
        came = came or self._serving.match(text, part.span.end) is not None  # 누비스 회장을 맡는다
        if at >= 0 and not came and not chain[at].tail and not self._misfit(chain, at, word, known):
            for candidate in self._holder(chain, at, f"post:{word}", type_, kind, known):
                held.add(at)
                yield candidate, at
        fits = grammar.posts_of.get(word, BODIES | PLACES)
        near = any(span.end <= part.span.start <= span.end + 1 and t in fits for span, t in known.items())
        within = bool(rest) and any(part.span.covers(span) for span in known)
        sure = word not in grammar.common_posts and any(u.span.start == part.span.end - len(word) for u in part.units)
        predicate = part.tail.endswith("/VCP") and word not in grammar.posts_of
        if kind != "calling" and (at in held or near or within or sure or predicate):
            first = chain[at + 1] if at + 1 < index and chain[at + 1].text in grammar.grade else part
            start = self._after_body(part, known) if first is part else first.span.start
            yield Candidate(Span(start, part.span.end), "Post", "post-word", WEAK), index

    def _misfit(self, chain: Chain, at: int, post: str, known: Mapping[Span, str]) -> bool:
        """Tell whether the word before a post is no person: the post's place, or what a country without it has.

        (양저우시 시장, 멕시코 시티 시장)
        """
        fits = self._grammar.posts_of.get(post)
        word = chain[at]
        ends = {h.type for h in self._grammar.heads_of(word.text) if h.kind == "ending"}
        if fits is not None and len(word.text) > 2 and not word.parenthesis and not ends.isdisjoint(fits):
            return not self._shapes.is_known(word, known)  # 양저우시 시장
        before = chain[at - 1] if at else None
        if fits is None or before is None or before.tail:
            return False
        types = {type_ for span, type_ in known.items() if span.end == before.span.end and type_ in PLACES}
        return "Country" in types and types.isdisjoint(fits)

    def _after_body(self, part: Part, known: Mapping[Span, str]) -> int:
        """Give where a post begins in a word that begins with its body or place: 서울+시장, 경기도+지사."""
        start = part.span.start
        longest = self._grammar.post_of(part.text)
        for end in sorted((s.end for s in known if s.start == start and s.end < part.span.end), reverse=True):
            post, type_ = part.text[end - start :], known[Span(start, end)]
            fits = self._grammar.posts_of.get(post, BODIES | PLACES)
            # 선관위원장 is no 선관위+원장, but 해양수산부장관 is of the ministry
            whole = type_ in PLACES or post in self._grammar.ministers or longest is not None and post == longest[0]
            if post in self._grammar.posts and type_ in fits and whole:
                return end
        if longest is not None and part.text not in self._grammar.posts and part.text[: -len(longest[0])] == "전":
            return part.span.end - len(longest[0])  # 전부총리
        return start

    def _holder(
        self, chain: Chain, at: int, found: str, type_: str, kind: str, known: Mapping[Span, str]
    ) -> Iterator[Candidate]:
        """Give the person right before a post; or first in the run, with the body between the two."""
        first = chain[0]
        if (before := self._before_former(chain, at, known)) is not None:
            yield Candidate(before[0], type_, found, POST)
            if before[1] is not None:
                yield Candidate(
                    before[1], "Company" if self._of_company(found) else "Organization", "post-body", LISTED
                )
            return
        last = chain[at]
        if at > 0 and " " in chain[at - 1].text and not chain[at - 1].tail and not self._shapes.is_known(last, known):
            yield Candidate(chain[at - 1].span, type_, found, POST)
            if last.proper and self._of_company(found):
                yield Candidate(last.span, "Company", "post-body", LISTED)
            return
        if (
            at > 0
            and self._shapes.is_known(chain[at], known)
            and (whole := self._foreign_first(chain, at, known)) is not None
        ):
            yield Candidate(whole, type_, found, POST)
            return
        name = self._shapes.ends_at(chain, at, known)
        if name == last.span and self._of_country(found) and self._after_country(chain, at - 1, known):
            name = Span(chain[at - 1].span.start, name.end)  # 인도네시아 조꼬 위도도 대통령
        if name is not None and self._of_company(found) and (split := self._before_company(chain, at, name, known)):
            yield Candidate(split[0], type_, found, POST)
            yield Candidate(split[1], "Company", "post-body", LISTED)
            return
        leads = at > 0 and not any(p.tail for p in chain[:at]) and self._shapes.leads(first, known)
        if name is not None and not (leads and name.start == first.span.start):
            if leads and _ABBREVIATION.fullmatch(chain[at].text):
                yield Candidate(first.span, type_, found, POST)
            else:
                yield Candidate(name, type_, found, POST)
        elif leads and kind == "public" and at == 1 and name is not None and name.start == first.span.start:
            yield Candidate(name, type_, found, POST)  # no unknown body stands before a post of the state
        elif leads and kind != "calling":
            yield Candidate(first.span, type_, found, POST)
            between = Span(chain[1].span.start, chain[at].span.end)
            if all(self._shapes.foreign(p, False) or p.units[0].tag == "SL" for p in chain[1 : at + 1]) and not any(
                span.overlaps(between) for span in known
            ):
                yield Candidate(between, "Organization", "post-body", LISTED)
        elif name is not None:
            yield Candidate(name, type_, found, POST)

    def _before_company(self, chain: Chain, at: int, name: Span, known: Mapping[Span, str]) -> tuple[Span, Span] | None:
        """Give the person and the company in three words before a company's post: 가라 나무르 두라코 최고경영자."""
        if at < 2 or name != Span(chain[at - 2].span.start, chain[at].span.end) or not chain[at].proper:
            return None
        first, second, last = chain[at - 2 : at + 1]
        if any(t in BODIES and chain[0].span.start <= s.start and s.end <= last.span.end for s, t in known.items()):
            return None  # the company stands before the name
        return Span(first.span.start, second.span.end), last.span

    def _of_country(self, found: str) -> bool:
        post = found.partition(":")[2]
        return post in self._grammar.public and post not in self._grammar.posts_of

    def _after_country(self, chain: Chain, at: int, known: Mapping[Span, str]) -> bool:
        """Tell whether an unknown proper noun stands between a country and a name: it begins the name."""
        if at < 1 or chain[at - 1].tail or chain[at].tail or chain[at].parenthesis:
            return False
        word, country = chain[at], chain[at - 1]
        return (
            known.get(country.span) == "Country"
            and not self._shapes.is_known(word, known)
            and self._shapes.foreign(word, False)
            and not self._grammar.heads_of(word.text)
            and word.text not in self._grammar.stop
            and self._grammar.post_of(word.text) is None
        )

    def _of_company(self, found: str) -> bool:
        return found.partition(":")[2] in self._grammar.company_posts

    def _before_former(self, chain: Chain, at: int, known: Mapping[Span, str]) -> tuple[Span, Span | None] | None:
        """Give the person before 전 (신임, …), and the body after it if it is not known: 가라 나무르 전 누비스 회장."""
        former = next((i for i in range(at, 0, -1) if chain[i].text in self._grammar.former), None)
        if former is None or former == at or any(part.tail for part in chain[former - 1 : at]):
            return None
        name = self._shapes.ends_at(chain, former - 1, known)
        short = chain[former - 1].proper and self._grammar.is_korean_name(chain[former - 1].text)  # 조현 전 차관
        if name is None or name.end - name.start < (2 if short else 3):
            return None
        body = Span(chain[former + 1].span.start, chain[at].span.end)
        proper = all(part.proper for part in chain[former + 1 : at + 1])
        unknown = proper and not any(span.overlaps(body) for span in known)
        return name, body if unknown else None

    def _foreign_first(self, chain: Chain, at: int, known: Mapping[Span, str]) -> Span | None:
        """Give a foreign name of two or three words before a known body and a post: 도널드 트럼프 미국 대통령."""
        body = at
        while body >= 0 and self._shapes.is_known(chain[body], known):
            body -= 1
        if body == at or body < 0 or chain[body].tail:
            return None
        name = self._shapes.ends_at(chain, body, known)
        return name if name is not None and name.end - name.start > 1 else None

    def _body_before(self, chain: Chain, index: int, known: Mapping[Span, str]) -> str | None:
        """Give the class of the body or place nearest before a post, in the same run."""
        best: tuple[int, str] | None = None
        for span, type_ in known.items():
            if chain[0].span.start <= span.start and span.end <= chain[index].span.end and type_ in BODIES | PLACES:
                if best is None or span.end > best[0]:
                    best = span.end, type_
        return best[1] if best else None

    def _by_calling(self, chain: Chain, index: int, known: Mapping[Span, str]) -> Iterator[Candidate]:
        """Give the person after a calling: 가수 김하늘."""
        if index + 1 >= len(chain) or chain[index].tail:
            return
        if (
            chain[index].text not in self._grammar.calling_before
            and chain[index].text[-2:] not in self._grammar.calling_before
        ):
            return
        after = chain[index + 1]
        if (
            self._shapes.is_known(after, known)
            or self._grammar.heads_of(after.text)
            and not self._grammar.is_korean_name(after.text)
        ):
            return
        if self._shapes.full(after, after.span):
            yield Candidate(after.span, "Person", f"post:{chain[index].text}", WEAK)
        elif self._shapes.two_words(chain, index + 1, known):
            yield Candidate(
                Span(after.span.start, chain[index + 2].span.end), "Person", f"post:{chain[index].text}", WEAK
            )
        elif after.units[0].tag == "NNP" and len(after.units) == 1 and len(after.text) >= 2:
            yield Candidate(after.span, "Person", f"post:{chain[index].text}", WEAK)

    def _bare(self, text: str, chain: Sequence[Part], index: int, known: Mapping[Span, str]) -> bool:
        """Tell whether a word is a person's name by its shape alone: three syllables, and a proper noun."""
        part = chain[index]
        if self._shapes.is_known(part, known) or part.text in self._grammar.stop or part.text in self._grammar.former:
            return False
        first = part.units[0]
        family = (
            first.tag == "NNP"
            and len(part.units) in {2, 3}
            and len(part.text) == 3
            and first.span.end - first.span.start == 1
        )
        if family and part.tail.partition("/")[2] in {"JKS", "JX", "JKO", "JKG", "JKB", "JC"}:
            return self._grammar.is_korean_name(part.text) and part.text not in self._grammar.event_nouns
        if len(part.units) > 1 and part.units[1].tag != "XSN":
            return False
        name = part.text[: first.span.end - first.span.start]
        if (
            part.parenthesis is not None
            and self._age.fullmatch(part.parenthesis.of(text))
            and first.tag in {"NNP", "NNG"}
            and len(part.text) >= 2
        ):
            return True
        if first.tag != "NNP":
            return False
        if " " in name:
            quoted = text[part.span.start - 1 : part.span.start] in set("'‘\"“<") and text[
                part.span.end : part.span.end + 1
            ] in set("'’\"”>")
            title = any(h.kind != "ending" for h in self._grammar.heads_of(name.rsplit(" ", 1)[-1]))
            return _HANGUL_WORDS.fullmatch(name) is not None and not quoted and not title
        if not part.tail and (name[-1] in self._grammar.like_particles or name[-1] in self._grammar.name_final):
            return False  # rather a particle that the analyser took for the name's end
        if name[-1] in self._grammar.landforms:
            return False
        return len(name) in {3, 4} and self._grammar.is_korean_name(name) and name not in self._grammar.event_nouns

    def _unexplained(self, text: str, part: Part, known: Mapping[Span, str]) -> bool:
        """Tell whether a proper noun is the subject, object or possessor in a clause, and nothing tells what it is."""
        return (
            (
                part.tail.endswith(("/JX", "/JKS", "/JKG", "/JKO"))
                or part.tail.partition("/")[0] in self._grammar.from_whom
            )
            and not (part.parenthesis and re.search("[A-Z]{3}", part.parenthesis.of(text)))
            and len(part.units) == 1
            and part.units[0].tag == "NNP"
            and _HANGUL.fullmatch(part.text) is not None
            and 2 <= len(part.text) <= 8
            and not self._shapes.is_known(part, known)
            and part.text not in self._grammar.stop
            and not any(h.kind != "ending" for h in self._grammar.heads_of(part.text))
            and text[part.span.start - 1 : part.span.start] not in set("'‘\"“<《「")
        )

    def _acting(self, text: str, part: Part) -> str:
        """Give the class of an unexplained name by its particle and by what is done; none if neither tells.

        Of the analyser's proper nouns that end in a vowel and stand alone as subject or possessor, four
        in five are foreign persons; bodies mostly end in a head noun, places take a place's particle.
        """
        particle, _, tag = part.tail.partition("/")
        if tag == "JKO":
            return "Company" if self._taken_over.match(text, part.span.end + len(particle)) else ""
        near = text[part.span.end : part.span.end + _NEAR].partition(". ")[0]
        if tag == "JKB":
            return "Company" if self._trading.search(near) else ""
        if tag != "JKG" and self._trading.search(near):
            return "Company"
        person = (
            (particle in self._grammar.after_vowel or self._grammar.is_chinese_name(part.text))
            and len(part.text) <= 4
            and not (len(part.text) > 2 and part.text[-1] in self._grammar.like_names | self._grammar.thing_finals)
            and self._business.search(near) is None
        )
        return "Person" if person else ""
