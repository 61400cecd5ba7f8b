"""Which predicate each argument, connective clause and modifier belongs to.

Korean is head-final and its dependencies hardly ever cross, so reading from right to left the
possible heads of a unit are the next unit, that one's head, and so on (Covington 2001, "A
fundamental algorithm for dependency parsing", restricted to one direction). Among the predicates on
that chain the one for which most speaks wins; what speaks how much stands in
``clause-attachment.yaml``. The chain is cut at `DEEPEST`, so the cost stays linear.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.clauses.facts import DEEPEST, Facts, Structure
from kg.clauses.grammar import Grammar, plain
from kg.clauses.predicates import Predicate, is_adverb
from kg.clauses.units import Unit


def attach(
    units: Sequence[Unit],
    predicates: list[Predicate],
    grammar: Grammar,
    agents: frozenset[int] = frozenset(),
    names: frozenset[int] = frozenset(),
    actors: frozenset[int] = frozenset(),
    sites: frozenset[int] = frozenset(),
    standing: frozenset[int] = frozenset(),
) -> Structure:
    """Find the head of every unit.

    `agents` are the units that name somebody who acts, `names` those with any name, `actors` the agents but
    places, and titles; `sites` those that name a building or a zone; `standing` those that the lexicon knows.
    """
    owner = {at: n for n, p in enumerate(predicates) for at in range(p.unit, p.last + 1)}
    structure = Structure(
        units,
        predicates,
        owner,
        [None] * len(units),
        [""] * len(units),
        [""] * len(units),
        [None] * len(predicates),
        [None] * len(predicates),
        [[] for _ in predicates],
        agents,
        names,
        actors,
        sites,
        standing,
    )
    reader = _Attacher(structure, grammar)
    for at in range(len(units) - 1, -1, -1):
        reader.attach(at)
        reader.note(at)
    for number, arguments in enumerate(structure.arguments):
        reader.settle(number)
        arguments.sort()
    return structure


NEVER = -1_000_000
"""Less than any sum of weights."""

_WITH = ("와", "과", "이랑", "랑", "하고")


class _Attacher:
    def __init__(self, structure: Structure, grammar: Grammar) -> None:
        self._s, self._g = structure, grammar
        self._facts = Facts(structure, grammar)
        self._first: list[int | None] = [None] * len(structure.units)

    def attach(self, at: int) -> None:
        s = self._s
        number = s.owner.get(at)
        if number is not None:
            predicate = s.predicates[number]
            if at == predicate.last:
                self._attach_predicate(number)
            if at == predicate.unit and at != predicate.last:
                s.heads[at], s.relations[at] = s.heads[predicate.last], s.relations[predicate.last]
            return
        unit = s.units[at]
        if unit.kind == "predicate" and not is_adverb(unit, self._g):
            # a verb form that works as a determiner or in a quantity (지난 14일, 연 1회)
            s.heads[at] = at + 1 if at + 1 < len(s.units) else None
            s.relations[at] = "modifier"
        elif unit.kind in ("adverb", "predicate"):
            target = next(self._predicates(at), None)
            s.heads[at], s.relations[at] = (s.predicates[target].unit if target is not None else None), ""
            if target is None and at + 1 < len(s.units):
                s.heads[at] = at + 1
        elif unit.kind == "modifier":
            s.heads[at] = self._next_nominal(at)
            s.relations[at] = "modifier" if s.heads[at] is not None else ""
        else:
            self._attach_noun(at)

    def note(self, at: int) -> None:
        """Note the first predicate on the way from a unit to the root, once the unit has its head."""
        head = self._s.heads[at]
        number = self._s.owner.get(at)
        self._first[at] = number if number is not None else self._first[head] if head is not None else None

    def _attach_noun(self, at: int) -> None:
        s, unit = self._s, self._s.units[at]
        case = unit.case
        if case == "conjunct" and (self._comitative(at, unit) or self._compared(at)):
            case = "adverbial"
        elif case == "adverbial" and unit.particle in _WITH and self._listed(at):
            case = "conjunct"
        if case in ("genitive", "conjunct"):
            s.heads[at] = self._next_nominal(at)
            s.relations[at] = "modifier" if case == "genitive" else "conjunct"
            return
        if case == "bare":
            following = s.units[at + 1] if at + 1 < len(s.units) else None
            if following is not None and self._compounds(at, following):
                s.heads[at], s.relations[at] = at + 1, "conjunct" if unit.comma else "modifier"
                return
            if self._floated(at):
                case = "subject"
            elif self._objective(at):
                case = "object"
        if case == "object" and at + 1 < len(s.units) and self._small(s.units[at + 1]):
            s.heads[at], s.relations[at], s.roles[at] = at + 1, "small clause", "object"
            return
        end = self._end_of_range(at, unit)
        if end is not None:
            s.heads[at], s.relations[at], s.roles[at] = end, "range", "adverbial"
            return
        role = (
            case
            if case != unit.case and case in ("subject", "object")
            else self._role(unit)
            if case != "adverbial"
            else "marked adverbial"
            if unit.marked
            else "adverbial"
        )
        exceeded = case == "subject" != unit.case and any(t.tag in ("SN", "NR") for t in unit.tokens)
        target = s.owner.get(at + 1) if exceeded else self._choose(at, role, unit)
        if unit.particle == "에서" and self._ranks(at + 1):
            target = next(self._predicates(at), None)
        if target is not None and self._escapes(at, target):
            s.heads[at], s.relations[at] = at + 1, "modifier"
            return
        if target is None:
            s.heads[at] = self._next_nominal(at)
            s.relations[at] = "modifier" if s.heads[at] is not None else ""
            return
        s.heads[at], s.relations[at] = s.predicates[target].unit, "bare" if case == "bare" else "argument"
        said_of = self._predicative(at, unit) if role == "topic" else None
        if said_of is not None:
            s.heads[at], s.relations[at] = said_of, "predicative"
        role = {"topic": "subject", "focus": "subject", "marked adverbial": "adverbial"}.get(role, role)
        s.roles[at] = role
        if case != "bare":
            self._facts.filled[target].setdefault(role, at)
        s.arguments[target].append(at)

    def _ranks(self, at: int) -> bool:
        """Tell whether a superlative stands at a unit: what is before it is the range (아시아에서 가장 큰 공항)."""
        tokens = self._s.units[at].tokens if at < len(self._s.units) else ()
        return self._g.has("superlatives", "".join(plain(token.form) for token in tokens))

    def _compounds(self, at: int, following: Unit) -> bool:
        """Tell whether a bare noun makes a phrase with what follows it."""
        if self._closes_clause(at):
            return False
        if following.kind == "noun":
            if following.case in ("subject", "topic") and self._s.units[at].comma and self._facts.amount(at):
                return False  # 매출이 5억 달러, 순이익은 2억 달러를 기록했다
            return self._facts.timely(following) or not self._facts.timely(self._s.units[at])
        if following.kind == "modifier" and self._g.has("former", plain(following.tokens[0].form)):
            return at + 2 < len(self._s.units) and not self._facts.timely(self._s.units[at])
        if following.kind == "modifier" and at + 2 < len(self._s.units):
            counter = self._s.units[at + 2]  # 공장 두 곳
            counts = counter.tokens[0].tag == "NNB" or self._g.has("counting_nouns", plain(counter.tokens[0].form))
            return counter.kind == "noun" and counts and not self._s.units[at].comma
        return following.kind == "predicate" and following.nominal

    def _closes_clause(self, at: int) -> bool:
        """Tell whether a bare noun only says how the clause before it goes with the next (…한 뒤 대책을 발표했다)."""
        s = self._s
        number = s.owner.get(at - 1)
        return (
            number is not None
            and s.predicates[number].adnominal
            and self._g.has("clause_closing_nouns", s.units[at].noun)
        )

    def _end_of_range(self, at: int, unit: Unit) -> int | None:
        """Give what ends a range from 에서 (9급에서 5급까지), or the adverb after 와 or 는 (A와 달리, A는 물론)."""
        s, g = self._s, self._g
        following = at + 1
        if unit.particle in ("와", "과", "이랑", "랑") and unit.case == "adverbial" and following < len(s.units):
            word = s.units[following]
            if word.kind == "adverb" and g.has("comitative_adverbs", plain(word.tokens[0].form)):
                return following
        if unit.case == "topic" and following < len(s.units):
            word = s.units[following]
            if word.kind in ("adverb", "noun") and g.has("inclusive_adverbs", plain(word.tokens[0].form)):
                return following
        if unit.particle != "에서":
            return None
        while following < len(s.units) and following - at < 5:
            word = s.units[following]
            if word.kind != "noun":
                return None
            if word.case not in ("bare", "genitive"):
                counted = any(t.tag == "SN" for t in unit.tokens) and any(t.tag == "SN" for t in word.tokens)
                closes = word.particle == "까지" or (counted and word.particle in ("로", "으로"))
                return following if closes else None
            following += 1
        return None

    def _comitative(self, at: int, unit: Unit) -> bool:
        """Tell whether A와 names a partner, not an item of a list: A acts, and the object after it does not.

        Before a place or an object that names somebody of another kind, A is a partner if what is done is done with
        one (A와 도쿄에서 회담했다, 시와 연구소 설립을 위한 협약을 맺었다); and what is known already is not made.
        """
        s = self._s
        acts = at in s.agents or at in s.actors
        noun = self._next_nominal(at) if (acts or at in s.standing) and unit.particle in ("와", "과") else None
        while noun is not None and s.units[noun].case == "bare" and self._facts.timely(s.units[noun]):
            noun = self._next_nominal(noun)  # 시와 20일 설립을 위한 협약을 맺었다
        if noun is None:
            return False
        head = s.head_noun(noun)
        after, inside = s.units[head], set(range(noun, head + 1))
        if after.kind != "noun":
            return False
        if acts and after.case == "object" and not s.agents & inside:
            return True
        if after.case == "object" and at in s.standing and not s.standing & inside:  # 시와 연구원을 세웠다
            if any(self._g.has("creating", s.predicates[n].lemma) for n in list(self._predicates(at))[:1]):
                return True
        if acts and (after.case == "object" or after.case == "adverbial" and after.particle in ("에서", "에")):
            alike = s.actors if at in s.actors else s.agents - s.actors if after.case == "object" else s.agents
            near = list(self._predicates(at))[:3]
            shared = near[:1] and range(head + 1, s.predicates[near[0]].unit)  # A와 도쿄에서 협상을 벌였다
            mutual = any(self._g.has("reciprocal_nouns", s.units[n].noun) for n in shared)
            return not alike & inside and (mutual or any(self._g.takes(s.predicates[n].lemma, "와") for n in near))
        return False

    def _floated(self, at: int) -> bool:
        """Tell whether a noun without a particle is a subject: with 모두 after it, or right before 없다 or 넘다.

        (여야 모두 요구했다; 문제 없는; 1시간 넘게)
        """
        s, g = self._s, self._g
        following = s.units[at + 1] if at + 1 < len(s.units) else None
        if following is None or s.units[at].comma:
            return False
        nouns = [t.tag for t in s.units[at].tokens if t.tag[0] == "N"]
        if following.kind == "adverb":
            if self._facts.timely(s.units[at]):
                return False
            counted = at + 2 < len(s.units) and s.units[at + 2].tokens[0].tag in ("SN", "NR", "MM")
            quantifier = g.has("floating_quantifiers", plain(following.tokens[0].form))
            return quantifier and not counted and nouns[-1:] != ["NNB"]
        number = s.owner.get(at + 1)
        if number is None or s.predicates[number].tag not in ("VA", "VV"):
            return False
        if any(t.tag in ("SN", "NR") for t in s.units[at].tokens):
            return g.has("exceeding", s.predicates[number].lemma)
        inherent = g.has("needs_subject", s.predicates[number].lemma) and "NNB" not in nouns
        return inherent and not self._facts.timely(s.units[at])

    def _objective(self, at: int) -> bool:
        """Tell whether a noun has lost an object's particle: a transitive verb stands right after it (공장 짓는다)."""
        s, g, unit = self._s, self._g, self._s.units[at]
        number = s.owner.get(at + 1)
        if number is None or unit.comma or at in s.agents or self._facts.timely(unit):
            return False
        verb = s.predicates[number]
        nouns = [t for t in unit.tokens if t.tag[0] != "S" or t.tag in ("SN", "SL", "SH")]
        if verb.tag != "VV" or verb.voice != "active" or any(t.tag not in ("NNG", "NNP") for t in nouns):
            return False
        apart = ("intransitive", "relational", "bare_complement")
        other = verb.lemma in g.light_verbs or any(g.has(table, verb.lemma) for table in apart)
        return not other and not g.has("adverbial_nouns", unit.noun)

    def _listed(self, at: int) -> bool:
        """Tell whether A와, taken by the analyser for a partner, begins a list: nothing near is done with a partner."""
        s, g = self._s, self._g
        following = s.units[at + 1] if at + 1 < len(s.units) else None
        if following is None or following.kind not in ("noun", "modifier"):
            return False
        near = list(self._predicates(at))[:3]
        if not near or any(g.takes(s.predicates[n].lemma, "와") for n in near):
            return False
        words = s.units[at + 1 : s.predicates[near[-1]].unit + 1]
        return not any(g.has("reciprocal_nouns", plain(t.form)) for unit in words for t in unit.tokens)

    def _compared(self, at: int) -> bool:
        """Tell whether A와, taken by the analyser for a list item, stands with a predicate of two (A와 다르다)."""
        s = self._s
        here = at + 1
        while here < len(s.units) and (s.units[here].kind == "adverb" or self._manner(here)):
            here += 1
        number = s.owner.get(here)
        return (
            number is not None and s.predicates[number].unit == here and self._g.takes(s.predicates[number].lemma, "와")
        )

    def _manner(self, at: int) -> bool:
        """Tell whether a unit is an adjective that only says how something is (공교롭게)."""
        number = self._s.owner.get(at)
        return (
            number is not None
            and self._s.predicates[number].tag in ("VA", "XSA")
            and self._s.predicates[number].ending == "게"
        )

    def _escapes(self, at: int, target: int) -> bool:
        """Tell whether a predicate stands outside a quotation that goes on after a unit ('A를 부탁해'에서 B를)."""
        s = self._s
        if at + 1 == len(s.units):
            return False
        held = set(s.units[at].quotes) & set(s.units[at + 1].quotes)
        return bool(held - set(s.units[s.predicates[target].unit].quotes))

    def _small(self, unit: Unit) -> bool:
        """Tell whether a noun with 로 predicates over the object before it (A를 대상으로)."""
        return (
            unit.particle in ("로", "으로")
            and self._g.has("small_clause_nouns", plain(unit.tokens[0].form))
            and unit.tokens[0].span.end == unit.content.end
        )

    def _predicative(self, at: int, topic: Unit) -> int | None:
        """Give the noun with 로 that says what a topic is, before something else is said of it.

        (이 헬기는 수색하러 가던 헬기로 강원 소속이다; 대상자는 72만 가구로 절반이 지원을 받는다.) The noun's
        phrase begins right after the topic; its predicate stands further on and wants no 로.
        """
        s = self._s
        here: int | None = at + 1 if at + 1 < len(s.units) else None
        for _ in range(DEEPEST):
            if here is None:
                return None
            number = s.owner.get(here)
            if number is not None:
                here = s.heads[s.predicates[number].last]
                continue
            noun, head = s.units[here], s.heads[here]
            governor = s.owner.get(head) if head is not None and s.relations[here] == "argument" else None
            if governor is not None and noun.particle in ("로", "으로"):
                predicate = s.predicates[governor]
                wanted = self._g.takes(predicate.lemma, "로") and not any(
                    other > here and s.units[other].particle in ("로", "으로") for other in s.arguments[governor]
                )
                if predicate.unit > here + 1 and not wanted and self._says_what(topic, noun):
                    return here
            here = head
        return None

    def _says_what(self, topic: Unit, noun: Unit) -> bool:
        """Tell whether a noun can be what a topic is: the same again, or for a common noun somebody or a number."""
        if noun.noun == topic.noun or noun.comma and self._g.has("person_nouns", noun.noun):
            return True
        named = self._facts.named(topic)
        counted = any(t.tag in ("SN", "NR") for t in noun.tokens) and not self._facts.timely(noun)
        return not named and (counted or noun.index in self._s.agents)

    def _role(self, unit: Unit) -> str:
        if unit.case == "topic" or unit.case == "focus":
            counted = unit.particle in ("나", "이나") and any(t.tag in ("SN", "NR") for t in unit.tokens)
            if counted or self._facts.timely(unit) or self._g.has("adverbial_particles", unit.particle):
                return "adverbial"
            return "topic" if unit.case == "topic" else "focus"
        if unit.case == "adverbial" and unit.marked:
            return "marked adverbial"
        return (
            unit.case if unit.case in ("subject", "object", "adverbial", "complement", "quotation", "bare") else "bare"
        )

    def settle(self, number: int) -> None:
        """Say what topics and focused nouns are to their predicate once all its arguments are known.

        The first is the subject; one after it, or beside a subject with 이/가, is the object if the verb
        wants one. So is what has a name and does nothing itself (an event, a policy), before a verb that is hardly
        said without an object.
        """
        s = self._s
        predicate = s.predicates[number]
        arguments = sorted(s.arguments[number])
        loose = [at for at in arguments if s.roles[at] == "subject" and s.units[at].case in ("topic", "focus")]
        if loose and predicate.tag == "VCN" and loose[-1] == predicate.unit - 1:
            if not self._facts.named(s.units[loose[-1]]):
                s.roles[loose[-1]] = "complement"  # 이야기도 아니다
            return
        if (
            not loose
            or not self._verbal(predicate)
            or predicate.voice == "passive"
            or self._g.has("intransitive", predicate.lemma)
        ):
            return
        if any(s.roles[at] == "object" for at in arguments):
            return
        exceeded = self._g.has("exceeding", predicate.lemma)  # 인구는 100만 명이 넘는다
        subject = any(
            s.roles[at] == "subject"
            and s.units[at].case == "subject"
            and not (
                exceeded and any(t.tag in ("SN", "NR") for u in s.units[max(0, at - 1) : at + 1] for t in u.tokens)
            )
            for at in arguments
        )
        last = s.units[loose[-1]]
        between = s.units[loose[-1] + 1 : predicate.unit]
        beside = all(unit.kind == "adverb" for unit in between) and not self._g.has("speaking", predicate.lemma)
        idle = loose[-1] in s.names and loose[-1] not in s.agents | s.actors | s.sites
        handled = idle and self._g.has("needs_object", predicate.lemma) and not self._gapped(number)
        if subject or handled or (not self._facts.named(last) and (len(loose) > 1 or beside)):
            s.roles[loose[-1]] = "object"

    def _gapped(self, number: int) -> bool:
        """Tell whether a clause modifies a noun that may be its object (내년에 개최하는 행사)."""
        s = self._s
        noun = s.modified[number]
        return noun is not None and not self._g.has("formal_nouns", s.units[noun].noun)

    def _verbal(self, predicate: Predicate) -> bool:
        return predicate.tag in ("VV", "XSV", "N")

    def _chain(self, at: int) -> Iterator[int]:
        """Give the units on the way from `at` to the root, the nearest first."""
        s = self._s
        here: int | None = at + 1 if at + 1 < len(s.units) else None
        while here is not None:
            number = s.owner.get(here)
            if number is not None and s.predicates[number].unit > at:
                here = s.predicates[number].unit
            yield here
            here = s.heads[s.predicates[number].last] if number is not None else s.heads[here]

    def _predicates(self, at: int) -> Iterator[int]:
        """Give the predicates on the way from `at` to the root, the nearest first, no more than `DEEPEST`."""
        number = self._first[at + 1] if at + 1 < len(self._first) else None
        for _ in range(DEEPEST):
            if number is None:
                return
            yield number
            head = self._s.heads[self._s.predicates[number].last]
            number = self._first[head] if head is not None else None

    def _next_nominal(self, at: int) -> int | None:
        for count, here in enumerate(self._chain(at)):
            if self._s.units[here].nominal:
                return here
            if count == DEEPEST:
                break
        return None

    def _attach_predicate(self, number: int) -> None:
        s = self._s
        predicate = s.predicates[number]
        at = predicate.last
        if predicate.closing == "ETM" and not predicate.quoted:
            noun = self._next_nominal(at)
            s.modified[number] = noun
            s.heads[at], s.relations[at] = noun, "clause"
            return
        if predicate.closing == "EF" and not predicate.quoted or predicate.closing == "N":
            return
        following = s.units[at + 1] if at + 1 < len(s.units) else None
        before_noun = (
            predicate.case == "bare"
            and following is not None
            and following.kind == "noun"
            and any(self._g.has("nouns_after_gi", plain(t.form)) for t in following.tokens)
        )
        if predicate.closing == "ETN" and (predicate.case in ("genitive", "conjunct") or before_noun):
            s.heads[at], s.relations[at] = self._next_nominal(at), "clause"
            return
        role = (
            predicate.case
            if predicate.closing == "ETN" and predicate.case in ("subject", "object", "adverbial")
            else "connective"
        )
        if self._facts.quoting(predicate):
            role = "quotation"
        if predicate.quoted_with is None:
            target = self._choose(at, role, s.units[at])
        else:
            target = s.leads[predicate.quoted_with]
        if target is not None:
            s.leads[number] = target
            if role == "quotation" and self._g.has("speaking", s.predicates[target].lemma):
                self._facts.reported[target] = number
            s.heads[at], s.relations[at] = s.predicates[target].unit, "clause"
            if role in ("subject", "object"):
                self._facts.filled[target].setdefault(role, at)

    def _choose(self, at: int, role: str, unit: Unit) -> int | None:
        best: int | None = None
        best_score = outside = NEVER
        weights = self._g.weights.get(role, self._g.weights["adverbial"])
        candidates = list(self._predicates(at))
        if role == "adverbial" and unit.particle == "에서" and self._g.has("occasions", unit.noun):
            said = (n for n in candidates if self._g.has("speaking", self._s.predicates[n].lemma))
            if (number := next(said, None)) is not None:
                return number  # 장관과의 통화에서 | 협력이 필요하다고 말했다
        if candidates and unit.particle in ("와", "과") and self._facts.bond(at + 1):
            return candidates[0]  # 저장성과 자매결연 27주년을 맞아 | 행사를 열었다
        for depth, number in enumerate(candidates):
            if role == "subject" and number != candidates[-1] and self._facts.has_amount(number):
                continue  # 매출이 | 8% 증가한 12억 달러를 기록했다
            score = weights.get("depth", 0) * depth
            for fact in self._facts.of(at, unit, number):
                score += weights.get(fact, 0)
            if best is None or score > best_score:
                best, best_score = number, score
            if not self._s.predicates[number].adnominal:
                outside = max(outside, score)
        if role == "connective" and best is not None and self._s.predicates[best].adnominal:
            # How sure it is that the clause belongs inside the noun phrase and not after it.
            self._facts.margins[self._s.owner[at]] = best_score - outside
        return best
