"""Roles that a clause leaves open and its surroundings fill.

Three ways, each marked on the argument: ``head``, the noun that an adnominal clause modifies
(`정책을 발표한 화웨이`); ``shared``, a subject or object of a clause that it is linked with (`A가 주최하고
B에서 개최한다`, `A는 … 개최한다고 밝혔다`); ``dropped``, the subject of the sentence before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.clauses.facts import Structure
from kg.clauses.fillers import Fillers
from kg.clauses.grammar import Grammar
from kg.clauses.predicates import Predicate
from kg.model import Argument

_WITH = ("와", "과", "이랑", "랑", "하고")
_PLACES = ("에서", "서")
_BODIES = ("Organization", "Company", "University", "ResearchInstitute")
_GOVERNED = ("City", "Region", "Country")
_SHARING = ("coordinate", "sequential", "simultaneous", "contrast", "intent", "negation")


class Gaps:
    """Fills open roles of the predicates of one sentence; `roles` holds the arguments by predicate number."""

    def __init__(
        self,
        structure: Structure,
        grammar: Grammar,
        fillers: Fillers,
        roles: list[list[Argument]],
        agents: frozenset[str],
    ) -> None:
        self._s, self._g, self._f, self._roles, self._agents = structure, grammar, fillers, roles, agents

    def fill(self) -> None:
        """Fill what the sentence itself fills: by head nouns, then by linked clauses."""
        for number, predicate in enumerate(self._s.predicates):
            self._by_head(number, predicate)
        # Twice: a subject may come over two links (… 하고 … 한다고 밝혔다).
        for _ in range(2):
            for number in range(len(self._s.predicates)):
                self._by_link(number)
                self._by_time(number)
            for number in range(len(self._s.predicates) - 1, -1, -1):
                self._by_link(number)
        self._led()
        for number in range(len(self._s.predicates)):
            if self._says(number):
                self._by_content(number)
                for before in range(number - 1, -1, -1):  # 5억 달러를 투자해 공장을 짓는다는 계획
                    if self._s.leads[before] == number:
                        self._by_link(before)
            self._by_possessor(number)
            self._by_setting(number)
            self._by_relation(number)

    def _led(self) -> None:
        """Give who leads a delegation that has no name of its own as who it is: A가 이끄는 대표단이 시를 방문했다."""
        s = self._s
        for number, predicate in enumerate(s.predicates):
            noun = s.modified[number]
            if not self._g.has("leading", predicate.lemma):
                continue
            for at, argument in enumerate(self._roles[number]):
                listed = argument.role == "object" and all(m.span.end < argument.span.start for m in argument.mentions)
                words = (s.units[n].noun for n in self._f.within(argument.phrase))
                if listed and any(self._g.has("delegations", word) for word in words):  # A 등 경제사절단을 이끌고
                    self._roles[number][at] = replace(argument, mentions=())
            leaders = [a for a in self._roles[number] if a.role == "subject" and a.via == "own" and a.mentions]
            if noun is None:
                continue
            team = s.units[s.head_noun(noun)].content
            for roles in self._roles:
                for at, argument in enumerate(roles):
                    if argument.span == team and argument.via == "own" and not argument.mentions and len(leaders) == 1:
                        if self._g.has("delegations", argument.head):
                            roles[at] = replace(argument, mentions=leaders[0].mentions)

    def _by_relation(self, number: int) -> None:
        """Give what is done to somebody of whom 대하다 says so as with 에: 회사에 대해 벌금을 부과했다."""
        predicate, lead = self._s.predicates[number], self._s.leads[number]
        if lead is None or predicate.lemma != "대하다" or predicate.closing != "EC":
            return
        governor = self._s.predicates[lead]
        given = [a for a in self._roles[number] if a.role == "adverbial" and a.particle == "에" and a.mentions]
        open_ = not any(a.role == "adverbial" and a.particle in ("에", "에게") for a in self._roles[lead])
        if open_ and self._g.takes(governor.lemma, "에") and self._has(lead, "object"):
            self._roles[lead].extend(replace(a, via="shared", topic=False) for a in given)

    def _by_setting(self, number: int) -> None:
        """Give a clause of being there with 가운데 the event of the next: A가 참석한 가운데 B가 열렸다."""
        outer = self._s.setting_of(number, self._g)
        if outer is None:
            return
        if any(a.role == "adverbial" and a.particle == "에" for a in self._roles[number]):
            return
        for argument in self._roles[outer]:
            held = argument.role == ("object" if self._has(outer, "object") else "subject")
            if held and argument.mentions and argument.via == "own":
                self._roles[number].append(
                    replace(argument, role="adverbial", particle="에", via="shared", topic=False)
                )

    def _by_possessor(self, number: int) -> None:
        """Share who tells a figure that is its own with the clause of the figure: A는 매출이 늘었다고 밝혔다."""
        predicate, lead = self._s.predicates[number], self._s.leads[number]
        if lead is None or not self._g.has("speaking", self._s.predicates[lead].lemma) or predicate.adnominal:
            return
        subjects = [a for a in self._roles[number] if a.role == "subject"]
        kinds = (("own_figures", _BODIES), ("place_figures", _GOVERNED))
        owners = next((o for k, o in kinds if all(a.via == "own" and self._g.has(k, a.head) for a in subjects)), None)
        if subjects and owners is not None:
            names = [m.span for a in subjects for m in a.mentions]
            before = [at for a in subjects for at in self._f.within(a.phrase)[:-1]]
            units = [self._s.units[at] for at in before]
            units = [unit for unit in units if not any(name.covers(unit.content) for name in names)]
            if not all(self._f.is_value(unit.content) or self._g.has("as_of", unit.noun) for unit in units):
                return  # 자회사의 매출, 반도체 부문 매출
            tellers = [a for a in self._roles[lead] if a.role == "subject" and a.span.end <= subjects[0].phrase.start]
            if owners is _GOVERNED:
                tellers = [self._governed_by(a) for a in tellers]
            bodies = [a for a in tellers if any(m.type in owners for m in a.mentions)]
            self._roles[number].extend(replace(a, via="shared", topic=True) for a in bodies)

    def _governed_by(self, teller: Argument) -> Argument:
        """Give the place that begins the name of who tells a figure: 칭다오시 통계국은 인구가 늘었다고 밝혔다."""
        starts = {m.span.start: m.span.end for m in teller.mentions if m.type == "GovernmentBody"}
        places = [m for m in self._f.mentions if m.type in _GOVERNED and starts.get(m.span.start, 0) > m.span.end]
        return replace(teller, mentions=tuple(places)) if len(places) == 1 else teller

    def _says(self, number: int) -> bool:
        """Tell whether an adnominal clause is what its noun says: 센서를 공급하는 계약, 공장을 짓는 내용의 협약."""
        noun, predicate = self._told_in(number), self._s.predicates[number]
        effect = self._g.adnominals.get(predicate.ending) if predicate.adnominal else None
        if noun is None or effect is not None and effect.tense == "past":
            return False
        if self._takes_object(predicate) and not self._has(number, "object"):
            return False  # 시가 발표하는 계획
        nouns = (self._f.head(self._s.units[at]) for at in (noun, self._s.head_noun(noun)))
        return any(self._g.has("content_nouns", word) for word in nouns)

    def _told_in(self, number: int) -> int | None:
        """Give the noun that a clause modifies, itself or through 위하다 (공장을 짓기 위한 협약)."""
        lead = self._s.leads[number]
        purpose = self._s.predicates[number].closing == "ETN" and lead is not None
        if purpose and lead is not None and self._g.has("relational", self._s.predicates[lead].lemma):
            return self._s.modified[lead]
        return self._s.modified[number]

    def _by_content(self, number: int) -> None:
        """Share the subject of the verb whose object says what the clause tells, and its partner with that verb."""
        s = self._s
        at = self._told_in(number)
        for _ in range(8):
            if at is None or s.relations[at] not in ("modifier", "conjunct"):
                break
            at = s.heads[at]
        head = s.heads[at] if at is not None and s.relations[at] == "argument" else None
        outer = s.owner.get(head) if head is not None else None
        if outer is None or outer == number:
            return
        own = self._g.has("mutual", s.predicates[outer].lemma) or self._g.has("authoring", s.predicates[outer].lemma)
        if own and not self._has(number, "subject") and s.predicates[number].voice != "passive":
            self._share(outer, number, "subject", topic_only=False)
        if self._g.has("mutual", s.predicates[outer].lemma):
            given = [a for a in self._roles[number] if a.particle in _WITH and a.via == "own"]
            if not any(a.particle in _WITH for a in self._roles[outer]):
                self._roles[outer].extend(replace(a, via="shared") for a in given)

    def modified(self, number: int) -> Argument | None:
        """Give the noun phrase that an adnominal predicate modifies."""
        noun = self._s.modified[number]
        if noun is None:
            return None
        unit = self._s.head_noun(noun)
        role = next((a.role for a in self._roles[number] if a.via == "head"), "adverbial")
        return self._f.argument(unit, role, "", "head")

    def _said_of(self, unit: int, noun: Argument) -> Argument:
        """Give a noun that only says what the subject is with what that names: A는 B가 세운 회사다."""
        number = self._s.owner.get(unit)
        if noun.mentions or number is None or self._s.predicates[number].tag != "VCP":
            return noun
        if self._s.predicates[number].unit != unit or not self._g.has("kinds", noun.head):
            return noun
        subjects = [a for a in self._roles[number] if a.role == "subject" and a.via == "own"]
        return replace(noun, mentions=subjects[0].mentions) if len(subjects) == 1 else noun

    def _has(self, number: int, role: str) -> bool:
        return any(argument.role == role for argument in self._roles[number])

    def _takes_object(self, predicate: Predicate) -> bool:
        verbal = predicate.tag in ("VV", "XSV", "N")
        return verbal and predicate.voice != "passive" and not self._g.has("intransitive", predicate.lemma)

    def _by_head(self, number: int, predicate: Predicate) -> None:
        outer = self._s.leads[number]
        link = self._g.connectives.get(predicate.ending)
        noun = self._s.modified[number]
        if noun is None and outer is not None and link is not None and link.type == "coordinate":
            noun = self._s.modified[outer]  # A가 주최하고 B가 주관하는 대회: the noun fills both gaps
            predicate_of_noun = self._s.predicates[outer]
        else:
            predicate_of_noun = predicate
        if noun is None or self._g.has("relational", predicate.lemma):
            return
        effect = self._g.adnominals.get(predicate_of_noun.ending)
        if effect is not None and effect.quoting and effect.type != "intent":
            return
        unit = self._founded(noun, predicate)
        argument = self._said_of(unit, self._f.argument(unit, "subject", "", "head"))
        if not argument.mentions and self._g.has("formal_nouns", argument.head) or self._says(number):
            return
        subject, object_ = self._has(number, "subject"), self._has(number, "object")
        if self._takes_object(predicate) and not object_:
            agentive = not subject and any(m.type in self._agents for m in argument.mentions)
            role = "subject" if agentive else "object"
        elif not subject:
            role = "subject"
        elif self._opened(number, argument):
            role = "object"
        else:
            return
        self._roles[number].append(replace(argument, role=role))  # type: ignore[arg-type]

    def _founded(self, noun: int, predicate: Predicate) -> int:
        """Give the unit of the noun that a clause modifies: of what is founded, its owner (A가 세운 B의 공장).

        Of nouns that 와 joins it is the first, if that has no name (본사를 둔 업체와 한빛전자).
        """
        last = self._s.head_noun(noun)
        at: int | None = noun
        while at is not None and at != last:
            if self._s.relations[at] == "conjunct" and self._s.units[at].particle in _WITH and not self._f.fill(at):
                return at
            at = self._s.heads[at]
        if self._g.has("founding", predicate.lemma):
            for at in range(noun, last):
                unit = self._s.units[at]
                if unit.particle == "의" and any(m.type in _BODIES for m in self._f.fill(at)):
                    return at
        return last

    def _opened(self, number: int, argument: Argument) -> bool:
        """Tell whether a body does to the noun that a clause modifies what that may also do: 시가 개관하는 미술관."""
        subjects = [a for a in self._roles[number] if a.role == "subject" and a.via == "own"]
        acts = any(m.type in self._agents for a in subjects for m in a.mentions)
        labile = self._g.has("labile", self._s.predicates[number].lemma)
        thing = bool(argument.mentions) and not any(m.type in self._agents for m in argument.mentions)
        return labile and acts and thing

    def _by_link(self, number: int) -> None:
        """Share the subject (and between neighbours the object) of two linked clauses."""
        s = self._s
        if self._g.has("relational", s.predicates[number].lemma):
            return
        outer = self._through(number)
        if outer is None:
            return
        inner_predicate, outer_predicate = s.predicates[number], s.predicates[outer]
        effect = self._g.connectives.get(inner_predicate.ending)
        quoting = inner_predicate.quoted or inner_predicate.ending in self._g.quotatives
        nominalised = inner_predicate.closing == "ETN" and inner_predicate.ending == "기"
        sharing = quoting or nominalised or (effect is not None and effect.type in _SHARING)
        if not sharing:
            return
        if self._has(number, "subject") and not self._has(outer, "subject"):
            self._share(number, outer, "subject", topic_only=quoting)
        elif self._has(outer, "subject") and not self._has(number, "subject"):
            self._share(outer, number, "subject", topic_only=False)
        if effect is not None and effect.type in ("sequential", "coordinate"):
            self._share_topics(number, outer)
        if effect is not None and effect.type == "sequential":
            self._share_place(number, outer, _PLACES)
            if self._g.has("spending", inner_predicate.lemma):
                self._share_place(number, outer, ("에",))
        if (
            effect is not None
            and (effect.type == "coordinate" or effect.type == "sequential" and self._close(number, outer))
            and self._has(number, "object")
            and not self._has(outer, "object")
            and self._takes_object(outer_predicate)
            and (self._close(number, outer) or self._own_subjects(number, outer))
        ):
            self._share(number, outer, "object", topic_only=False)

    def _by_time(self, number: int) -> None:
        """Share the subject of a clause and of what comes after it: A는 협약을 체결한 뒤 공장을 지었다."""
        after = self._s.following(number, self._g)
        if after is None or "passive" in (self._s.predicates[number].voice, self._s.predicates[after].voice):
            return
        start = self._s.predicates[number].span.start
        before = all(a.span.start < start for a in self._roles[after] if a.role == "subject")
        if self._has(after, "subject") and not self._has(number, "subject"):
            if before:  # not 체결한 뒤 기업들이 공장을 지었다
                self._share(after, number, "subject", topic_only=False)
        elif self._has(number, "subject") and not self._has(after, "subject"):
            self._share(number, after, "subject", topic_only=False)

    def _close(self, inner: int, outer: int) -> bool:
        """Tell whether nothing but times and adverbs stands between two predicates (착공해 지난해 12월 완공했다)."""
        s = self._s
        between = range(s.predicates[inner].last + 1, s.predicates[outer].unit)
        return not any(s.relations[at] == "argument" and s.units[at].case != "bare" for at in between)

    def _own_subjects(self, inner: int, outer: int) -> bool:
        """Tell whether each of two predicates has a subject of its own (A가 대회를 주최하고 B가 주관한다)."""
        return all(any(a.role == "subject" and a.via == "own" for a in self._roles[n]) for n in (inner, outer))

    def _through(self, number: int) -> int | None:
        """Give the clause that a clause leads into, past verbs like 위하다 (지원하기 위해 모였다)."""
        outer = self._s.leads[number]
        for _ in range(4):
            if outer is None or not self._g.has("relational", self._s.predicates[outer].lemma):
                break
            if self._s.modified[outer] is not None:
                return None
            outer = self._s.leads[outer]
        return outer

    def _share_topics(self, giver: int, taker: int) -> None:
        """Share what is set as the topic (이번 대회에는 …하고 …했다): it frames all the clauses after it."""
        for argument in self._roles[giver]:
            if argument.role == "adverbial" and argument.topic and argument.mentions:
                if not any(a.role == "adverbial" and a.particle == argument.particle for a in self._roles[taker]):
                    self._roles[taker].append(replace(argument, via="shared"))

    def _share_place(self, giver: int, taker: int, particles: Sequence[str]) -> None:
        """Share where a clause in -아/어 happens with the clause it leads into.

        (칭다오에서 모여 발표했다; 칭다오에 1억 원을 들여 공장을 지었다.)
        """
        if any(a.role == "adverbial" and a.particle in particles for a in self._roles[taker]):
            return
        if not self._same_subject(giver, taker):
            return
        for argument in self._roles[giver]:
            if argument.role == "adverbial" and argument.particle in particles and argument.mentions:
                self._roles[taker].append(replace(argument, via="shared"))

    def _same_subject(self, one: int, other: int) -> bool:
        spans = [{a.span for a in self._roles[n] if a.role == "subject"} for n in (one, other)]
        return spans[0] == spans[1]

    def _share(self, giver: int, taker: int, role: str, topic_only: bool) -> None:
        if (
            role == "subject"
            and not self._chosen(giver, taker)
            and self._s.predicates[taker].voice != self._s.predicates[giver].voice
            and "passive"
            in (
                self._s.predicates[taker].voice,
                self._s.predicates[giver].voice,
            )
        ):
            return
        if self._s.predicates[giver].tag in ("VA", "XSA") and self._s.predicates[giver].adnominal:
            return
        if self._g.has("merging", self._s.predicates[giver].lemma) and self._g.has(
            "emerging", self._s.predicates[taker].lemma
        ):
            return  # A와 B가 합병해 C로 출범했다: neither of them is new
        for argument in self._roles[giver]:
            if (
                argument.role == role
                and argument.via != "dropped"
                and not (topic_only and not argument.topic and argument.via == "own")
            ):
                self._roles[taker].append(replace(argument, via="shared"))

    def _chosen(self, giver: int, taker: int) -> bool:
        """Tell whether a person who does one thing is then chosen for an office (86표를 얻어 시장으로 선출됐다)."""
        person = any(
            a.role == "subject" and a.topic and any(m.type in ("Person", "Official") for m in a.mentions)
            for a in self._roles[giver]
        )
        office = any(a.role == "adverbial" and any(m.type == "Post" for m in a.mentions) for a in self._roles[taker])
        return person and office and self._s.predicates[taker].voice == "passive"

    @property
    def open(self) -> int | None:
        """Give the main predicate if it and what leads into it leave their subject to the sentence before."""
        last = self._main()
        if last is None:
            return None
        linked = [last] + [n for n, lead in enumerate(self._s.leads) if lead == last]
        if any(self._has(number, "subject") for number in linked):
            return None
        predicate = self._s.predicates[last]
        if predicate.tag in ("VA", "XSA", "VCP", "VCN") or predicate.voice == "passive":
            return None
        return last

    def fill_by_previous(self, previous: Argument) -> None:
        """Fill what is then still open with the subject of the sentence before."""
        last = self.open
        if last is None:
            return
        self._roles[last].append(replace(previous, role="subject", via="dropped"))
        for _ in range(2):
            for number in range(len(self._s.predicates) - 1, -1, -1):
                if self._s.leads[number] is not None and not self._has(number, "subject"):
                    outer = self._s.leads[number]
                    effect = self._g.connectives.get(self._s.predicates[number].ending)
                    quoting = self._s.predicates[number].ending in self._g.quotatives
                    if outer is not None and (quoting or effect is not None and effect.type in _SHARING):
                        given = [a for a in self._roles[outer] if a.role == "subject" and a.via == "dropped"]
                        if given and self._s.predicates[number].voice != "passive":
                            self._roles[number].append(given[0])

    def _main(self) -> int | None:
        for number in range(len(self._s.predicates) - 1, -1, -1):
            if self._s.predicates[number].closing in ("EF",) and self._s.leads[number] is None:
                return number
        return None


def main_subject(structure: Structure, roles: Sequence[Sequence[Argument]]) -> Argument | None:
    """Give the subject of the main clause if a mention fills it: what the next sentence may leave out."""
    for number in range(len(structure.predicates) - 1, -1, -1):
        if structure.predicates[number].closing == "EF" and structure.leads[number] is None:
            for argument in roles[number]:
                if argument.role == "subject" and argument.mentions:
                    return argument
            return None
    return None
