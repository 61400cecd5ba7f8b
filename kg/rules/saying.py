"""What a rule says: its ``then`` and ``planned`` into templates of statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kg.curated import Item
from kg.rules.rule import NAME, VALUE_KINDS, Link, Node, Role, Template, Typing
from kg.rules.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class SayingReader:
    """Reads one list of statements of a rule that has these roles; `made` are the nodes that it has made so far."""

    vocabulary: Vocabulary
    roles: Mapping[str, Role]
    made: dict[str, str] = field(default_factory=dict)

    def templates(self, item: Item) -> Iterator[Template]:
        """Read the statements in their order; KgError for one that could never be made."""
        lines = item.items() if not isinstance(item.value, Mapping) else (item,)
        if not lines:
            raise item.error("this list is empty", "write at least one statement", "KG003")
        for line in lines:
            if isinstance(line.value, Mapping):
                for head, pairs in line.value.items():
                    node = self._node(head, pairs, line)
                    if node.type:
                        self.made[node.name] = node.type
                    yield node
            else:
                yield self._line(line)

    def _line(self, line: Item) -> Link | Typing:
        parts = line.text().split()
        if len(parts) != 3:
            raise line.error(
                f"not a statement: {line.text()}",
                "write: role nk:property role, or: role a nk:Class, or: event nk:Class: {nk:agent: role}",
                "KG106",
            )
        subject, predicate, target = parts
        self._known(subject, line)
        if predicate == "a":
            return Typing(subject, self.vocabulary.type(target, line), line.place)
        self.vocabulary.property(predicate, line)
        self._known(target, line)
        self._fits(subject, predicate, "domain", self.made, line)
        self._fits(target, predicate, "range", self.made, line)
        return Link(subject, predicate, target, line.place)

    def _node(self, head: str, pairs: Item, line: Item) -> Node:
        name, _, curie = head.partition(" ")
        at = line.keys[head]
        if curie:
            if name in self.roles or name in self.made or not NAME.fullmatch(name):
                raise line.error(f"{name} cannot name a new node", "choose a name that no role has", "KG104", at=at)
            type_ = self.vocabulary.type(curie.strip(), line, at)
        else:
            self._known(name, line)
            type_ = None
        scope = {**self.made, name: type_} if type_ else self.made
        properties: list[tuple[str, str]] = []
        label: tuple[str, ...] = ()
        for key, value in pairs.mapping().items():
            if key == "label":
                label = value.texts()
                for role in label:
                    self._known(role, value)
                continue
            for role in value.texts():
                self._known(role, value)
                self._check_pair(key, role, pairs, value, name, scope)
                properties.append((key, role))
        return Node(name, type_, tuple(properties), tuple(label), at)

    def _check_pair(self, key: str, role: str, pairs: Item, value: Item, name: str, scope: Mapping[str, str]) -> None:
        forms = self.vocabulary.values
        if ":" in key:
            self.vocabulary.property(key, pairs, at=pairs.keys[key])
            self._fits(name, key, "domain", scope, value)
            self._fits(role, key, "range", self.made, value)
        elif key not in forms:
            raise pairs.error(
                f"unknown key: {key}",
                f"use a property (nk:agent), label, or one of {', '.join(sorted(forms))}",
                "KG001",
                at=pairs.keys[key],
            )
        elif role in self.roles and not set(self.roles[role].classes) & set(forms[key].kinds):
            raise value.error(
                f"{key} wants {', '.join(forms[key].kinds)}, but {role} is {', '.join(self.roles[role].classes)}",
                "use a role of the right kind",
                "KG109",
            )

    def _known(self, name: str, item: Item) -> None:
        if name not in self.roles and name not in self.made:
            raise item.error(
                f"no role {name} in this rule",
                f"the rule has {', '.join([*self.roles, *self.made]) or 'no roles'}",
                "KG104",
            )

    def _fits(self, name: str, predicate: str, side: str, made: Mapping[str, str], item: Item) -> None:
        ontology = self.vocabulary.ontology
        wanted = getattr(ontology.properties[predicate], side)
        classes = (made[name],) if name in made else self.roles[name].classes
        if wanted is None or not classes or VALUE_KINDS.issuperset(classes):
            return
        wanted = wanted.rpartition(":")[2]
        if wanted in ontology.classes and not any(ontology.compatible(c, wanted) for c in classes):
            raise item.error(
                f"{name} is {', '.join(classes)}, which can never be the {side} of {predicate} ({wanted})",
                f"use a role that is {wanted}, or another property",
                "KG109",
            )


def check_used(roles: Mapping[str, Role], templates: Iterable[Template], item: Item) -> None:
    """Ask that every optional role is in some statement; KG104 for one that does nothing."""
    used: set[str] = set()
    for template in templates:
        if isinstance(template, Link):
            used |= {template.subject, template.object}
        elif isinstance(template, Typing):
            used.add(template.subject)
        else:
            used |= {template.name, *template.label, *(role for _, role in template.properties)}
    for role in roles.values():
        if role.optional and role.name not in used:
            raise item.error(
                f"optional role {role.name} does nothing", "use it in then, or remove it", "KG104", at=role.place
            )
