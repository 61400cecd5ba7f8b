"""Who did what to whom: the clauses of a document, with roles, voice, factuality and time.

>>> from kg.clauses import ClauseReader
>>> ClauseReader.__name__
'ClauseReader'
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from kg.clauses import attachment, factuality, gapping
from kg.clauses import nominals as action_nouns
from kg.clauses import predicates as chains
from kg.clauses import units as words
from kg.clauses.factuality import Factuality
from kg.clauses.fillers import Fillers
from kg.clauses.gaps import Gaps, main_subject
from kg.clauses.grammar import Grammar, load
from kg.clauses.predicates import Predicate
from kg.clauses.prospects import Prospects
from kg.clauses.timing import Timing
from kg.model import Argument, Clause, Document, Mention, Sentence, Span

__all__ = ["ClauseReader", "ClauseReading", "Prospects"]

_PLACES = frozenset({"Place", "City", "Country", "Region", "Venue", "Facility", "PilotZone"})
_SITES = frozenset({"Facility", "Venue", "PilotZone"})
_WITH_WHOM = ("와의 ", "과의 ", "상대로 ", "대상으로 ")
_FIGURES = frozenset({"Indicator", "Rate"})
_HELD = 8
"""How many sentences in a row that leave out their subject are kept as read, rather than read twice."""


class ClauseReader:
    """Reads clauses with the grammar tables of a folder (``data/grammar``); a faulty table is a `KgError`."""

    def __init__(self, grammar: Path) -> None:
        self._grammar: Grammar = load(grammar)

    def read(
        self,
        document: Document,
        sentences: Sequence[Sentence],
        mentions: Sequence[Mention],
        nominals: frozenset[str] = frozenset(),
    ) -> tuple[Clause, ...]:
        """Give the clauses of the sentences, in the order of their predicates within each sentence.

        `nominals` are the dictionary forms (``발표하다``) whose action noun (``발표``) is to be read as a clause
        of its own.
        """
        reading = self.begin(document, sentences, mentions, nominals)
        return tuple(clause for at in range(len(sentences)) for clause in reading.of(at))

    def begin(
        self,
        document: Document,
        sentences: Sequence[Sentence],
        mentions: Sequence[Mention],
        nominals: frozenset[str] = frozenset(),
    ) -> ClauseReading:
        """Give what reads the clauses of one sentence at a time, of those alone that are asked for."""
        return ClauseReading(document, sentences, mentions, nominals, self._grammar)

    def prospects(self, lemmas: Collection[str]) -> Prospects:
        """Give what tells, without reading clauses, which of some lemmas the clauses of a sentence may have."""
        return Prospects(lemmas, {**self._grammar.fused, **self._grammar.set_out})


class ClauseReading:
    """The clauses of a document's sentences, read when asked for: what `ClauseReader.read` gives of each."""

    def __init__(
        self,
        document: Document,
        sentences: Sequence[Sentence],
        mentions: Sequence[Mention],
        nominals: frozenset[str],
        grammar: Grammar,
    ) -> None:
        self._document, self._sentences, self._nominals, self._grammar = document, sentences, nominals, grammar
        self._mentions = sorted(mentions, key=lambda m: (m.span, m.type))
        self._starts = [mention.span.start for mention in self._mentions]
        self._subjects: dict[int, Argument | None] = {}

    def of(self, at: int, lemmas: Collection[str] | None = None) -> list[Clause]:
        """Give the clauses of the sentence with this number, by the place of their predicates.

        With `lemmas`, it may give none if none of the clauses has one of these.
        """
        reading = self._begin(at)
        if lemmas is not None and reading.lemmas().isdisjoint(lemmas):
            return []
        reading.attach()
        self._settle(at, reading)
        return reading.clauses()

    def _begin(self, at: int) -> _Reading:
        sentence = self._sentences[at]
        first, last = (bisect_left(self._starts, place) for place in (sentence.span.start, sentence.span.end))
        return _Reading(self._document, sentence, self._mentions[first:last], self._nominals, self._grammar)

    def _read(self, at: int) -> _Reading:
        reading = self._begin(at)
        reading.attach()
        return reading

    def _settle(self, at: int, reading: _Reading) -> None:
        """Give a sentence that leaves out its subject that of the one before; note its own."""
        reading.settle(self._subject(at - 1) if self._goes_on(at) and reading.open else None)
        self._subjects[at] = main_subject(reading.structure, reading.roles)

    def _subject(self, at: int) -> Argument | None:
        """Give the subject of a sentence's main clause, which it may have from one before, as that may in turn."""
        row: list[int] = []
        held: dict[int, _Reading] = {}
        for here in range(at, -1, -1):
            if here in self._subjects:
                break
            row.append(here)
            reading = self._read(here)
            if len(held) < _HELD:
                held[here] = reading
            if not self._goes_on(here) or not reading.open:
                break
        for here in reversed(row):
            self._settle(here, held[here] if here in held else self._read(here))
        return self._subjects[at]

    def _goes_on(self, at: int) -> bool:
        """Tell whether a sentence may leave out what the one before it said: both are of one paragraph."""
        if at == 0:
            return False
        before, sentence = self._sentences[at - 1], self._sentences[at]
        between = self._document.text[before.span.end : sentence.span.start]
        titled = before.is_title or sentence.is_title
        return not titled and sentence.index == before.index + 1 and "\n" not in between


class _Reading:
    """One sentence on its way from units to clauses."""

    def __init__(
        self,
        document: Document,
        sentence: Sentence,
        mentions: Sequence[Mention],
        nominals: frozenset[str],
        grammar: Grammar,
    ) -> None:
        whole = [m.span for m in mentions if m.type in ("Person", "Official", "City") and m.entity is not None]
        sentence = words.with_links(words.whole_names(sentence, whole))
        self._text, self._sentence, self._nominals, self._g = document.text, sentence, nominals, grammar
        self._published = document.published
        ends: dict[int, str] = {}
        for mention in mentions:
            word = next((w for w in sentence.words if w.start <= mention.span.end - 1 < w.end), None)
            rest = document.text[mention.span.end : word.end].rstrip(",.'\"’”)") if word is not None else ""
            if rest in words.PARTICLES and mention.value is None:
                ends[mention.span.end] = rest
        units = words.cut(sentence, grammar.swallowed, ends)
        # A verb inside a time or quantity (지난 14일, 연 1회) or inside a name ('사라진 시간') is no predicate.
        values = [m.span for m in mentions if m.type != "Group"]
        found = [p for p in chains.find(units, grammar) if not any(v.covers(p.span) for v in values)]
        if nominals:
            found = sorted(
                [*found, *action_nouns.predicates_without_verb(units, sentence, found, nominals, grammar)],
                key=lambda p: p.unit,
            )
        self._units, self._found, self._mentions = units, found, mentions

    def lemmas(self) -> frozenset[str]:
        """Give the lemmas that the clauses may have: those of verbs, and those of action nouns."""
        nouns = (action_nouns.action_noun(unit, self._nominals) for unit in self._units)
        return frozenset([*(p.lemma for p in self._found), *(noun[0] for noun in nouns if noun is not None)])

    def attach(self) -> None:
        """Find what belongs to each predicate, and fill the roles that the sentence itself fills."""
        units, found, mentions, grammar = self._units, self._found, self._mentions, self._g
        types = grammar.words.get("agent_types", frozenset())
        acting = {m.span.end for m in mentions if m.type in types}
        placed = {m.span.end for m in mentions if m.type in _PLACES}
        agents = frozenset(u.index for u in units if u.kind == "noun" and u.content.end in acting)
        closing = {end for m in mentions if m.value is None for end in (m.span.end, m.span.end + 1)}
        names = frozenset(u.index for u in units if u.kind == "noun" and u.content.end in closing)
        posts = {m.span.end for m in mentions if m.type == "Post"}
        titled = (u.index for u in units if u.kind == "noun" and u.content.end in posts)
        actors = frozenset([*(at for at in agents if units[at].content.end not in placed), *titled])
        built = {m.span.end for m in mentions if m.type in _SITES}
        sites = frozenset(u.index for u in units if u.kind == "noun" and u.content.end in built)
        known = {m.span.end for m in mentions if m.entity is not None and m.entity.known and m.type != "Topic"}
        standing = frozenset(u.index for u in units if u.kind == "noun" and u.content.end in known)
        self.structure = attachment.attach(units, found, grammar, agents, names, actors, sites, standing)
        self._fillers = Fillers(self._text, self.structure, self._sentence.tokens, mentions, grammar)
        self.roles: list[list[Argument]] = [[] for _ in found]
        for number in range(len(found)):
            self._own_roles(number)
        self._gaps = Gaps(self.structure, grammar, self._fillers, self.roles, types)
        self._gaps.fill()

    @property
    def open(self) -> bool:
        """Tell whether the main clause leaves its subject to the sentence before."""
        return self._gaps.open is not None

    def settle(self, previous: Argument | None) -> None:
        """Fill what is left open with the subject of the sentence before."""
        if previous is not None:
            self._gaps.fill_by_previous(previous)

    def clauses(self) -> list[Clause]:
        """Give the clauses of the sentence, once it is settled, by the place of their predicates."""
        s, gaps = self.structure, self._gaps
        judged = factuality.judge(s, self._g)
        for number, predicate in enumerate(s.predicates):
            if predicate.voice == "passive" and not predicate.light:
                self._receive(number)
        self._enter_offices(judged)
        timing = Timing(self._text, s, self._g, self._fillers, self.roles, self._published)
        timing.plan(judged)
        timing.to_sayings(judged)
        extra = self._nominal_clauses(judged, timing)
        found: list[Clause] = []
        for number, predicate in enumerate(s.predicates):
            rows = gapping.rows(predicate, self.roles[number], s.units, self._fillers, self._text)
            for row, roles in enumerate(rows):
                clause = self._clause(number, predicate, roles, judged[number], timing.times[number], gaps)
                times = gapping.times(rows, row, clause.times) if len(rows) > 1 else timing.together(clause.times)
                found.append(replace(clause, times=times))
        return sorted([*self._owned(found), *extra], key=lambda c: (c.predicate, c.form, c.lemma))

    def _owned(self, clauses: Sequence[Clause]) -> list[Clause]:
        """Give clauses whose bare indicator is of the owner told before: A의 매출은 5억 원, 순이익은 2억 원이다."""
        owner: tuple[Mention, ...] = ()
        found: list[Clause] = []
        for clause in clauses:
            roles: list[Argument] = []
            for argument in clause.roles:
                figure = next((m for m in argument.mentions if m.type in _FIGURES), None)
                if figure is not None and argument.role == "subject" and argument.via == "own":
                    begins = argument.phrase.start
                    before = [m for m in self._mentions if begins <= m.span.start and m.span.end < figure.span.start]
                    if begins == figure.span.start:
                        argument = replace(argument, owner=owner)
                    else:
                        named = [
                            m
                            for m in before
                            if m.entity
                            and (self._text.startswith("의 ", m.span.end) or m.span.end + 1 == figure.span.start)
                        ]
                        owner = tuple(named) if len(named) == 1 else ()
                elif argument.role == "subject" and argument.via == "own":
                    owner = ()
                roles.append(argument)
            found.append(replace(clause, roles=tuple(roles)))
        return found

    def _own_roles(self, number: int) -> None:
        s = self.structure
        predicate = s.predicates[number]
        for unit in s.arguments[number]:
            role = s.roles[unit]
            it = s.units[unit]
            if role not in ("subject", "object", "adverbial") or s.relations[unit] not in ("argument", "predicative"):
                continue
            via = "own" if s.relations[unit] == "argument" else "shared"
            topic = it.case == "topic" or it.marked
            argument = self._fillers.argument(unit, role, it.particle, via, topic, headline=predicate.closing == "N")
            self.roles[number].append(argument)
            if role == "object" or it.particle == "에":
                self.roles[number] += self._partners_of(unit)
        self.roles[number] = self._unmarketed(self.roles[number], self._g.has("exceeding", predicate.lemma))
        if self._g.has("located", predicate.lemma):
            self.roles[number] = self._possessed(self.roles[number])
        if predicate.closing == "N":
            self.roles[number] += action_nouns.headline_roles(predicate, s, self._fillers, self.roles[number])
            return
        self._lighten(number, predicate)
        if predicate.lemma == "의하다" and predicate.closing == "EC" and s.leads[number] is not None:
            # 정부에 의해 발표됐다: who does it is an argument of the passive too.
            outer = s.leads[number]
            if outer is not None and s.predicates[outer].voice == "passive":
                self.roles[outer] += [
                    replace(a, particle="에 의해", via="by") for a in self.roles[number] if a.role == "adverbial"
                ]

    def _receive(self, number: int) -> None:
        """Add whom a passive with an object of its own gives it to, and who does: A는 B로부터 과징금을 부과받았다."""
        roles = self.roles[number]
        if any(a.role == "object" and a.via == "own" for a in roles):
            takers = [a for a in roles if a.role == "subject" and a.via != "by"]
            givers = [a for a in roles if a.role == "adverbial" and self._g.has("givers", a.particle)]
            roles += [replace(a, role="adverbial", particle="에게", via="shared") for a in takers]
            roles += [replace(a, role="subject", via="by") for a in givers]

    def _unmarketed(self, roles: list[Argument], exceeds: bool) -> list[Argument]:
        """Take no indicator for the whole where it is that of a market or a partner, or where it passes another's.

        (A의 유럽 매출, 일본과의 교역액; A의 매출은 30억 원으로 B의 20억 원을 넘었다.)
        """
        sums = [a for a in roles if a.role != "subject" and self._fillers.is_value(a.span)]
        passes = exceeds and len(sums) > 1
        kept: list[Argument] = []
        for argument in roles:
            figure = next((m for m in argument.mentions if m.type in _FIGURES), None)
            if figure is not None:
                markets = [m for m in self._mentions if m.type in _PLACES and m.span.end + 1 == figure.span.start]
                owned = any("의 " in self._text[argument.phrase.start : m.span.start] for m in markets)
                begins = min(a.phrase.start for a in roles)
                shared = any(word in self._text[begins : figure.span.start] for word in _WITH_WHOM)
                led = any(a.role == "subject" and a.span.end <= argument.phrase.start for a in roles)
                if passes or shared or markets and (owned or led):
                    argument = replace(argument, mentions=())
            kept.append(argument)
        return kept

    def _possessed(self, roles: list[Argument]) -> list[Argument]:
        """Give the roles of a verb of being somewhere: the topic may own what is there (A는 본사가 도쿄에 있다)."""
        subjects = [a for a in roles if a.role == "subject" and a.via == "own"]
        if len(subjects) != 2 or not subjects[0].topic or subjects[1].mentions:
            return roles
        owner, thing = subjects
        return [replace(a, owner=owner.mentions) if a is thing else a for a in roles if a is not owner]

    def _partners_of(self, unit: int) -> list[Argument]:
        """Give the partner that a genitive adds to an object as one of the verb's own: 화웨이와의 협약을 체결했다."""
        s = self.structure
        for at in range(unit - 1, max(-1, unit - 6), -1):
            if s.relations[at] not in ("modifier", "conjunct"):
                break
            tags = [token.tag for token in s.units[at].tokens]
            forms = [token.form for token in s.units[at].tokens]
            if "JKG" in tags and tags.index("JKG") > 0 and forms[tags.index("JKG") - 1] in ("와", "과"):
                return [self._fillers.argument(at, "adverbial", "와", "bare")]
        return []

    def _lighten(self, number: int, predicate: Predicate) -> None:
        """Read 발표를 하다 as 발표하다, with what stands before the action noun as its object."""
        s = self.structure
        voice = self._g.light_verbs.get(predicate.lemma)
        if voice is None:
            return
        for unit in reversed(s.arguments[number]):
            if s.roles[unit] not in ("object", "bare") or s.units[unit].case not in ("object", "bare", "focus"):
                continue
            noun = action_nouns.action_noun(s.units[unit], self._nominals)
            if noun is None or unit != predicate.unit - 1:
                continue
            s.predicates[number] = chains.with_action_noun(predicate, noun[0][:-2], voice)
            inner = action_nouns.roles_of_noun(unit, noun[1], s, self._fillers)
            role: Literal["subject", "object"] = "subject" if voice == "passive" else "object"
            if voice == "passive":  # 정부의 지원을 받았다: the genitive is who does it
                agents = [replace(a, role="adverbial", via="by") for a in inner if a.particle == "의"]
                self.roles[number] += agents
                inner = [a for a in inner if a.particle != "의"]
            if not any(a.role == role for a in self.roles[number] if a.head != noun[0][:-2]):
                self.roles[number] += [replace(a, role=role) for a in inner if a.role == "object"]
            return

    def _nominal_clauses(self, judged: Sequence[Factuality], timing: Timing) -> list[Clause]:
        """Read the action nouns of a running sentence (정책 발표, 선도구 창설을 지원)."""
        s = self.structure
        found: list[Clause] = []
        if not self._nominals:
            return found
        light = {p.unit - 1 for p in s.predicates if p.light}
        for at, unit in enumerate(s.units):
            if unit.kind != "noun" or at in s.owner or at in light:
                continue
            noun = action_nouns.action_noun(unit, self._nominals)
            planned = action_nouns.planned_action(at, s, self._nominals, self._g)
            if planned is not None:
                noun = planned[:2]
            if noun is None or self._fillers.is_named(noun[1]):
                continue
            roles = action_nouns.roles_of_noun(at, noun[1], s, self._fillers)
            if not roles and planned is None:
                continue
            standing = Factuality(status=None, tense="present")
            times: tuple[Mention, ...] = ()
            head = s.heads[at if planned is None else planned[2]]
            governor = s.owner.get(head) if head is not None else None
            if planned is not None:
                if governor is not None and s.roles[planned[2]] == "object":
                    standing = self._intended(governor, judged[governor])
                    if standing.status is not None:
                        roles += self._intent_roles(governor, at, roles)
            elif governor is not None and (s.roles[at] == "object" or self._entered(noun[0], unit, governor)):
                standing = self._governed(governor, judged[governor])
                done = standing.status == judged[governor].status  # on the day that it was begun or ended
                times = timing.together(timing.times[governor]) if done else ()
                if standing.status is not None and not any(a.role == "subject" for a in roles):
                    shared = [a for a in self.roles[governor] if a.role == "subject" or a.particle in ("에", "에서")]
                    roles += [replace(a, via="shared") for a in shared if a.mentions or a.role == "subject"]
            span = _cover([noun[1], *(a.phrase for a in roles if a.via == "bare")])
            clause = Clause(noun[1], noun[0], span, tuple(roles), form="nominal", times=times)
            clause = replace(clause, status=standing.status, denied=standing.denied, tense=standing.tense)  # type: ignore[arg-type]
            found.append(clause)
        return found

    def _entered(self, lemma: str, unit: words.Unit, governor: int) -> bool:
        """Tell whether an action noun is what a verb enters upon, and done from then on: 공장 건설에 착수했다."""
        verb = self.structure.predicates[governor].lemma
        return unit.particle == "에" and self._g.has("entering", verb) and self._g.has("activities", lemma)

    def _intended(self, governor: int, outer: Factuality) -> Factuality:
        """Give the standing of what a noun of intent is about: planned, once it is told (투자 계획을 밝혔다)."""
        told = outer.status == "Happened" and self._g.has("authoring", self.structure.predicates[governor].lemma)
        return Factuality(status="Planned", tense="future") if told else Factuality(status=None, tense="present")

    def _intent_roles(self, governor: int, unit: int, own: Sequence[Argument]) -> list[Argument]:
        """Give whose plan it is, where and how much: of the verb that tells it, its subject and 에, and a bare sum.

        (A는 상하이에 5억 달러 투자 계획을 밝혔다.) A genitive may be whose plan it is (A의 투자 계획) or what it is of.
        """
        s = self.structure
        owned = any(a.particle == "의" and a.mentions for a in own)
        given = [a for a in self.roles[governor] if a.role == "subject" and not owned]
        places = [a for a in self.roles[governor] if a.particle == "에" and a.mentions]
        given += places if len(places) == 1 else []  # not 일본에 5억 달러, 인도에 3억 달러 투자 계획을 밝혔다
        before = s.units[unit - 1] if unit else None
        summed = before is not None and before.case == "bare" and self._fillers.is_value(before.content)
        if summed and not any(a.role == "object" for a in own):
            return [self._fillers.argument(unit - 1, "object", "", "bare"), *(replace(a, via="shared") for a in given)]
        return [replace(argument, via="shared") for argument in given]

    def _governed(self, governor: int, outer: Factuality) -> Factuality:
        """Give the standing of an action noun by its verb: planned (추진하다), done (마치다, 착수하다) or open."""
        lemma = self.structure.predicates[governor].lemma
        if outer.status is not None and self._g.has("planning", lemma):
            return Factuality(status="Planned", tense="future")
        if self._g.has("completing", lemma) or self._g.has("entering", lemma):
            return Factuality(status=outer.status, denied=outer.denied, tense=outer.tense)
        return Factuality(status=None, tense="present")

    def _enter_offices(self, judged: Sequence[Factuality]) -> None:
        """Read the post that a subject is called by as the one it takes or leaves, if no other is told.

        (김가람 시장이 취임했다; not 김가람 국장이 시장에 취임했다, 김가람 국장이 시장직을 수락하고 취임했다.)
        Who has not taken office yet is called by the post that he still has (김가람 국장은 내년에 취임한다), unless a
        word says that it is the new one (신임 시장, 시장 당선인).
        """
        posts = self._posts_told()
        for number, predicate in enumerate(self.structure.predicates):
            particle = self._g.offices.get(predicate.lemma)
            roles = self.roles[number]
            if particle is None or predicate.voice == "passive" or any(map(self._tells_office, roles)):
                continue
            if particle == "에" and self._accepted(number):
                continue
            if particle == "에서" and any(a.particle == "에서" and self._is_other_seat(a) for a in roles):
                continue  # 부통령은 내각에서 물러났다; not 최고경영자는 한빛전자에서 물러났다
            for subject in [a for a in roles if a.role == "subject" and a.via in ("own", "shared", "head")]:
                post = self._fillers.post(subject.span) or posts.get(subject.span)
                coming = particle == "에" and judged[number].status != "Happened"
                if post is not None and not (coming and not self._is_new(subject)):
                    told = replace(subject, role="adverbial", particle=particle, span=post.span, mentions=(post,))
                    roles.append(replace(told, head=post.span.of(self._text), via="title", topic=False))

    def _is_new(self, subject: Argument) -> bool:
        """Tell whether a word says that somebody is called by the post that he is to take: 신임 시장, 시장 당선인."""
        words = self._text[subject.phrase.start : subject.span.end].split()
        return any(self._g.has("incoming", word) for word in words) or subject.head.endswith(
            tuple(self._g.words["incoming"])
        )

    def _is_other_seat(self, argument: Argument) -> bool:
        """Tell whether 에서 marks another thing to leave than a title's post: 내각에서; not 현직에서, 한빛전자에서."""
        where = any(m.type in ("Company", "City", "Country", "Region", "Venue") for m in argument.mentions)
        return argument.via == "own" and not where and not self._g.has("present_seats", argument.head)

    def _accepted(self, number: int) -> bool:
        """Tell whether a clause before names the post that is taken (총리직을 수락하고 취임했다)."""
        for before in range(number):
            for argument in self.roles[before]:
                words = argument.span.of(self._text)
                told = argument.role == "object" and words.endswith(tuple(self._g.words["seats"]))
                if told and self.structure.leads[before] is not None:
                    return True
        return False

    def _posts_told(self) -> dict[Span, Mention]:
        """Give the posts that a copula right before persons says that they have: 소니 CEO인 김가람은 사퇴했다."""
        s, told = self.structure, {}
        for number, predicate in enumerate(s.predicates):
            noun = s.modified[number]
            if predicate.tag == "VCP" and predicate.adnominal and noun is not None:
                post = self._fillers.post(s.units[predicate.unit].content)
                if post is not None:
                    told[s.units[s.head_noun(noun)].content] = post
        return told

    def _tells_office(self, argument: Argument) -> bool:
        """Tell whether an argument names a post or its seat, or says where to: 시장에, 자리에서, 뒤로."""
        post = any(mention.type == "Post" for mention in argument.mentions) or self._g.has("seats", argument.head)
        dated = any(m.span.start == argument.span.start for m in self._fillers.values)  # 전날부로 사임했다
        return argument.role != "subject" and (post or argument.particle in ("로", "으로") and not dated)

    def _clause(
        self,
        number: int,
        predicate: Predicate,
        given: Sequence[Argument],
        own: Factuality,
        times: Sequence[Mention],
        gaps: Gaps,
    ) -> Clause:
        roles = tuple(sorted(given, key=lambda a: (a.span, a.role, a.via)))
        claimant = self._claimant(number, own)
        spans = [predicate.span, *(a.phrase for a in roles if a.via in ("own", "bare"))]
        tense = own.tense
        if predicate.closing == "N" and predicate.tense == "future":
            own = replace(own, status="Planned")
        announces = predicate.tag in ("VV", "XSV") and predicate.closing == "EF" and own.tense == "present"
        # A headline's present tense, and its nouns of what takes years: 공장도 짓는다; 공장 신설.
        bare = predicate.closing == "N" and self._g.has("headlined", predicate.lemma) and not own.said
        if self._sentence.is_title and (announces or bare) and own.status == "Happened":
            own = replace(own, status="Planned")
        return Clause(
            predicate=predicate.span,
            lemma=predicate.lemma,
            span=_cover(spans),
            roles=roles,
            voice=predicate.voice,  # type: ignore[arg-type]
            form=self._form(predicate),  # type: ignore[arg-type]
            light=predicate.light,
            status=own.status,  # type: ignore[arg-type]
            denied=own.denied,
            mood=own.mood,  # type: ignore[arg-type]
            tense=tense,  # type: ignore[arg-type]
            claimant=claimant,
            times=tuple(times),
            modifies=gaps.modified(number) if predicate.adnominal else None,
        )

    def _claimant(self, number: int, own: Factuality) -> Argument | None:
        if own.source is not None:
            subjects = [a for a in self.roles[own.source] if a.role == "subject" and a.via != "head"]
            if subjects:
                return subjects[0]
        for other, predicate in enumerate(self.structure.predicates):
            if predicate.lemma == "따르다" and predicate.ending in ("면", "으면") and other < number:
                sources = [a for a in self.roles[other] if a.role == "adverbial"]
                if sources:
                    return sources[-1]
        return None

    def _form(self, predicate: Predicate) -> str:
        if predicate.closing == "N":
            return "nominal"
        if predicate.quoted or predicate.ending in self._g.quotatives and predicate.closing == "EC":
            return "quotative"
        if predicate.closing == "ETM":
            return "adnominal"
        return {"ETN": "nominalised", "EC": "connective"}.get(predicate.closing, "final")


def _cover(spans: Sequence[Span]) -> Span:
    return Span(min(span.start for span in spans), max(span.end for span in spans))
