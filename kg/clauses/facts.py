"""What speaks for and against a unit's belonging to a predicate: the facts that ``clause-attachment.yaml`` weighs.

Each fact is a short phrase (``closing adnominal``, ``has subject``, ``open noun intransitive``); which of them
count, and how much, is said in the table and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.clauses.grammar import Grammar, plain
from kg.clauses.predicates import Predicate
from kg.clauses.units import Unit

DEEPEST = 16
"""How many predicates up the chain are considered."""

SURE = 20
"""By how much a clause's place inside a noun phrase must beat the best one outside to be called sure."""

_KINDS = {"VA": "adjective", "XSA": "adjective", "VCN": "copula"}


@dataclass(slots=True)
class Structure:
    """A sentence's dependencies: the head of each unit, its relation, and the predicates.

    `heads` is a unit's head unit or None; `relations` one of ``argument``, ``bare``, ``modifier``, ``conjunct``,
    ``clause``, ``small clause``, ``range``, ``predicative`` (a topic's, of a noun with 로) or ``""``. `leads` is the
    predicate that a predicate leads into (by number), `modified` the unit of the noun that an adnominal predicate
    modifies, `roles` what role an argument unit has.
    `agents` are the units that end in the name of somebody or something that acts, `names` those that end in any name,
    `actors` the agents that are no places, and titles; `sites` those that end in the name of a building or a zone,
    which does nothing itself; `standing` those that end in a name that the lexicon knows.
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
    agents: frozenset[int] = frozenset()
    names: frozenset[int] = frozenset()
    actors: frozenset[int] = frozenset()
    sites: frozenset[int] = frozenset()
    standing: frozenset[int] = frozenset()

    def governor(self, unit: int) -> int | None:
        """Give the predicate that a unit depends on, by number; None if it depends on a noun or on nothing."""
        head = self.heads[unit]
        return self.owner.get(head) if head is not None else None

    def following(self, number: int, grammar: Grammar) -> int | None:
        """Give the clause that an adnominal one with a noun of time leads into: 협약을 체결한 뒤 공장을 지었다."""
        noun = self.modified[number]
        if noun is None or not (grammar.has("afterwards", self.units[noun].noun) or self._goes_on(noun)):
            return None
        outer = self.governor(noun)
        if outer is not None and self.predicates[outer].lemma == "잇다":
            outer = self.leads[outer]
        for _ in range(4):  # 맺은 뒤 다양한 사업을 이어왔다: no adjective before a noun is what follows
            if outer is None or self.predicates[outer].tag not in ("VA", "XSA"):
                break
            described = self.modified[outer]
            if described is None:
                break
            outer = self.governor(self.head_noun(described))
        return outer if outer is not None and outer > number else None

    def _goes_on(self, noun: int) -> bool:
        """Tell whether a noun is that of 데 이어, after which what follows is told: 지은 데 이어."""
        after = self.owner.get(noun + 1)
        return self.units[noun].noun == "데" and after is not None and self.predicates[after].lemma == "잇다"

    def setting_of(self, number: int, grammar: Grammar) -> int | None:
        """Give the clause of what somebody attends by a clause with 가운데: A가 참석한 가운데 B가 열렸다."""
        noun = self.modified[number]
        if (
            noun is None
            or self.units[noun].noun != "가운데"
            or not grammar.has("attending", self.predicates[number].lemma)
        ):
            return None
        return self.governor(noun)

    def head_noun(self, unit: int) -> int:
        """Follow modifiers to the last noun of the phrase that a unit begins."""
        for _ in range(64):
            head = self.heads[unit]
            if head is None or self.relations[unit] not in ("modifier", "conjunct") or not self.units[head].nominal:
                break
            unit = head
        return unit


class Facts:
    """Names the facts of a sentence that is being attached; `filled` says which roles each predicate has so far."""

    def __init__(self, structure: Structure, grammar: Grammar) -> None:
        self._s, self._g = structure, grammar
        self.filled: list[dict[str, int]] = [{} for _ in structure.predicates]
        self.reported: dict[int, int] = {}
        self.margins: dict[int, int] = {}
        self._before: list[str] = []
        said = "first"
        for unit in structure.units:
            self._before.append(said)
            if unit.kind == "noun" and unit.case in ("subject", "topic") and not self.timely(unit):
                said = "later topic" if unit.case == "topic" or said == "later topic" else "later"

    def of(self, at: int, unit: Unit, number: int) -> Iterator[str]:
        """Name what holds of a unit and a predicate that it may belong to."""
        s, g = self._s, self._g
        predicate = s.predicates[number]
        closing = self._closing(predicate)
        kind = self._kind(predicate)
        adjacent = predicate.unit == at + 1
        filled = self.filled[number]
        yield f"closing {closing}"
        yield kind
        yield f"{closing} {kind}"
        if not filled:
            yield f"{closing} {kind} alone"
        if adjacent:
            yield "adjacent"
        if closing == "connective":
            effect = g.connectives.get(predicate.ending)
            link = effect.type if effect else "other"
            yield f"link {link}"
            yield f"link {link} {kind}"
            if kind == "adjective" and not filled:
                yield f"link {link} adjective alone"
        if unit.comma:
            yield f"comma before {closing}"
        if predicate.voice == "passive":
            yield "passive"
        for role in ("subject", "object", "adverbial"):
            if role in filled and not (role == "subject" and self._gapped(at, number)):
                yield f"has {role}"
                if closing == "adnominal":
                    yield f"adnominal has {role}"
        for table in ("relational", "attributive", "intransitive", "stative"):
            if self.relational(number) if table == "relational" else g.has(table, predicate.lemma):
                yield table
                if adjacent:
                    yield f"{table} adjacent"
                if closing == "adnominal":
                    yield f"{table} adnominal"
        yield from self._of_quotation(unit, number, closing)
        if closing in ("connective", "quotative") and self._within(number):
            yield "within adnominal" if self.margins.get(number, SURE) >= SURE else "loosely within adnominal"
        if closing == "adnominal" and s.modified[number] is not None:
            yield from self._of_noun(number, kind)
        if at in s.owner:
            yield from self._of_link(at, number, closing, kind, adjacent)
        else:
            yield from self._of_subject(at, unit, number, closing, kind)
            if unit.case == "adverbial" and self._framed(unit, predicate):
                yield "frame"
                if adjacent:
                    yield "frame adjacent"
            elif kind == "copula" and g.has("action_particles", unit.particle):
                yield "copula beside what only verbs take"

    def _of_quotation(self, unit: Unit, number: int, closing: str) -> Iterator[str]:
        """Name what stands between a unit and a predicate in the way of quotations and reports."""
        s = self._s
        predicate, lead = s.predicates[number], s.leads[number]
        inner, own = self._quotes(number), unit.quotes
        if set(inner) - set(own):
            yield "into quotation"
        if set(own) - set(inner):
            yield "out of quotation"
        if self._reports(number, closing):
            yield "reports"
        if lead is None:
            return
        if closing == "nominalised" and self.relational(lead):
            yield "intended"
            if s.predicates[lead].adnominal:
                yield "intended before noun"
        if closing == "nominalised" and self._g.has("controlling", s.predicates[lead].lemma):
            yield "controlled"
        if (
            "subject" in self.filled[number]
            and self.quoting(predicate)
            and self._g.has("speaking", s.predicates[lead].lemma)
        ):
            yield "is reported with subject"

    def _of_noun(self, number: int, kind: str) -> Iterator[str]:
        """Name what the noun that an adnominal predicate modifies says: does it fill a role of the predicate's?"""
        s, g = self._s, self._g
        noun = s.modified[number]
        assert noun is not None
        head = s.head_noun(noun)
        outer = s.heads[head]
        governor = s.owner.get(outer) if outer is not None else None
        if g.has("clausal_nouns", s.units[head].noun) and governor is not None and "subject" in self.filled[governor]:
            yield "clausal noun beside another subject"
        if self._evidential(number):
            yield "evidential"
        if kind != "verb" or self.formal(noun) or self.formal(head):
            return
        predicate = s.predicates[number]
        if "object" in self.filled[number]:
            yield "open noun has object at a site" if head in s.sites else "open noun has object"
        elif g.has("intransitive", predicate.lemma) or predicate.voice == "passive":
            open_ = "adverbial" not in self.filled[number] and predicate.voice != "passive"
            oblique = open_ and any(g.takes(predicate.lemma, particle) for particle in ("에", "와", "에서", "에게"))
            yield "open noun oblique" if oblique else "open noun intransitive"
        else:
            yield "open noun transitive"

    def amount(self, at: int) -> bool:
        """Tell whether a noun is the unit of a number: 440억 달러."""
        tokens = [t for unit in self._s.units[max(0, at - 1) : at + 1] for t in unit.tokens if t.tag[0] in "NSM"]
        nouns = [t.tag for t in tokens if t.tag not in ("SP", "SF")]
        return len(nouns) > 1 and nouns[-1] == "NNB" and nouns[-2] in ("SN", "NR")

    def _gapped(self, at: int, number: int) -> bool:
        """Tell whether a verb's subject is in a later row: 매출이 5억 달러, | 순이익은 2억 달러를 기록했다."""
        between = range(at + 1, self.filled[number]["subject"])
        return any(self._s.units[n].comma and self._s.units[n].case == "bare" and self.amount(n) for n in between)

    def bond(self, at: int) -> bool:
        """Tell whether a noun of what two have in common begins the name of an anniversary: 수교 33주년."""
        here = self._s.units[at : at + 3]
        first = bool(here) and any(self._g.has("reciprocal_nouns", plain(t.form)) for t in here[0].tokens)
        return first and any(t.form == "주년" for unit in here for t in unit.tokens)

    def has_amount(self, number: int) -> bool:
        """Tell whether a verb of change stands before an amount, which is what has changed: 8% 증가한 12억 달러."""
        s, noun = self._s, self._s.modified[number]
        if noun is None or not self._g.has("changing", s.predicates[number].lemma):
            return False
        amount = s.units[noun : s.head_noun(noun) + 1]
        return any(t.tag in ("SN", "NR") for unit in amount for t in unit.tokens)

    def _of_subject(self, at: int, unit: Unit, number: int, closing: str, kind: str) -> Iterator[str]:
        """Name what the subjects of the sentence say: which of them this is, who it names, and who has one already."""
        predicate = self._s.predicates[number]
        before = self._before[at]
        if before != "first":
            yield f"later to {closing}"
        if before == "later topic":
            yield f"later topic to {closing}"
            if self._reports(number, closing):
                yield "later topic to reporting"
        if self.named(unit):
            yield f"name to {closing}"
            yield f"name to {closing} {kind}"
        verb = predicate.tag in ("VV", "XSV") and not self._g.has("two_nominatives", predicate.lemma)
        if verb and "subject" in self.filled[number] and not self._gapped(at, number):
            yield "second subject of verb"

    def _of_link(self, at: int, number: int, closing: str, kind: str, adjacent: bool) -> Iterator[str]:
        """Name what the link that a connective clause makes says about the clause that it leads into."""
        s = self._s
        link, own = self._link(at), s.predicates[s.owner[at]]
        yield f"{link} to {closing}"
        if closing == "adnominal" and "subject" in self.filled[number] and self._complete(own.unit):
            yield f"{link} clause complete to {closing} with subject"
        if adjacent and kind == "verb":
            yield f"{link} adjacent to {closing}"
        if kind == "adjective" and own.tag in ("VA", "XSA") and link in ("coordinate", "contrast"):
            yield "parallel adjectives"
        if "subject" in self.filled[s.owner[at]]:
            yield f"clause with subject to {closing}"
        if closing == "connective" and self._within(number):
            closing = "within adnominal"
            if s.units[at].comma:
                yield f"comma before {closing}"
        if own.tense == "past":
            yield f"past to {closing}"

    def _complete(self, at: int) -> bool:
        """Tell whether a clause that ends with a predicate's unit has an object, and a subject or a topic before it.

        Clauses joined before a noun leave it the same role (Ross 1967, the across-the-board exception): one that has
        all of its own cannot be joined with one that has a subject, but belongs to what comes after the noun
        (시는 협정을 맺고 기업이 참여하는 위원회를 만들었다; not 시가 주최하고 기업이 주관하는 행사).
        """
        cases = []
        for before in range(at - 1, -1, -1):
            if before in self._s.owner:
                break
            cases.append(self._s.units[before].case)
        return "object" in cases and ("subject" in cases or self._before[at] == "later topic")

    def _framed(self, unit: Unit, predicate: Predicate) -> bool:
        """Tell whether a predicate has a complement of its own with a unit's particle (보내다: 에게; 크다: 보다)."""
        if unit.particle == "에" and self.timely(unit):
            return False
        if self._filled_within(predicate):
            return False
        compares = unit.particle == "보다" and predicate.tag in ("VA", "XSA")
        return compares or self._g.takes(predicate.lemma, unit.particle)

    def _kind(self, predicate: Predicate) -> str:
        """Tell a verb from an adjective and a copula, by what they mean rather than by what the analyser calls them."""
        if predicate.tag == "VCP":  # 효율적이다 says how something is
            before = self._s.units[predicate.unit].tokens[: self._s.units[predicate.unit].stem]
            return "adjective" if before and before[-1].tag == "XSN" and before[-1].form == "적" else "copula"
        if predicate.adnominal and self._g.has("attributive", predicate.lemma):
            return "adjective"  # 무리한 is no verb
        return _KINDS.get(predicate.tag, "verb")

    def _filled_within(self, predicate: Predicate) -> bool:
        """Tell whether 있다 or 없다 makes one word with what is or is not there (변함없는, 재미있는)."""
        unit = self._s.units[predicate.unit]
        return (
            predicate.lemma in ("있다", "없다")
            and unit.stem > 0
            and (unit.tokens[unit.stem - 1].tag[0] in "NX" or unit.tokens[unit.stem - 1].tag == "ETN")
        )

    def timely(self, unit: Unit) -> bool:
        """Tell whether a unit is a word of time (올해, 3일, 이날)."""
        opened = next((at for at, t in enumerate(unit.tokens) if at and t.tag == "SSO"), None)  # 4일(현지시간)
        told = unit.tokens[:opened]
        nouns = [t for t in told if t.tag in ("NNG", "NNP", "NNB", "NR", "MM", "SN", "MAG", "XSN")]
        if not nouns:
            return False
        form = plain(nouns[-1].form)
        counted = len(nouns) > 1 and nouns[-2].tag in ("SN", "NR", "MM")
        return self._g.has("time_nouns", form) or (counted and self._g.has("time_counters", form))

    def _reports(self, number: int, closing: str) -> bool:
        """Tell whether a predicate says what somebody said: 밝혔다, 밝힌 것으로 알려졌다; not 밝힌 계획."""
        return number in self.reported and (closing != "adnominal" or self._evidential(number))

    def _link(self, at: int) -> str:
        """Name the kind of link that a connective predicate makes."""
        predicate = self._s.predicates[self._s.owner[at]]
        if predicate.lemma == "따르다" and predicate.ending in ("면", "으면"):
            return "source"
        if self.relational(self._s.owner[at]):
            return "relational"
        effect = self._g.connectives.get(predicate.ending)
        return effect.type if effect is not None else "other"

    def relational(self, number: int) -> bool:
        """Tell whether a predicate works like a postposition (대한, 통해, 위해, 10주년을 맞아; not 공에 맞아)."""
        predicate = self._s.predicates[number]
        if not self._g.has("relational", predicate.lemma):
            return False
        before = self._s.units[predicate.unit - 1] if predicate.unit else None
        finite = predicate.closing == "EF" or self.quoting(predicate)
        if before is None or finite or any(e.type == "progressive" for e in predicate.effects):
            return False  # 계약을 앞두고 있다
        if self._g.has("relational_with_dative", predicate.lemma):
            return before.case in ("adverbial", "bare") and predicate.ending in ("어", "아", "여")
        if self._g.has("relational_with_object", predicate.lemma):
            return before.case in ("object", "topic", "focus", "bare", "conjunct")
        return before.case in ("adverbial", "object", "conjunct", "bare") or before.kind == "predicate"

    def _quotes(self, number: int) -> tuple[int, ...]:
        """Give the quotations that a predicate stands in; one closing before its stem holds a noun only ('A'이다)."""
        s = self._s
        at = s.predicates[number].unit
        unit = s.units[at]
        if not unit.quotes or not any(t.tag in ("SSC", "SS", "SW") for t in unit.tokens[: max(unit.stem, 0)]):
            return unit.quotes
        noun = s.modified[number]
        if noun is not None and not self.formal(s.head_noun(noun)):  # 'A'라는 제목: nothing is said of anybody
            return unit.quotes
        beyond = s.units[at + 1].quotes if at + 1 < len(s.units) else ()
        return tuple(quote for quote in unit.quotes if quote in beyond)

    def named(self, unit: Unit) -> bool:
        """Tell whether a unit ends in a name, a pronoun or a form of address (씨), or names somebody known to act."""
        if unit.index in self._s.agents:
            return True
        nouns = [t for t in unit.tokens if t.tag[0] == "N" or t.tag in ("SL", "SH")]
        return bool(nouns) and (
            nouns[-1].tag in ("NNP", "NP", "SL", "SH")
            or self._g.has("person_nouns", plain(nouns[-1].form))
            or self._g.has("titles", plain(nouns[-1].form))
            or self._g.has("titles", unit.noun)
        )

    def _evidential(self, number: int) -> bool:
        """Tell whether an adnominal clause is what is found or expected (…한 것으로 나타났다, …할 것으로 보인다)."""
        s = self._s
        noun = s.modified[number]
        if noun is None or s.units[noun].case != "adverbial" or not any(t.form == "것" for t in s.units[noun].tokens):
            return False
        governor = s.owner.get(s.heads[noun] if s.heads[noun] is not None else -1)  # type: ignore[arg-type]
        if governor is None or s.predicates[governor].adnominal:  # …한 것으로 알려진 N: N is who did it
            return False
        verb = s.predicates[governor]
        impersonal = verb.voice == "passive" or self._g.has("intransitive", verb.lemma)
        return self._g.has("evidential", verb.lemma) and (impersonal or "subject" in self.filled[governor])

    def _within(self, number: int) -> bool:
        """Tell whether a clause leads, link by link, into one that modifies a noun."""
        s = self._s
        lead = s.leads[number]
        for _ in range(DEEPEST):
            if lead is None:
                return False
            if s.predicates[lead].closing == "ETM":
                return not self._evidential(lead)
            lead = s.leads[lead]
        return False

    def formal(self, unit: int) -> bool:
        """Tell whether a noun is one that a clause explains (것, 사실) rather than one it leaves a gap for."""
        return unit not in self._s.names and self._g.has("formal_nouns", self._s.units[unit].noun)

    def _closing(self, predicate: Predicate) -> str:
        if self.quoting(predicate):
            return "quotative"
        if predicate.closing == "ETM":
            effect = self._g.adnominals.get(predicate.ending)
            quoting = effect is not None and effect.quoting and effect.type != "intent"
            return "quoting" if quoting else "adnominal"
        return {"EC": "connective", "ETN": "nominalised", "N": "nominal"}.get(predicate.closing, "final")

    def quoting(self, predicate: Predicate) -> bool:
        """Tell whether a predicate ends what somebody says or thinks."""
        return predicate.quoted or (predicate.closing == "EC" and predicate.ending in self._g.quotatives)
