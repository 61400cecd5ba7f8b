"""Which predicate each argument, connective clause and modifier belongs to.

Korean is head-final and its dependencies hardly ever cross, so reading from right to left the
possible heads of a unit are the next unit, that one's head, and so on (Covington 2001, "A
fundamental algorithm for dependency parsing", restricted to one direction). Among the predicates on
that chain the one for which most speaks wins; what speaks how much stands in
``clause-attachment.yaml``. The chain is cut at `_DEEPEST`, so the cost stays linear.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.clauses.grammar import Grammar, plain
from kg.clauses.predicates import Predicate
from kg.clauses.units import Unit

_DEEPEST = 16


@dataclass(slots=True)
class Structure:
    """A sentence's dependencies: the head of each unit, its relation, and the predicates.

    `heads` is a unit's head unit or None; `relations` one of ``argument``, ``bare``, ``modifier``, ``conjunct``,
    ``clause``, ``small clause``, ``range`` or ``""``. `leads` is the predicate that a predicate leads into (by number), `modified` the unit of
    the noun that an adnominal predicate modifies, `roles` what role an argument unit has.
    """

    units: Sequence[Unit]
    predicates: list[Predicate]
    owner: dict[int, int]
    heads: list[int | None]
    relations: list[str]
    roles: list[str]
    leads: list[int | None]
    modified: list[int | None]
    arguments: list[list[int]] = field(default_factory=list)

    def head_noun(self, unit: int) -> int:
        """Follow modifiers to the last noun of the phrase that a unit begins."""
        for _ in range(64):
            head = self.heads[unit]
            if head is None or self.relations[unit] not in ("modifier", "conjunct") or not self.units[head].nominal:
                break
            unit = head
        return unit


def attach(units: Sequence[Unit], predicates: list[Predicate], grammar: Grammar) -> Structure:
    """Find the head of every unit of a sentence."""
    owner = {at: n for n, p in enumerate(predicates) for at in range(p.unit, p.last + 1)}
    structure = Structure(
        units, predicates, owner, [None] * len(units), [""] * len(units), [""] * len(units),
        [None] * len(predicates), [None] * len(predicates), [[] for _ in predicates],
    )
    reader = _Attacher(structure, grammar)
    for at in range(len(units) - 1, -1, -1):
        reader.attach(at)
    for number, arguments in enumerate(structure.arguments):
        reader.settle(number)
        arguments.sort()
    return structure


class _Attacher:
    def __init__(self, structure: Structure, grammar: Grammar) -> None:
        self._s, self._g = structure, grammar
        self._filled: list[dict[str, int]] = [{} for _ in structure.predicates]
        self._reported: dict[int, int] = {}

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
        if unit.kind == "predicate":  # a verb form that works as a determiner (지난 14일)
            s.heads[at] = at + 1 if at + 1 < len(s.units) else None
            s.relations[at] = "modifier"
        elif unit.kind == "adverb":
            target = next(self._predicates(at), None)
            s.heads[at], s.relations[at] = (s.predicates[target].unit if target is not None else None), ""
            if target is None and at + 1 < len(s.units):
                s.heads[at] = at + 1
        elif unit.kind == "modifier":
            s.heads[at] = self._next_nominal(at)
            s.relations[at] = "modifier" if s.heads[at] is not None else ""
        else:
            self._attach_noun(at)

    def _attach_noun(self, at: int) -> None:
        s, unit = self._s, self._s.units[at]
        case = unit.case
        if case in ("genitive", "conjunct"):
            s.heads[at] = self._next_nominal(at)
            s.relations[at] = "modifier" if case == "genitive" else "conjunct"
            return
        if case == "bare":
            following = s.units[at + 1] if at + 1 < len(s.units) else None
            if following is not None and self._compounds(at, following):
                s.heads[at], s.relations[at] = at + 1, "conjunct" if unit.comma else "modifier"
                return
        if case == "object" and at + 1 < len(s.units) and self._small(s.units[at + 1]):
            s.heads[at], s.relations[at], s.roles[at] = at + 1, "small clause", "object"
            return
        end = self._end_of_range(at, unit)
        if end is not None:
            s.heads[at], s.relations[at], s.roles[at] = end, "range", "adverbial"
            return
        role = self._role(unit)
        target = self._choose(at, role, unit)
        if target is None:
            s.heads[at] = self._next_nominal(at)
            s.relations[at] = "modifier" if s.heads[at] is not None else ""
            return
        s.heads[at], s.relations[at] = s.predicates[target].unit, "bare" if case == "bare" else "argument"
        role = {"topic": "subject", "focus": "subject", "marked adverbial": "adverbial"}.get(role, role)
        s.roles[at] = role
        if case != "bare":
            self._filled[target].setdefault(role, at)
        s.arguments[target].append(at)

    def _compounds(self, at: int, following: Unit) -> bool:
        """Tell whether a bare noun makes a phrase with what follows it."""
        if following.kind == "noun":
            return self._timely(following) or not self._timely(self._s.units[at])
        if following.kind == "predicate" and following.nominal:
            return True
        return False

    def _end_of_range(self, at: int, unit: Unit) -> int | None:
        """Give the unit that ends what 부터 or 에서 begins (3월부터 10월까지), or the adverb that 와 leans on (A와 함께)."""
        s, g = self._s, self._g
        following = at + 1
        if unit.particle in ("와", "과", "이랑", "랑") and unit.case == "adverbial" and following < len(s.units):
            word = s.units[following]
            if word.kind == "adverb" and g.has("comitative_adverbs", plain(word.tokens[0].form)):
                return following
        if unit.particle not in ("부터", "에서"):
            return None
        while following < len(s.units) and following - at < 5:
            word = s.units[following]
            if word.kind != "noun":
                return None
            if word.case not in ("bare", "genitive"):
                counted = any(t.tag == "SN" for t in unit.tokens) and any(t.tag == "SN" for t in word.tokens)
                closes = word.particle == "까지" or (unit.particle == "에서" and counted and word.particle in ("로", "으로"))
                return following if closes else None
            following += 1
        return None

    def _small(self, unit: Unit) -> bool:
        """Tell whether a noun with 로 predicates over the object before it (A를 대상으로)."""
        return unit.particle in ("로", "으로") and self._g.has("small_clause_nouns", plain(unit.tokens[0].form)) and unit.tokens[0].span.end == unit.content.end

    def _role(self, unit: Unit) -> str:
        if unit.case == "topic" or unit.case == "focus":
            if self._timely(unit) or plain(unit.particle) in self._g.words.get("adverbial_particles", frozenset()):
                return "adverbial"
            return "topic" if unit.case == "topic" else "focus"
        if unit.case == "adverbial" and unit.marked:
            return "marked adverbial"
        return unit.case if unit.case in ("subject", "object", "adverbial", "complement", "quotation", "bare") else "bare"

    def settle(self, number: int) -> None:
        """Say what topics and focused nouns are to their predicate once all its arguments are known.

        The first is the subject; one after it, or beside a subject with 이/가, is the object if the verb
        wants one.
        """
        s = self._s
        predicate = s.predicates[number]
        arguments = sorted(s.arguments[number])
        loose = [at for at in arguments if s.roles[at] == "subject" and s.units[at].case in ("topic", "focus")]
        if not loose or not self._verbal(predicate) or predicate.voice == "passive" or self._g.has("intransitive", predicate.lemma):
            return
        if any(s.roles[at] == "object" for at in arguments):
            return
        subject = any(s.roles[at] == "subject" and s.units[at].case == "subject" for at in arguments)
        last = s.units[loose[-1]]
        beside = loose[-1] == predicate.unit - 1 and not self._g.has("speaking", predicate.lemma)
        if subject or (not self._named(last) and (len(loose) > 1 or beside)):
            s.roles[loose[-1]] = "object"

    def _verbal(self, predicate: Predicate) -> bool:
        return predicate.tag in ("VV", "XSV", "N")

    def _timely(self, unit: Unit) -> bool:
        """Tell whether a unit is a word of time (올해, 3일, 이날)."""
        nouns = [t for t in unit.tokens if t.tag in ("NNG", "NNP", "NNB", "NR", "MM", "SN", "MAG", "XSN")]
        if not nouns:
            return False
        form = plain(nouns[-1].form)
        counted = len(nouns) > 1 and nouns[-2].tag in ("SN", "NR", "MM")
        return self._g.has("time_nouns", form) or (counted and self._g.has("time_counters", form))

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
        """Give the predicates on the way from `at` to the root, the nearest first, no more than `_DEEPEST`."""
        count = 0
        for here in self._chain(at):
            number = self._s.owner.get(here)
            if number is not None and self._s.predicates[number].unit > at:
                yield number
                count += 1
                if count == _DEEPEST:
                    return

    def _next_nominal(self, at: int) -> int | None:
        for count, here in enumerate(self._chain(at)):
            if self._s.units[here].nominal:
                return here
            if count == _DEEPEST:
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
        before_noun = predicate.case == "bare" and following is not None and following.kind == "noun" and any(
            self._g.has("nouns_after_gi", plain(t.form)) for t in following.tokens
        )
        if predicate.closing == "ETN" and (predicate.case in ("genitive", "conjunct") or before_noun):
            s.heads[at], s.relations[at] = self._next_nominal(at), "clause"
            return
        role = predicate.case if predicate.closing == "ETN" and predicate.case in ("subject", "object", "adverbial") else "connective"
        if self.quoting(predicate):
            role = "quotation"
        target = self._choose(at, role, s.units[at])
        if target is not None:
            s.leads[number] = target
            if role == "quotation" and self._g.has("speaking", s.predicates[target].lemma):
                self._reported[target] = number
            s.heads[at], s.relations[at] = s.predicates[target].unit, "clause"
            if role in ("subject", "object"):
                self._filled[target].setdefault(role, at)

    def quoting(self, predicate: Predicate) -> bool:
        """Tell whether a predicate ends what somebody says or thinks."""
        return predicate.quoted or (predicate.closing == "EC" and predicate.ending in self._g.quotatives)

    def _choose(self, at: int, role: str, unit: Unit) -> int | None:
        best: int | None = None
        best_score = 0.0
        weights = self._g.weights.get(role, self._g.weights["adverbial"])
        candidates = list(self._predicates(at))
        for depth, number in enumerate(candidates):
            score = weights.get("depth", 0.0) * depth
            for fact in self.facts(at, unit, number, depth == len(candidates) - 1):
                score += weights.get(fact, 0.0)
            if best is None or score > best_score + 1e-9:
                best, best_score = number, score
        return best

    def facts(self, at: int, unit: Unit, number: int, last: bool) -> Iterator[str]:
        """Name what holds of a unit and a predicate that it may belong to."""
        s, g = self._s, self._g
        predicate = s.predicates[number]
        closing = self._closing(predicate)
        kind = {"VA": "adjective", "XSA": "adjective", "VCP": "copula", "VCN": "copula"}.get(predicate.tag, "verb")
        adjacent = predicate.unit == at + 1
        yield f"closing {closing}"
        yield f"{kind}"
        yield f"{closing} {kind}"
        if closing == "connective":
            effect = g.connectives.get(predicate.ending)
            link = effect.type if effect else "other"
            yield f"link {link}"
            yield f"link {link} {kind}"
        if adjacent:
            yield "adjacent"
            yield f"adjacent {kind}"
        if last:
            yield "last"
        filled = self._filled[number]
        if not filled:
            yield f"{closing} {kind} alone"
        if at in s.owner:
            yield f"{self._link(at)} to {closing}"
            if "subject" in self._filled[s.owner[at]]:
                yield f"clause with subject to {closing}"
            if closing == "adnominal":
                yield f"{self._link(at)} to adnominal {kind}"
        else:
            if self._named(unit):
                yield f"name to {closing}"
                yield f"name to {closing} {kind}"
        if closing in ("connective", "quotative") and self._within(number):
            yield "within adnominal"
        reported = self._reported.get(number)
        if reported is not None and closing != "adnominal":
            yield "reports"
        lead = s.leads[number]
        if lead is not None and self.quoting(predicate) and g.has("speaking", s.predicates[lead].lemma):
            yield "is reported"
            if "subject" in filled:
                yield "is reported with subject"
        inner, own = s.units[predicate.unit].quotes, unit.quotes
        if set(inner) - set(own):
            yield "into quotation"
        if set(own) - set(inner):
            yield "out of quotation"
        if unit.comma:
            yield f"comma before {closing}"
        if predicate.voice == "passive":
            yield "passive"
        for role in ("subject", "object", "adverbial"):
            if role in filled:
                yield f"has {role}"
                if closing == "adnominal":
                    yield f"adnominal has {role}"
        if unit.particle:
            yield f"particle {unit.particle}"
            yield f"particle {unit.particle} {kind}"
            if closing == "adnominal":
                yield f"particle {unit.particle} adnominal"
        for table in ("relational", "attributive", "needs_subject", "intransitive"):
            if g.has(table, predicate.lemma):
                yield table
                if adjacent:
                    yield f"{table} adjacent"
                if closing == "adnominal":
                    yield f"{table} adnominal"
        if closing == "adnominal":
            noun = s.modified[number]
            if noun is not None:
                formal = self.formal(s.head_noun(noun))
                yield "formal noun" if formal else "open noun"
                if self._evidential(number):
                    yield "evidential"
                if not formal and kind == "verb":
                    transitive = "object" in filled or not (g.has("intransitive", predicate.lemma) or predicate.voice == "passive")
                    yield "open noun has object" if "object" in filled else "open noun transitive" if transitive else "open noun intransitive"

    def _link(self, at: int) -> str:
        """Name the kind of link that a connective predicate makes."""
        predicate = self._s.predicates[self._s.owner[at]]
        if predicate.lemma == "따르다" and predicate.ending in ("면", "으면"):
            return "source"
        if self._g.has("relational", predicate.lemma):
            return "relational"
        effect = self._g.connectives.get(predicate.ending)
        return effect.type if effect is not None else "other"

    def _named(self, unit: Unit) -> bool:
        """Tell whether a unit ends in a name, a pronoun or a form of address (씨)."""
        nouns = [t for t in unit.tokens if t.tag[0] == "N" or t.tag in ("SL", "SH")]
        return bool(nouns) and (nouns[-1].tag in ("NNP", "NP", "SL", "SH") or self._g.has("person_nouns", plain(nouns[-1].form)))

    def _evidential(self, number: int) -> bool:
        """Tell whether an adnominal clause is what is found or expected (…한 것으로 나타났다, …할 것으로 보인다)."""
        s = self._s
        noun = s.modified[number]
        if noun is None or s.units[noun].case != "adverbial" or not any(t.form == "것" for t in s.units[noun].tokens):
            return False
        governor = s.owner.get(s.heads[noun] if s.heads[noun] is not None else -1)  # type: ignore[arg-type]
        if governor is None:
            return False
        verb = s.predicates[governor]
        return self._g.has("evidential", verb.lemma) and (verb.voice == "passive" or self._g.has("intransitive", verb.lemma))

    def _within(self, number: int) -> bool:
        """Tell whether a clause leads, link by link, into one that modifies a noun."""
        s = self._s
        lead = s.leads[number]
        for _ in range(_DEEPEST):
            if lead is None:
                return False
            if s.predicates[lead].closing == "ETM":
                return not self._evidential(lead)
            lead = s.leads[lead]
        return False

    def formal(self, unit: int) -> bool:
        """Tell whether a noun is one that a clause explains (것, 사실) rather than one it leaves a gap for."""
        tokens = self._s.units[unit].tokens
        noun = next((t for t in reversed(tokens) if t.tag.startswith("N")), tokens[0])
        return self._g.has("formal_nouns", plain(noun.form))

    def _closing(self, predicate: Predicate) -> str:
        if self.quoting(predicate):
            return "quotative"
        if predicate.closing == "ETM":
            effect = self._g.adnominals.get(predicate.ending)
            return "quoting" if effect is not None and effect.quoting else "adnominal"
        return {"EC": "connective", "ETN": "nominalised", "N": "nominal"}.get(predicate.closing, "final")
