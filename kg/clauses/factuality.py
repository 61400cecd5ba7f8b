"""Whether a clause says that a thing happened, is planned, possible, denied or somebody's claim.

What a predicate's own endings and chain say comes first; then what it stands in: the clause that it
leads into, the noun that it modifies, the verb that reports it. After FactBank (Saurí & Pustejovsky
2009), reduced to the four values that the ontology has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.clauses.facts import Structure
from kg.clauses.grammar import Effect, Grammar, plain
from kg.clauses.predicates import Predicate

_NONE = "none"


@dataclass(slots=True)
class Factuality:
    """The standing of one clause; `status` is None where nothing is asserted.

    `source` is the reporting predicate, `teller` the one that a plan is the object of (공장을 짓는 계획을 발표했다).
    """

    status: str | None = "Happened"
    denied: bool = False
    mood: str = "declarative"
    tense: str = "past"
    source: int | None = None
    teller: int | None = None
    said: bool = False


def judge(structure: Structure, grammar: Grammar) -> list[Factuality]:
    """Give the factuality of every predicate of a sentence, by number."""
    judged: list[Factuality] = [Factuality() for _ in structure.predicates]
    # What a clause leads into stands to its right, so the last clause is judged first.
    for number in range(len(structure.predicates) - 1, -1, -1):
        judged[number] = _Judge(structure, grammar, judged).judge(number)
    return judged


def habitual(structure: Structure, grammar: Grammar, predicate: Predicate) -> bool:
    """Tell whether a word of habit stands before a predicate (해마다)."""
    units = structure.units[max(0, predicate.unit - 40) : predicate.unit]
    return any(grammar.has("habitual_words", plain(token.form)) for unit in units for token in unit.tokens)


def awaited(structure: Structure, grammar: Grammar, judged: Sequence[Factuality], number: int) -> bool:
    """Tell whether a present tense shares the time of a planned clause around it (열리는 회의에 참석한다)."""
    noun, predicate = structure.modified[number], structure.predicates[number]
    if noun is None or not grammar.has("scheduled", predicate.lemma) or habitual(structure, grammar, predicate):
        return False
    for _ in range(8):
        if structure.relations[noun] not in ("modifier", "conjunct") or structure.heads[noun] is None:
            break
        noun = structure.heads[noun]
        assert noun is not None
    head = structure.heads[noun] if structure.relations[noun] == "argument" else None
    outer = structure.owner.get(head) if head is not None else None
    return outer is not None and judged[outer].status == "Planned"


class _Judge:
    def __init__(self, structure: Structure, grammar: Grammar, judged: Sequence[Factuality]) -> None:
        self._s, self._g, self._judged = structure, grammar, judged

    def judge(self, number: int) -> Factuality:
        predicate = self._s.predicates[number]
        own = self._own(number, predicate)
        outer = self._s.leads[number]
        if predicate.closing == "ETM" and not predicate.quoted:
            self._adnominal(number, predicate, own)
        elif predicate.closing == "ETN":
            self._nominalised(number, predicate, own)
        elif self._quoting(predicate):
            if outer is not None:
                self._reported(own, outer, predicate)
        elif predicate.closing == "EC":
            self._connective(number, predicate, own, outer)
        if own.status == "Happened" and own.tense != "past" and not own.said and self._depends(number):
            own.status = "Possible"
        if own.denied or own.mood != "declarative":
            own.status = None
        return own

    def _depends(self, number: int) -> bool:
        """Tell whether a condition leads into a predicate: 합병이 성사되면 3위에 오른다."""
        s = self._s
        for before in range(number - 1, max(-1, number - 4), -1):
            predicate, led = s.predicates[before], s.leads[before]
            while led is not None and led < number and self._coordinate(s.predicates[led]):
                led = s.leads[led]
            if predicate.closing != "EC" or led != number or self._g.has("framing", predicate.lemma):
                continue
            if predicate.ending.endswith(("면", "거든")) and not predicate.ending.endswith("려면"):
                return True
        return False

    def _coordinate(self, predicate: Predicate) -> bool:
        effect = self._g.connectives.get(predicate.ending) if predicate.closing == "EC" else None
        return effect is not None and effect.type in ("coordinate", "sequential")

    def _own(self, number: int, predicate: Predicate) -> Factuality:
        """Read what the predicate's own endings and chain say."""
        own = Factuality(tense=self._tense(number, predicate))
        said: str | None = None
        for effect in predicate.effects:
            if effect.denied:
                own.denied = not own.denied
            if effect.mood is not None:
                own.mood = effect.mood
            if effect.status is not None and not (said == "Possible" and effect.status == "Planned"):
                said = effect.status
        if predicate.tag == "VCN":
            own.denied = True
        if said is not None:
            own.said = True
            own.status = None if said == _NONE else said
        elif (
            own.tense == "present"
            and predicate.tag in ("VV", "XSV")
            and (not self._inherits(predicate) and self._coming(number) or self._scheduled(number, predicate))
        ):
            own.status, own.said = "Planned", True
        if predicate.closing == "EF" or predicate.quoted:
            final = self._g.finals.get(predicate.ending)
            if final is not None:
                own.mood = final.mood or own.mood
                own.status = None
        return own

    def _inherits(self, predicate: Predicate) -> bool:
        """Tell whether a predicate has the tense of the clause that it leads into: 올해 2월 공장을 지어 문을 열었다."""
        effect = self._g.connectives.get(predicate.ending) if predicate.closing == "EC" else None
        return effect is not None and effect.inherit and predicate.tense is None

    def _tense(self, number: int, predicate: Predicate) -> str:
        if predicate.tense is not None:
            return predicate.tense
        if predicate.closing == "ETM":
            effect = self._g.adnominals.get(predicate.ending)
            if effect is not None and effect.tense is not None:
                if effect.tense == "past" and predicate.tag in ("VA", "XSA", "VCP", "VCN") and predicate.ending != "던":
                    return "present"
                return effect.tense
        return "present"

    def _scheduled(self, number: int, predicate: Predicate) -> bool:
        """Tell whether a present tense announces what will be done (전시회에 참가한다), rather than a habit."""
        quoted = predicate.quoted or predicate.ending in self._g.quotatives
        if not (self._g.has("scheduled", predicate.lemma) and (predicate.closing == "EF" or quoted)):
            lead = self._s.leads[number]
            said = quoted and lead is not None and self._g.has("announcing", self._s.predicates[lead].lemma)
            if not (said and self._g.has("announced", predicate.lemma)):
                return False
        if not predicate.ending.startswith(("ㄴ", "는", "ㅂ", "습")):  # 개최 중이다 has an ending of the copula
            return False
        if any(effect.type == "progressive" for effect in predicate.effects):
            return False
        return not habitual(self._s, self._g, predicate)

    def _announced(self, number: int, predicate: Predicate) -> bool:
        """Tell whether a clause leads into a plain present and so is announced with it: 공장을 짓고 수출을 늘린다."""
        if not self._g.has("scheduled", predicate.lemma) or habitual(self._s, self._g, predicate):
            return False
        last: int | None = self._s.leads[number]
        while last is not None and self._inherits(self._s.predicates[last]):
            last = self._s.leads[last]
        if last is None:
            return False
        final = self._s.predicates[last]
        quoted = final.quoted or final.ending in self._g.quotatives
        plain_present = final.tag in ("VV", "XSV") and final.tense is None and (final.closing == "EF" or quoted)
        continued = any(effect.type == "progressive" for effect in final.effects)
        return plain_present and not continued and not habitual(self._s, self._g, final)

    def _coming(self, number: int) -> bool:
        """Tell whether words of coming time stand with the predicate (내년, 오는 22일)."""
        return self._at(number, "future_words", ("오", "다가오"))

    def _comes_after(self, number: int, outer: int) -> bool:
        """Tell whether a word of coming time stands between a clause and the one that it leads into."""
        between = self._s.units[self._s.predicates[number].last + 1 : self._s.predicates[outer].unit]
        return any(self._g.has("future_words", plain(token.form)) for unit in between for token in unit.tokens)

    def _gone(self, number: int) -> bool:
        """Tell whether words of past time stand with the predicate (전날, 지난 22일)."""
        return self._at(number, "past_words", ("지나",))

    def _at(self, number: int, table: str, verbs: tuple[str, ...]) -> bool:
        """Tell whether a word of a table, or a verb that tells which of several days is meant, stands with a clause."""
        s = self._s
        start = max(0, s.predicates[number].unit - 40)
        for at in range(start, s.predicates[number].unit):
            owner = s.owner.get(at)
            tokens = s.units[at].tokens
            if owner is None and s.units[at].kind == "predicate" and tokens[s.units[at].stem].form in verbs:
                if self._reaches(at, number):
                    return True
                continue
            words = [plain(t.form) for t in tokens if t.tag[0] in "NM"]
            words.append("".join(plain(t.form) for t in tokens))
            if owner is not None:
                continue
            dated = at + 1 < len(s.units) and self._g.has("dated_nouns", s.units[at + 1].noun)
            if not dated and any(self._g.has(table, word) for word in words) and self._reaches(at, number):
                return True
        return False

    def _reaches(self, at: int, number: int) -> bool:
        """Tell whether a unit belongs to a predicate's own clause, through nouns and coordinate clauses only."""
        s = self._s
        here: int | None = at
        for _ in range(24):
            here = s.heads[here] if here is not None else None
            if here is None:
                return False
            owner = s.owner.get(here)
            if owner is not None:
                if owner == number:
                    return True
                if s.predicates[owner].closing == "ETM":
                    return False
        return False

    def _connective(self, number: int, predicate: Predicate, own: Factuality, outer: int | None) -> None:
        effect = self._g.connectives.get(predicate.ending)
        if effect is None:
            effect = Effect(type="other", inherit=True)
        if effect.type == "contrast" and own.said and own.status == "Planned" and predicate.tense == "past":
            own.status = None  # 회담할 예정이었으나 취소했다
        if effect.mood is not None and predicate.lemma != "따르다":  # A에 따르면 names a source and sets no condition
            own.mood = effect.mood
        if effect.status == _NONE:
            own.status = None
        if effect.inherit and outer is not None and predicate.tense is None and not own.said:
            quoted, beyond = self._quoting(self._s.predicates[outer]), self._saying(outer)
            if beyond is not None and (
                self._met(number, outer, beyond) or quoted and (self._reports(predicate) or self._apart(number, outer))
            ):
                outer = beyond  # 주장하며 입장을 바꿀 수 있다고 밝혔다; A를 인용해 …할 것이라고 전했다
            elif quoted and effect.type == "prompt":
                return  # 법원이 조사에 나서자 협조하겠다며 자료를 냈다
            outer = self._past_purpose(predicate, outer)
            of = self._judged[outer]
            made = self._g.has("spending", predicate.lemma) or self._g.has("unfinished", predicate.lemma)
            tells = beyond is not None or self._s.modified[outer] is not None
            told = made and tells and self._on_a_day(number)  # on that day it was told, not done
            if of.status == "Planned" and self._gone(number) and not self._coming(number) and not told:
                own.tense, own.source = "past", of.source  # 전날 총리를 만나 공장을 짓겠다고 했다
                return
            decided = self._decided(outer)
            ahead = of.status == "Planned" and self._comes_after(number, outer)
            concluded = self._g.has("concluding", predicate.lemma) and predicate.ending in ("고", "어", "아", "며")
            if concluded and (decided or ahead) and not self._coming(number):  # 계약을 맺고 내년에 공장을 지을 계획이다
                own.tense, own.source = "past", of.source
                return
            if predicate.tag in ("VV", "XSV") or of.mood != "declarative":
                own.status, own.tense = of.status, of.tense
                own.mood = of.mood if effect.mood is None else own.mood
                if of.denied and of.status is None:
                    own.status = "Happened"
                if own.status == "Happened" and own.tense == "present":
                    coming = self._coming(number) or self._announced(number, predicate)
                    own.status = "Planned" if coming else own.status
                own.source, own.teller = of.source, of.teller
        elif outer is not None and predicate.tense is not None:
            own.source = self._judged[outer].source

    def _decided(self, outer: int) -> bool:
        """Tell whether a clause, or what it leads into, is decided on: 만나 합의하고 교류를 늘리기로 했다."""
        at: int | None = outer
        while at is not None:
            if any(effect.type == "decision" for effect in self._s.predicates[at].effects):
                return True
            at = self._s.leads[at] if self._inherits(self._s.predicates[at]) else None
        return False

    def _reports(self, predicate: Predicate) -> bool:
        """Tell whether a predicate says or cites what others say."""
        return predicate.lemma in self._g.reporting or self._g.has("citing", predicate.lemma)

    def _saying(self, outer: int) -> int | None:
        """Give the predicate that a quoted one is said by: 하겠다고 밝혔다, 하겠다는 뜻을 밝혔다."""
        s, quoted = self._s, self._s.predicates[outer]
        if self._quoting(quoted):
            return s.leads[outer]
        noun = s.modified[outer]
        if noun is None or not self._g.adnominals.get(quoted.ending, Effect()).quoting:
            return None
        head = s.heads[noun]
        return s.owner.get(head) if head is not None and s.roles[noun] == "object" else None

    def _met(self, number: int, outer: int, saying: int) -> bool:
        """Tell whether who says a thing has met another: 총리를 만나 돕겠다고 했다, 4일 총리를 만나 늘 것이라고 했다.

        Who says what he will or wants to do says it there; where a plan is told, only a day tells that they have met.
        """
        predicate, quoted = self._s.predicates[number], self._s.predicates[outer]
        if predicate.ending not in ("어", "아") or not self._g.has("encounters", predicate.lemma):
            return False
        if self._g.has("at_encounters", quoted.lemma) or self._coming(number):
            return False
        units = self._s.units
        met, says = (
            [units[at] for at in self._s.arguments[n] if self._s.roles[at] == "subject"] for n in (number, saying)
        )
        if says and any(unit.tokens[-1].tag == "JKS" for unit in met):
            return False  # 시는 시장이 4일 총리를 만나 논의할 예정이라고 밝혔다
        words = (plain(t.form) for unit in units[quoted.unit : quoted.last + 1] for t in unit.tokens)
        if any(self._g.has("willing", word) for word in words):
            return True
        return self._on_a_day(number)

    def _on_a_day(self, number: int) -> bool:
        """Tell whether a day of the month stands with the predicate: 지난 26일."""
        s, last = self._s, self._s.predicates[number].unit
        return any(
            s.owner.get(at) is None
            and s.units[at].noun.endswith("일")
            and any(t.tag == "SN" for t in s.units[at].tokens)
            and self._reaches(at, number)
            for at in range(max(0, last - 40), last)
        )

    def _apart(self, number: int, outer: int) -> bool:
        """Tell whether what is said has a subject of its own: 협정을 맺고 교류가 늘 것이라고 밝혔다."""
        s = self._s
        predicate = s.predicates[number]
        if not self._g.has("concluding", predicate.lemma) or predicate.ending not in ("고", "어", "아", "며"):
            return False
        for at in range(predicate.last + 1, s.predicates[outer].unit):
            owner = s.governor(at)
            if s.units[at].tokens[-1].tag == "JKS" and owner is not None:
                if owner == outer or s.predicates[owner].tag in ("VA", "XSA"):
                    return True
        return False

    def _past_purpose(self, predicate: Predicate, outer: int) -> int:
        """Give what a thing done once leads into where a purpose comes between: 협약을 맺고 돕기 위해 돈을 냈다."""
        between, beyond = self._s.predicates[outer], self._s.leads[outer]
        if beyond is None or not self._g.has("concluding", predicate.lemma):
            return outer
        effect = self._g.connectives.get(between.ending) if between.closing == "EC" else None
        if effect is not None and effect.type == "purpose":
            return beyond
        if between.closing == "ETN" and self._s.predicates[beyond].lemma == "위하다":
            return self._s.leads[beyond] if self._s.leads[beyond] is not None else outer  # type: ignore[return-value]
        if between.closing == "ETN" and between.ending == "기" and between.particle in ("로", "으로"):
            return beyond  # 협약을 맺고 공장을 짓기로 뜻을 모았다
        if between.closing == "ETN" and self._g.has("planning", self._s.predicates[beyond].lemma):
            return beyond  # 협약을 맺고 공장을 짓는 것을 논의했다
        return outer

    def _adnominal(self, number: int, predicate: Predicate, own: Factuality) -> None:
        effect = self._g.adnominals.get(predicate.ending, Effect())
        noun = self._s.modified[number]
        heads = self._heads(self._noun(self._behind_measure(noun)))
        future = effect.tense == "future"
        if effect.mood is not None:
            own.mood = effect.mood
        if not own.said and effect.status is not None:
            own.status = None if effect.status == _NONE else effect.status
        for head in heads:
            if head.quoting and not effect.quoting or head.future and not (future or effect.quoting):
                continue
            if head.mood == "conditional" and own.tense == "past":
                continue
            if head.unsaid and (own.said or own.tense != "present"):
                continue
            if effect.quoting and head.status == "Planned" and self._g.has("stances", predicate.lemma):
                continue
            own.mood = head.mood or own.mood
            if head.status is not None:
                own.status = None if head.status == _NONE else head.status
            break
        if own.tense == "present" and own.status == "Happened" and not own.said:
            if self._unfinished(noun, predicate) or awaited(self._s, self._g, self._judged, number):
                own.status = "Planned"
        after = self._s.following(number, self._g)
        if after is None:
            after = self._s.setting_of(number, self._g)  # 시장이 참석한 가운데 열릴 예정이다
        if after is not None and own.status == "Happened" and self._judged[after].status in ("Planned", "Possible"):
            own.status = self._judged[after].status
        self._governed(number, noun, predicate, own)
        if own.status == "Planned" and noun is not None and self._g.has("intents", self._noun(noun)):
            at = self._s.heads[noun]  # 공장을 짓는다는 계획을 발표했다: told on the day of that verb
            teller = self._s.owner.get(at) if at is not None and self._s.roles[noun] == "object" else None
            if teller is not None and self._g.has("authoring", self._s.predicates[teller].lemma):
                own.teller = teller

    def _behind_measure(self, noun: int | None) -> int | None:
        """Give the noun that a clause is told of, past what only says how large it is: 5억 달러 규모의 계약."""
        s = self._s
        for _ in range(8):
            head = s.heads[noun] if noun is not None else None
            if noun is None or head is None or s.relations[noun] not in ("modifier", "conjunct"):
                break
            unit = s.units[noun]
            if not self._g.has("measures", unit.noun) and not any(t.tag in ("SN", "NR") for t in unit.tokens):
                if not any(t.tag in ("SN", "NR") for t in s.units[max(0, noun - 1)].tokens):
                    break
            noun = head
        return noun

    def _unfinished(self, noun: int | None, predicate: Predicate) -> bool:
        """Tell whether a noun is not made yet (시가 짓는 공장; not 공장을 짓는 것은 처음이다)."""
        open_ = noun is not None and not self._g.has("formal_nouns", self._noun(noun))
        if self._g.has("ongoing_nouns", self._s.units[predicate.last].noun):
            return False  # 시가 건설 중인 공장
        return open_ and self._g.has("unfinished", predicate.lemma) and not habitual(self._s, self._g, predicate)

    def _nominalised(self, number: int, predicate: Predicate, own: Factuality) -> None:
        outer = self._s.leads[number]
        if outer is None:
            return
        governor = self._s.predicates[outer]
        if governor.lemma in ("위하다", "전") or governor.lemma == "어렵다":
            meant = governor.lemma == "위하다" and self._g.has("unfinished", predicate.lemma)
            own.status = "Planned" if meant and not own.denied else None  # 공장을 짓기 위해 투자한다
            return
        if predicate.ending == "기":
            if "커녕" in predicate.particle:
                own.denied = True  # 증설하기는커녕
                return
            effect = self._g.reporting.get(governor.lemma)
            if predicate.particle in ("로", "으로"):  # 투자하기로 결정했다, 투자하기로 큰 약속을 했다
                own.status = None if self._judged[outer].denied else "Planned"
                own.said = True
            elif effect is not None and effect.status == _NONE:
                own.status = None
            elif not own.said:
                own.status = self._judged[outer].status
            return
        self._report_effect(own, outer)

    def _governed(self, number: int, noun: int | None, predicate: Predicate, own: Factuality) -> None:
        """Read what governs a -ㄴ 것/-ㄹ 것 clause: 것으로 알려졌다, 것이라고 밝혔다, 것을 요구했다."""
        if noun is None:
            return
        last = self._s.head_noun(noun)
        if own.tense == "present" and own.status == "Happened" and self._aimed(noun):
            own.status = "Planned"
        made = self._g.has("unfinished", predicate.lemma)  # 외국에 공장을 짓는 것은 처음이다: it is being built
        if own.tense == "present" and self._noun(noun) == "것" and self._is_first(noun) and not made:
            own.status = None  # 방문하는 것은 취임 후 처음이다
        head = self._s.heads[last]
        outer = self._s.owner.get(head) if head is not None else None
        if outer is not None and self._noun(noun) == "데" and self._g.has("failing", self._s.predicates[outer].lemma):
            own.status = None  # 개최하는 데 실패했다
        if outer is not None and self._noun(noun) == "데" and self._g.has("planning", self._s.predicates[outer].lemma):
            if own.status == "Happened" and own.tense != "past":
                own.status = "Planned"  # 협정을 연장하는 데 합의했다
        if outer is None or self._s.relations[last] != "argument":
            return
        if self._noun(noun) in ("것", "점", "사실", "바"):
            self._report_effect(own, outer)
            if self._s.units[noun].particle in ("처럼", "같이"):
                own.status = None  # 개최한 것처럼 꾸몄다
        nouns = [self._noun(at) for at in (noun, last)]
        ahead = any(head.future for word in nouns for head in self._heads(word))
        if ahead and self._g.has("lacking", self._s.predicates[outer].lemma):
            own.status = None  # 인수할 계획이 없다
        reported = any(self._g.has("reports", word) for word in nouns)
        undone = reported or any(self._g.has("undone_nouns", word) for word in nouns)
        if undone and (own.tense != "past" or predicate.ending not in ("ㄴ", "은")):
            if self._judged[outer].denied or self._g.has("undoing", self._s.predicates[outer].lemma):
                own.status = None  # 인수하는 계약을 체결하지 않았다; 인수했다는 보도를 부인했다
        if reported and self._is_false(last, outer):
            own.status = None

    def _aimed(self, noun: int) -> bool:
        """Tell whether what follows 것 calls it an aim or part of a plan: 것을 목표로 한다, 것이 계획이다."""
        after = self._s.units[noun + 1 : noun + 2]
        return self._noun(noun) == "것" and any(self._g.has("aims", unit.noun) for unit in after)

    def _is_first(self, noun: int) -> bool:
        """Tell whether what follows 것 only says how rare it is: 처음이다, 3년 만이다."""
        words = [unit.noun for unit in self._s.units[noun + 1 : noun + 8]]
        return self._s.units[noun].case in ("topic", "subject") and any(self._g.has("rarities", word) for word in words)

    def _is_false(self, noun: int, outer: int) -> bool:
        """Tell whether what follows a report says that it is not so (…는 보도는 사실이 아니라고 밝혔다, 오보다)."""
        units = self._s.units[noun + 1 : self._s.predicates[outer].last + 1]
        tokens = [token for unit in units for token in unit.tokens]
        return any(token.tag == "VCN" or self._g.has("falsehoods", plain(token.form)) for token in tokens)

    def _report_effect(self, own: Factuality, outer: int) -> None:
        governor = self._s.predicates[outer]
        effect = self._g.reporting.get(governor.lemma)
        if effect is None:
            return
        own.source = outer
        if effect.status == _NONE:
            own.status = None
            own.denied = own.denied or effect.denied
        elif effect.status in ("Possible", "Claimed") and own.status is not None:
            own.status = None if self._judged[outer].denied else effect.status  # 필요할 것으로 보지 않았다

    def _reported(self, own: Factuality, outer: int, predicate: Predicate) -> None:
        quotative = self._g.quotatives.get(predicate.ending)
        if quotative is not None and quotative.mood is not None:
            own.mood = quotative.mood
        if predicate.tag in ("VV", "XSV") and not predicate.effects and self._g.has("commands", predicate.ending):
            own.mood = "imperative"
        governor = self._s.predicates[outer]
        own.source = outer
        effect = self._g.reporting.get(governor.lemma)
        if effect is None:
            return
        outside = self._judged[outer]
        if effect.mood is not None:
            own.mood = effect.mood
        if effect.status == _NONE:
            own.status = None
            own.denied = own.denied or effect.denied
        elif effect.status == "Claimed" and own.status is not None:
            own.status = "Claimed"
        elif effect.status == "Possible" and own.status is not None:
            own.status = "Possible"
        elif effect.status == "Planned" and own.status == "Happened" and own.tense != "past":
            own.status = "Planned"
        if outside.denied and effect.status != "keep":
            own.status = None

    def _quoting(self, predicate: Predicate) -> bool:
        return predicate.quoted or (predicate.closing == "EC" and predicate.ending in self._g.quotatives)

    def _heads(self, noun: str) -> Sequence[Effect]:
        return self._g.heads.get(noun, ())

    def _noun(self, unit: int | None) -> str:
        if unit is None:
            return ""
        return self._s.units[unit].noun
