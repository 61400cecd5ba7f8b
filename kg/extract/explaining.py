"""Why a rule fired or did not: what each element wanted, what it found, the smallest change that would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.errors import Place
from kg.extract.advising import Advice, advise
from kg.extract.matching import Scene, Step, match_clause, match_phrase
from kg.model import Extraction, Span
from kg.rules import ClauseRule, PhraseRule, RuleSet


@dataclass(frozen=True, slots=True)
class Attempt:
    """A rule tried at one place: the words there, the steps, and whether all of them held."""

    rule: str
    at: Span
    words: str
    steps: tuple[Step, ...]
    fired: bool

    @property
    def missing(self) -> tuple[Step, ...]:
        """Give the steps that failed."""
        return tuple(step for step in self.steps if not step.ok)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was seen in a text and, for one rule or for all that fired, how each element fared."""

    extraction: Extraction
    rule: str | None
    attempts: tuple[Attempt, ...]
    advice: str
    statements: tuple[str, ...]
    place: Place | None = None
    """Where the one rule stands."""
    mended: ClauseRule | PhraseRule | None = None
    """The one rule with the change that is advised; None if it fires, or no change of the rule would do."""

    def as_dict(self) -> dict[str, object]:
        """Give the explanation as JSON can hold it."""
        text = self.extraction.document.text
        return {
            "text": text,
            "tokens": [
                [{"form": t.form, "tag": t.tag, "start": t.span.start, "end": t.span.end} for t in s.tokens]
                for s in self.extraction.sentences
            ],
            "mentions": [
                {
                    "text": m.span.of(text),
                    "type": m.type,
                    "start": m.span.start,
                    "end": m.span.end,
                    "found": m.found,
                    "entity": m.entity.key if m.entity else None,
                }
                for m in self.extraction.mentions
            ],
            "clauses": [
                {
                    "lemma": c.lemma,
                    "voice": c.voice,
                    "form": c.form,
                    "status": c.status,
                    "denied": c.denied,
                    "mood": c.mood,
                    "roles": [
                        {
                            "role": a.role,
                            "particle": a.particle,
                            "text": a.phrase.of(text),
                            "via": a.via,
                            "names": [m.span.of(text) for m in a.mentions],
                        }
                        for a in c.roles
                    ],
                }
                for c in self.extraction.clauses
            ],
            "rule": self.rule,
            "place": str(self.place) if self.place else None,
            "attempts": [
                {
                    "rule": a.rule,
                    "at": a.words,
                    "fired": a.fired,
                    "steps": [
                        {"element": s.element, "wanted": s.wanted, "found": s.found, "ok": s.ok} for s in a.steps
                    ],
                }
                for a in self.attempts
            ],
            "advice": self.advice,
            "statements": list(self.statements),
        }

    def as_text(self) -> str:
        """Give the explanation for a terminal."""
        text = self.extraction.document.text
        lines: list[str] = []
        for sentence in self.extraction.sentences:
            lines.append("sentence   " + sentence.span.of(text))
            lines.append("morphemes  " + " ".join(f"{t.form}/{t.tag}" for t in sentence.tokens))
        for m in self.extraction.mentions:
            lines.append(
                f"mention    {m.span.of(text)}  {m.type}  ({m.found})" + (f"  {m.entity.key}" if m.entity else "")
            )
        for c in self.extraction.clauses:
            state = c.status or ("denied" if c.denied else c.mood)
            lines.append(f"clause     {c.lemma}  {c.voice}, {c.form}, {state}")
            lines += [
                f"             {a.role} {a.phrase.of(text)}|{a.particle}  ({a.via}{', topic' if a.topic else ''})"
                + (f"  = {', '.join(m.span.of(text) for m in a.mentions)}" if a.mentions else "")
                for a in c.roles
            ]
            lines += [f"             when {m.span.of(text)}" for m in c.times]
        if self.place:
            lines.append(f"asked      {self.rule}, which stands at {self.place}")
        for attempt in self.attempts:
            lines.append(
                f"rule       {attempt.rule} at {attempt.words}: {'fired' if attempt.fired else 'did not fire'}"
            )
            lines += [
                f"             {'ok' if s.ok else 'NO'}  {s.element}: wanted {s.wanted}; found {s.found or 'nothing'}"
                for s in attempt.steps
            ]
        lines += ["statement  " + line for line in self.statements]
        if self.advice:
            lines.append("advice     " + self.advice)
        return "\n".join(lines)


def explain(extraction: Extraction, scenes: Mapping[int, Scene], rules: RuleSet, rule_id: str | None) -> Explanation:
    """Try one rule, or every rule whose trigger is there, at each place, and say how each element fared."""
    from kg.extract.producing import rendered

    attempts: list[Attempt] = []
    chosen = [rules.rules[rule_id]] if rule_id else list(rules.rules.values())
    advice: Advice | None = None
    for rule in chosen:
        if isinstance(rule, ClauseRule):
            attempts += _clause_attempts(rule, extraction, scenes)
        else:
            attempts += _phrase_attempts(rule, extraction, scenes, report_misses=rule_id is not None)
    if rule_id and not any(a.fired for a in attempts):
        advice = advise(rules.rules[rule_id], extraction, scenes)
    said = rendered(extraction.statements, rules.bindings)
    place = rules.rules[rule_id].place if rule_id else None
    text, mended = (advice.text, advice.rule) if advice else ("", None)
    return Explanation(extraction, rule_id, tuple(attempts), text, said, place, mended)


def _clause_attempts(rule: ClauseRule, extraction: Extraction, scenes: Mapping[int, Scene]) -> list[Attempt]:
    text, found = extraction.document.text, []
    for clause in extraction.clauses:
        if clause.lemma in rule.triggers:
            scene = next(s for s in scenes.values() if s.sentence.span.covers(clause.predicate))
            steps: list[Step] = []
            match = match_clause(rule, clause, scene, steps)
            found.append(Attempt(rule.id, clause.predicate, clause.predicate.of(text), tuple(steps), match is not None))
    return found


def _phrase_attempts(
    rule: PhraseRule, extraction: Extraction, scenes: Mapping[int, Scene], *, report_misses: bool
) -> list[Attempt]:
    text, found = extraction.document.text, []
    first = next(iter(rule.roles.values()))
    for scene in scenes.values():
        for mention in scene.mentions:
            if scene.fits(mention, first.classes):
                match = match_phrase(rule, mention, scene)
                if match is None and not report_misses:
                    continue
                names = (
                    {role: ", ".join(m.span.of(text) for m in ms) for role, ms in match.fillers.items()}
                    if match
                    else {}
                )
                steps = tuple(
                    Step(role.name, " or ".join(role.classes), names.get(role.name), match is not None)
                    for role in rule.roles.values()
                )
                found.append(
                    Attempt(
                        rule.id,
                        mention.span,
                        (match.span if match else mention.span).of(text),
                        steps,
                        match is not None,
                    )
                )
    return found
