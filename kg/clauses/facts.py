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

_KINDS = {"VA": "adjective", "XSA": "adjective", "VCP": "copula", "VCN": "copula"}


@dataclass(slots=True)
class Structure:
    """A sentence's dependencies: the head of each unit, its relation, and the predicates.

    `heads` is a unit's head unit or None; `relations` one of ``argument``, ``bare``, ``modifier``, ``conjunct``,
    ``clause``, ``small clause``, ``range`` or ``""``. `leads` is the predicate that a predicate leads into (by number),
    `modified` the unit of the noun that an adnominal predicate modifies, `roles` what role an argument unit has.
    `agents` are the units that end in the name of somebody or something that acts, `names` those that end in any name.
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
        self.margins: dict[int, float] = {}
        self._before: list[str] = []
        said = "first"
        for unit in structure.units:
            self._before.append(said)
            if unit.kind == "noun" and unit.case in ("subject", "topic") and not self.timely(unit):
                said = "later topic" if unit.case == "topic" or said == "later topic" else "later"

    def of(self, at: int, unit: Unit, number: int, last: bool) -> Iterator[str]:
        """Name what holds of a unit and a predicate that it may belong to."""
        s, g = self._s, self._g
        predicate = s.predicates[number]
        closing = self._closing(predicate)
        kind = _KINDS.get(predicate.tag, "verb")
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
        filled = self.filled[number]
        if not filled:
            yield f"{closing} {kind} alone"
        if at in s.owner:
            yield f"{self._link(at)} to {closing}"
            if "subject" in self.filled[s.owner[at]]:
                yield f"clause with subject to {closing}"
            if closing == "adnominal":
                yield f"{self._link(at)} to adnominal {kind}"
                if s.predicates[s.owner[at]].tense == "past":
                    yield "past to adnominal"
        else:
            if self.named(unit):
                yield f"name to {closing}"
                yield f"name to {closing} {kind}"
        lead = s.leads[number]
        if closing == "nominalised" and lead is not None and self.relational(lead):
            yield "intended"
        if closing in ("connective", "quotative") and self._within(number):
            yield "within adnominal" if self.margins.get(number, 9.0) >= 1.0 else "loosely within adnominal"
        reported = self.reported.get(number)
        if reported is not None and closing != "adnominal":
            yield "reports"
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
        yield from self._of_subject(at, number, closing, filled)
        yield from self._of_frame(at, unit, number, closing)
        if at in s.owner:
            yield from self._of_link(at, number, closing, kind, adjacent)
        if unit.particle:
            yield f"particle {unit.particle}"
            yield f"particle {unit.particle} {kind}"
            if closing == "adnominal":
                yield f"particle {unit.particle} adnominal"
        for table in ("relational", "attributive", "needs_subject", "intransitive", "stative"):
            if self.relational(number) if table == "relational" else g.has(table, predicate.lemma):
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
                    transitive = "object" in filled or not (
                        g.has("intransitive", predicate.lemma) or predicate.voice == "passive"
                    )
                    yield (
                        "open noun has object"
                        if "object" in filled
                        else "open noun transitive"
                        if transitive
                        else "open noun intransitive"
                    )

    def _of_subject(self, at: int, number: int, closing: str, filled: dict[str, int]) -> Iterator[str]:
        """Name what the subjects of the sentence say: which of them this is, and who still wants one."""
        predicate = self._s.predicates[number]
        place = "first" if self._before[at] == "first" else "later"
        yield f"{place} to {closing}"
        rank = "later topic" if self._before[at] == "later topic" else "first topic"
        yield f"{rank} to {closing}"
        if number in self.reported and closing != "adnominal":
            yield f"{rank} to reporting"
        lead = self._s.leads[number]
        effect = self._g.connectives.get(predicate.ending) if closing == "connective" else None
        if effect is not None and lead is not None:
            yield f"link {effect.type} before {self._closing(self._s.predicates[lead])}"
            if "subject" in self.filled[lead]:
                yield f"link {effect.type} before subject"
        if "subject" in filled:
            if predicate.tag in ("VV", "XSV") and not self._g.has("two_nominatives", predicate.lemma):
                yield "second subject of verb"
        else:
            yield f"{place} to {closing} without subject"
        if number in self.reported and closing != "adnominal":
            yield f"{place} to reporting"
        noun = self._s.modified[number]
        if closing == "adnominal" and noun is not None:
            head = self._s.head_noun(noun)
            fits = self._g.has("where_and_when", self._s.units[head].noun)
            if self.named(self._s.units[head]):
                yield "noun named"
                yield "noun named has object" if "object" in filled else "noun named no object"
            elif fits:
                yield "noun of place or time"
            if self._s.units[head].case in ("subject", "topic") and self._before[at] == "first":
                yield "noun is first subject"

    def _of_frame(self, at: int, unit: Unit, number: int, closing: str) -> Iterator[str]:
        """Name what a predicate's valency says about an argument with a particle."""
        predicate = self._s.predicates[number]
        if at in self._s.owner or unit.case != "adverbial":
            return
        if self._g.takes(predicate.lemma, unit.particle):
            yield "frame"
            yield f"frame {closing}"
        else:
            yield f"no frame {unit.particle}"
            yield f"no frame {closing}"
        if unit.particle in ("에서", "서") and (
            self._g.has("static", predicate.lemma) or predicate.tag in ("VA", "XSA", "VCP", "VCN")
        ):
            yield "static"
        if self.timely(unit):
            yield "timely"
            yield f"timely {closing}"

    def _of_link(self, at: int, number: int, closing: str, kind: str, adjacent: bool) -> Iterator[str]:
        """Name what the link that a connective clause makes says about the clause that it leads into."""
        s = self._s
        link, own = self._link(at), s.predicates[s.owner[at]]
        yield f"link {link} to {closing}"
        if adjacent:
            yield f"{link} adjacent to {closing}"
            yield f"{link} adjacent"
        if own.tag in ("VA", "XSA") and kind == "adjective" and link in ("coordinate", "contrast"):
            yield "parallel adjectives"
            if adjacent:
                yield "parallel adjectives adjacent"
        if "subject" in self.filled[number]:
            yield f"{link} to clause with subject"
        if link == "relational" and own.unit <= 1 and s.units[0].tokens[0].tag in ("NP", "MM"):
            yield f"linking phrase to {closing}"
        if own.tag in ("VA", "XSA"):
            yield f"adjective {link} to {closing}"
        noun = s.modified[number]
        if closing == "adnominal" and noun is not None and "subject" in self.filled[number]:
            yield f"{link} to adnominal with subject"

    def timely(self, unit: Unit) -> bool:
        """Tell whether a unit is a word of time (올해, 3일, 이날)."""
        nouns = [t for t in unit.tokens if t.tag in ("NNG", "NNP", "NNB", "NR", "MM", "SN", "MAG", "XSN")]
        if not nouns:
            return False
        form = plain(nouns[-1].form)
        counted = len(nouns) > 1 and nouns[-2].tag in ("SN", "NR", "MM")
        return self._g.has("time_nouns", form) or (counted and self._g.has("time_counters", form))

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
        if not self._g.has("relational_with_object", predicate.lemma):
            return True
        before = self._s.units[predicate.unit - 1] if predicate.unit else None
        return before is not None and before.case in ("object", "topic", "focus", "bare", "conjunct")

    def named(self, unit: Unit) -> bool:
        """Tell whether a unit ends in a name, a pronoun or a form of address (씨), or names somebody known to act."""
        if unit.index in self._s.agents:
            return True
        nouns = [t for t in unit.tokens if t.tag[0] == "N" or t.tag in ("SL", "SH")]
        return bool(nouns) and (
            nouns[-1].tag in ("NNP", "NP", "SL", "SH") or self._g.has("person_nouns", plain(nouns[-1].form))
        )

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
        return self._g.has("evidential", verb.lemma) and (
            verb.voice == "passive" or self._g.has("intransitive", verb.lemma)
        )

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
            return "quoting" if effect is not None and effect.quoting else "adnominal"
        return {"EC": "connective", "ETN": "nominalised", "N": "nominal"}.get(predicate.closing, "final")

    def quoting(self, predicate: Predicate) -> bool:
        """Tell whether a predicate ends what somebody says or thinks."""
        return predicate.quoted or (predicate.closing == "EC" and predicate.ending in self._g.quotatives)
