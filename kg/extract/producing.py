"""A match into statements with their evidence.

What a rule's ``then`` says is all that is made: direct links only of what happened, nodes of
events with their status, so that what is planned or claimed never looks like what happened.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.matching import Match
from kg.model import Entity, Evidence, Literal, Mention, QuantityValue, Statement, TimeValue
from kg.ontology import Ontology
from kg.rules.rule import Bindings, Link, Node, Role, Typing, ValueForm


@dataclass(frozen=True, slots=True)
class Producer:
    """Makes statements from the matches of one document."""

    text: str
    document: str
    ontology: Ontology
    bindings: Bindings
    mentions: Sequence[Mention]

    def within(self, outer: Mention) -> Iterator[Mention]:
        """Give the mentions that lie in another; `mentions` are in the order of the text."""
        at = bisect_left(self.mentions, outer.span.start, key=lambda m: m.span.start)
        while at < len(self.mentions) and self.mentions[at].span.start < outer.span.end:
            if outer.span.covers(self.mentions[at].span):
                yield self.mentions[at]
            at += 1

    def statements(self, match: Match) -> Iterator[Statement]:
        """Give what the match's rule says of it: `then` of what happened, `planned` of what is planned,
        the nodes of events alone of what is possible or claimed."""
        return _Making(self, match).statements()


class _Making:
    def __init__(self, producer: Producer, match: Match) -> None:
        self.p, self.match = producer, match
        self.made: dict[str, tuple[Entity, ...]] = {
            role: tuple(m.entity for m in mentions if m.entity) for role, mentions in match.fillers.items()
        }
        claimants = match.claimant.mentions if match.claimant else ()
        self.claimants = tuple(m.entity for m in claimants if m.entity)
        self.evidence = Evidence(
            producer.document,
            match.span,
            match.span.of(producer.text),
            match.sentence.span,
            match.rule.id,
            match.turn,
            match.status,
            self.claimants[0].key if self.claimants else None,
        )
        self.counted: set[str] = set()

    def statements(self) -> Iterator[Statement]:
        status, rule = self.match.status, self.match.rule
        for template in rule.templates(status):
            if isinstance(template, Node):
                yield from self._node(template)
            elif isinstance(template, Typing):
                for entity in self.made.get(template.subject, ()):
                    yield self._say(entity, "rdf:type", _term("nk:" + template.type))
            else:
                yield from self._link(template)

    def _say(self, subject: Entity, predicate: str, target: Entity | Literal) -> Statement:
        return Statement(subject, predicate, target, self.evidence)

    def _link(self, link: Link) -> Iterator[Statement]:
        for subject in self.made.get(link.subject, ()):
            for target in self.made.get(link.object, ()):
                if subject.key != target.key:
                    yield from self._counts(link.subject, subject)
                    yield from self._counts(link.object, target)
                    yield self._say(subject, link.predicate, target)

    def _node(self, node: Node) -> Iterator[Statement]:
        if node.type is not None and not self.p.ontology.is_a(node.type, "Event") and node.label:
            yield from self._things(node)
            return
        if node.type is not None:
            entity = self._new(node)
            self.made[node.name] = (entity,)
            yield self._say(entity, "rdf:type", _term("nk:" + node.type))
        yield from self._described(node)

    def _things(self, node: Node) -> Iterator[Statement]:
        """Make a thing for each of those that its label ends with: a post of a body, the post alone if no body is told.

        (유엔 사무총장, 회장 겸 CEO)
        """
        assert node.type is not None
        last = node.label[-1]
        named = self.made.get(last, ())
        if named and not any(self.made.get(role) for _, role in node.properties):
            self.made[node.name] = named
            return
        made: list[Entity] = []
        rows: list[tuple[Entity, ...]] = [(entity,) for entity in named]
        for each in rows or [()]:
            self.made[last] = each
            made.append(self._new(node))
            self.made[node.name] = (made[-1],)
            yield self._say(made[-1], "rdf:type", _term("nk:" + node.type))
            yield from self._described(node)
        self.made[last], self.made[node.name] = named, tuple(made)

    def _described(self, node: Node) -> Iterator[Statement]:
        for entity in self.made.get(node.name, ()):
            for key, role in node.properties:
                if ":" in key:
                    for target in self.made.get(role, ()):
                        if target.key != entity.key:
                            yield from self._counts(role, target)
                            yield self._say(entity, key, target)
                else:
                    for mention in self.match.fillers.get(role, ()):
                        yield from self._value(entity, self.p.bindings.values[key], mention)
            yield from self._factuality(entity)

    def _factuality(self, entity: Entity) -> Iterator[Statement]:
        bindings = self.p.bindings
        domain = self.p.ontology.properties[bindings.status].domain
        if domain is not None and not self.p.ontology.is_a(entity.type, domain):
            return
        yield self._say(entity, bindings.status, _term(bindings.status_prefix + self.match.status))
        if self.match.status == "Claimed":
            for claimant in self.claimants:
                yield self._say(entity, bindings.claimant, claimant)

    def _value(self, entity: Entity, form: ValueForm, mention: Mention) -> Iterator[Statement]:
        if mention.value is None or not set(mention.kinds) & set(form.kinds):
            return
        if form.link is not None and form.type is not None:
            words = _open("".join(mention.span.of(self.p.text).split()), mention.value)
            amount = Entity(f"{form.type}/{words}", form.type, mention.span.of(self.p.text), known=True)
            yield self._say(entity, form.link, amount)
            entity = amount
        for curie, field in form.properties:
            literal = self._literal(curie, field, mention)
            if literal is not None:
                yield self._say(entity, curie, literal)

    def _literal(self, curie: str, field: str, mention: Mention) -> Literal | None:
        value: object = mention.span.of(self.p.text) if field == "words" else getattr(mention.value, field, None)
        if value is None:
            return None
        datatype = self.p.ontology.properties[curie].range or "xsd:string"
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return Literal(str(value), datatype)

    def _counts(self, role: str, entity: Entity) -> Iterator[Statement]:
        """Say how many a counted group is, once a match."""
        if entity.key in self.counted:
            return
        self.counted.add(entity.key)
        form = self.p.bindings.values[self.p.bindings.counted]
        for group in self.match.fillers.get(role, ()):
            if group.entity is not entity or not self._is_group(group):
                continue
            told = [
                m for m in self.p.within(group) if isinstance(m.value, QuantityValue) and m.value.kind in form.kinds
            ]
            if told:  # 500대 기업 관계자 200여 명
                yield from self._value(
                    entity, form, max(told, key=lambda m: (m.span.end == group.span.end, -m.span.start))
                )

    def _is_group(self, group: Mention) -> bool:
        domain = self.p.ontology.properties[self.p.bindings.member_type].domain
        return domain is None or self.p.ontology.is_a(group.type, domain)

    def _new(self, node: Node) -> Entity:
        """Make a node that the text does not name: one node for the same fillers on the same day, in any document."""
        assert node.type is not None
        roles: dict[str, Role] = dict(self.match.rule.roles)
        named = [
            e
            for _, role in node.properties
            if not (role in roles and roles[role].optional)
            for e in self.made.get(role, ())
        ]
        if not named:
            named = [e for _, role in node.properties for e in self.made.get(role, ())]
        days = [
            m.value.edtf
            for key, role in node.properties
            if ":" not in key
            for m in self.match.fillers.get(role, ())
            if isinstance(m.value, TimeValue) and m.value.edtf
        ]
        key = "+".join(sorted({e.key for e in named}))
        if len(named) < 2 and not node.label and not days:
            key = "+".join([key, *self._amounts(node)])  # who spends may spend again
        names: tuple[tuple[str, str], ...] = ()
        if node.label:
            words = [self._words(role) for role in node.label]
            key = "+".join([*filter(None, [key]), *(w for w in words if w not in key)])
            label = " ".join(w for w in words if w)
            said = [self.match.words[role] for role in node.label if roles[role].words and role in self.match.words]
            names = tuple((phrase, "ko") for phrase in said if " " in phrase)
        else:
            word = self.p.ontology.classes[node.type].labels.get("ko", node.type)
            about = named[-1].label if named else ""
            label = about if about.endswith(word) else f"{about} {word}".strip()
        return Entity(f"{node.type}/{key}{'@' + days[0] if days else ''}", node.type, label, names, known=True)

    def _amounts(self, node: Node) -> Iterator[str]:
        """Give the amounts that a node has, which tell it apart from others of the same agent."""
        for key, role in node.properties:
            if ":" not in key:
                for mention in self.match.fillers.get(role, ()):
                    if isinstance(mention.value, QuantityValue):
                        yield "".join(mention.span.of(self.p.text).split())

    def _words(self, role: str) -> str:
        entities = self.made.get(role, ())
        if entities:
            return ", ".join(e.label for e in entities)
        names = " ".join(m.span.of(self.p.text) for m in self.match.fillers.get(role, ()))
        return names or self.match.words.get(role, "")


def _open(words: str, value: object) -> str:
    """Tell an amount that is only a bound from the amount itself: up to 300억엔 is not 300억엔."""
    if not isinstance(value, QuantityValue) or (value.minimum is None) == (value.maximum is None):
        return words
    return f"~{words}" if value.minimum is None else f"{words}~"


def _term(curie: str) -> Literal:
    return Literal(curie, "rdfs:Class")


def rendered(statements: Sequence[Statement], bindings: Bindings) -> tuple[str, ...]:
    """Give statements as a curator writes them in an example: one line each, sorted.

    A made node is one line: ``Announcement {nk:agent=화웨이, nk:theme=칭다오 선언}``. Of a value only its
    first property is shown, and a status only where a thing did not simply happen.
    """
    rest = {curie for form in bindings.values.values() for curie, _ in form.properties[1:]}
    happened = bindings.status_prefix + "Happened"
    types = {
        s.subject.key: s.object.value.rpartition(":")[2]
        for s in statements
        if s.predicate == "rdf:type"
        and isinstance(s.object, Literal)
        and s.subject.key.startswith(s.subject.type + "/")
        and s.subject.known
    }
    forms = {form.type for form in bindings.values.values() if form.type}
    lines: set[str] = set()
    nodes: dict[str, set[str]] = {key: set() for key in types}
    for s in statements:
        if s.predicate in rest or (
            s.predicate == bindings.status and isinstance(s.object, Literal) and s.object.value == happened
        ):
            continue
        if s.subject.type in forms:
            continue
        if s.predicate == "rdf:type" and s.subject.key in types:
            continue
        target = s.object.value if isinstance(s.object, Literal) else s.object.label
        if s.subject.key in nodes:
            nodes[s.subject.key].add(f"{s.predicate}={target}")
        else:
            predicate = "a" if s.predicate == "rdf:type" else s.predicate
            lines.add(f"{s.subject.label} {predicate} {target}")
    told = {s.object.key for s in statements if not isinstance(s.object, Literal)}
    lines |= {
        f"{types[key]} {{{', '.join(sorted(pairs))}}}" for key, pairs in nodes.items() if pairs or key not in told
    }
    return tuple(sorted(lines))
