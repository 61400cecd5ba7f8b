"""Predicates: main verb and auxiliary chain read as one, with dictionary form, voice and what the chain says.

A chain (``-고 있``, ``-ㄹ 수 있``, ``-ㄹ 계획이``, ``-기로 하``) is matched against the grammar's
constructions, longest first, from the main verb's stem to its last ending, over word boundaries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kg.clauses.grammar import Construction, Effect, Grammar, plain
from kg.clauses.units import Unit
from kg.model import Span, Token


@dataclass(slots=True)
class Predicate:
    """A main verb with all that is chained to it, while a sentence is being read.

    `unit` is the place of the main verb's unit, `last` of the last unit of its chain. `ending` is the
    form of the last ending and `closing` its tag (``EF``, ``EC``, ``ETM``, ``ETN``, or ``N`` for an action
    noun that serves as a predicate). `quoted_with` is the predicate (by number) that ends the quotation of which this
    one ends a sentence before. `effects` are those of the chain, the outermost last.
    """

    unit: int
    last: int
    span: Span
    lemma: str
    tag: str
    voice: str = "active"
    ending: str = ""
    closing: str = "EF"
    quoted: bool = False
    quoted_with: int | None = None
    case: str = ""
    particle: str = ""
    comma: bool = False
    light: bool = False
    effects: list[Effect] = field(default_factory=list)
    tense: str | None = None
    base: str = ""

    @property
    def adnominal(self) -> bool:
        """Tell whether the predicate modifies the noun after it."""
        return self.closing == "ETM"


def find(units: Sequence[Unit], grammar: Grammar) -> list[Predicate]:
    """Give the predicates of a sentence in order."""
    found: list[Predicate] = []
    at = 0
    while at < len(units):
        unit = units[at]
        if unit.kind == "predicate" and (_determines(units, at, grammar) or is_adverb(unit, grammar)):
            at += 1
            continue
        if unit.kind == "noun" and unit.case == "bare" and _ongoing(units, at, grammar):
            found.append(_of_action_noun(units, at, grammar))
            at = found[-1].last
        elif unit.kind == "noun" and unit.particle == "로" and _short_for_kiro(units, at):
            found.append(_of_short_form(units, at, grammar))
            at = found[-1].last
        elif unit.kind == "predicate":
            predicate = _chain(units, at, grammar)
            found.append(predicate)
            at = predicate.last
        at += 1
    _quote_whole(found, units)
    return found


def _quote_whole(found: Sequence[Predicate], units: Sequence[Unit]) -> None:
    """Find the sentences of a quotation that more of it follows ("늘었다. 더 는다"고): all of them are quoted."""
    ends: dict[int, int] = {quote: unit.index for unit in units for quote in unit.quotes}
    closing = {p.last: number for number, p in enumerate(found) if p.quoted}
    for predicate in found:
        if predicate.closing == "EF" and not predicate.quoted and units[predicate.last].quotes:
            end = ends[units[predicate.last].quotes[-1]]
            if end > predicate.last and end in closing:
                predicate.quoted, predicate.quoted_with = True, closing[end]


def is_adverb(unit: Unit, grammar: Grammar) -> bool:
    """Tell whether a verb form is set as an adverb (늦어도 내주 초)."""
    return grammar.has("fixed_adverbs", " ".join(plain(token.form) for token in unit.tokens[: unit.ending + 1]))


def _determines(units: Sequence[Unit], at: int, grammar: Grammar) -> bool:
    """Tell whether a verb form only tells which of several times is meant (지난 14일, 오는 3월)."""
    if at + 1 == len(units):
        return False
    unit = units[at]
    form = "".join(plain(t.form) for t in unit.tokens[unit.stem : unit.ending + 1])
    following = units[at + 1].tokens[0]
    return (
        unit.stem == 0
        and grammar.has("determining_verbs", form)
        and (
            following.tag == "SN"
            or grammar.has("time_nouns", plain(following.form))
            or grammar.has("time_counters", plain(following.form))
        )
    )


def _ongoing(units: Sequence[Unit], at: int, grammar: Grammar) -> bool:
    """Tell whether a bare noun is the verb of 중이다 or 예정이다 after it (진행 중이다)."""
    following = units[at + 1] if at + 1 < len(units) else None
    if (
        following is None
        or following.kind != "predicate"
        or following.tokens[following.stem].tag != "VCP"
        or following.stem != 1
    ):
        return False
    noun = plain(following.tokens[0].form)
    own = [t for t in units[at].tokens if t.tag[0] != "S"]
    return (
        bool(own)
        and own[-1].tag == "NNG"
        and (grammar.has("ongoing_nouns", noun) or grammar.has("planned_nouns", noun))
    )


def _short_for_kiro(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a word is 발표키로 (short for 발표하기로) with 하다 after it, which the analyser takes for nouns."""
    tokens = units[at].tokens
    following = units[at + 1] if at + 1 < len(units) else None
    if (
        following is None
        or following.kind != "predicate"
        or following.stem != 0
        or following.tokens[0].form not in ("하", "결정", "합의")
    ):
        return False
    return len(tokens) >= 3 and tokens[-2].form == "키" and tokens[-3].tag == "NNG"


def _of_short_form(units: Sequence[Unit], at: int, grammar: Grammar) -> Predicate:
    tokens = units[at].tokens
    predicate = _chain(units, at + 1, grammar)
    noun = plain(tokens[-3].form)
    return replace(
        predicate,
        unit=at,
        span=Span(tokens[-3].span.start, tokens[-2].span.end),
        lemma=f"{noun}하다",
        tag="XSV",
        base=noun,
        voice="active",
        effects=[*predicate.effects, Effect(status="Planned", tense="future")],
    )


def _of_action_noun(units: Sequence[Unit], at: int, grammar: Grammar) -> Predicate:
    predicate = _chain(units, at + 1, grammar)
    token = [t for t in units[at].tokens if t.tag[0] != "S"][-1]
    noun = plain(token.form)
    planned = grammar.has("planned_nouns", plain(units[at + 1].tokens[0].form))
    effect = Effect(status="Planned", tense="future") if planned else Effect(tense="present")
    return replace(
        predicate,
        unit=at,
        span=token.span,
        lemma=f"{noun}하다",
        tag="XSV",
        base=noun,
        tense=effect.tense,
        effects=[*predicate.effects, effect],
    )


def _chain(units: Sequence[Unit], at: int, grammar: Grammar) -> Predicate:
    unit = units[at]
    stem = unit.tokens[unit.stem]
    lemma, voice, base = dictionary_form(unit)
    predicate = Predicate(at, at, _span(unit), lemma, stem.tag, voice, base=base)
    flow: list[tuple[int, Token]] = []
    for unit_at in range(at, min(at + 12, len(units))):
        tokens = units[unit_at].tokens
        flow += [(unit_at, token) for token in (tokens[unit.stem + 1 :] if unit_at == at else tokens)]
    here = 0
    while True:
        here = _past_prefinals(flow, here, predicate, grammar)
        if here >= len(flow):
            break
        for construction in grammar.constructions.get(plain(flow[here][1].form), ()):
            end = _match(flow, here, construction)
            if end > here:
                _apply(predicate, construction.effect)
                if construction.steps[-1].forms == {"지"}:
                    _inchoate(predicate, flow[here][1], grammar)
                if plain(flow[end - 1][1].form) == "놓":
                    predicate.lemma = grammar.set_out.get(predicate.lemma, predicate.lemma)
                predicate.last = max(predicate.last, flow[end - 1][0])
                here = end
                break
        else:
            break
    _close(predicate, units, flow, here, grammar)
    before = units[at - 1] if at else None
    if before is not None and before.kind == "adverb" and grammar.has("negators", plain(before.tokens[-1].form)):
        predicate.effects.append(Effect(denied=True))
    return predicate


def _inchoate(predicate: Predicate, ending: Token, grammar: Grammar) -> None:
    """Read -어지다: 늦어지다 is a verb of its own, 알려지다 has its own meaning, 만들어지다 is passive."""
    if predicate.tag in ("VA", "XSA"):
        predicate.lemma = f"{predicate.lemma[:-1]}{plain(ending.form)}지다"
        predicate.tag, predicate.voice = "VV", "active"
    elif predicate.lemma in grammar.fused:
        predicate.lemma, predicate.voice = grammar.fused[predicate.lemma], "active"


def _past_prefinals(flow: Sequence[tuple[int, Token]], here: int, predicate: Predicate, grammar: Grammar) -> int:
    while here < len(flow) and flow[here][1].tag == "EP":
        effect = grammar.prefinals.get(plain(flow[here][1].form))
        if effect is not None:
            _apply(predicate, effect)
        here += 1
    return here


def _apply(predicate: Predicate, effect: Effect) -> None:
    predicate.effects.append(effect)
    if effect.voice is not None and effect.voice != "active" and predicate.voice == "active" and predicate.tag != "VA":
        predicate.voice = effect.voice
    if effect.tense is not None:
        predicate.tense = effect.tense


def _match(flow: Sequence[tuple[int, Token]], here: int, construction: Construction) -> int:
    """Give the place after a construction's chain if it stands at `here`, else `here`."""
    at = here
    for number, step in enumerate(construction.steps):
        while number and at < len(flow) and (flow[at][1].tag[0] in "JS" or flow[at][1].tag == "EP"):
            if step.fits(plain(flow[at][1].form), flow[at][1].tag):
                break
            if flow[at][1].tag in ("SF", "SE") or (step.optional and flow[at][1].tag[0] == "J"):
                break
            at += 1
        if at < len(flow) and step.fits(plain(flow[at][1].form), flow[at][1].tag):
            at += 1
        elif step.optional and (at >= len(flow) or flow[at][1].tag in ("SF", "SE")):
            pass
        else:
            return here
    return at


def _close(
    predicate: Predicate, units: Sequence[Unit], flow: Sequence[tuple[int, Token]], here: int, grammar: Grammar
) -> None:
    """Read the last ending of the chain: what the predicate is in its sentence."""
    last = predicate.last
    rest = [token for unit_at, token in flow[here:] if unit_at == last]
    unit = units[last]
    endings = [token for token in rest if token.tag.startswith("E")]
    for token in endings[:-1]:
        effect = grammar.prefinals.get(plain(token.form))
        if effect is not None:
            _apply(predicate, effect)
    predicate.comma = unit.comma
    if endings:
        # A sentence ending inside ("…했다"고) says the mood of what is quoted.
        final = endings[-1]
        inner = next((token for token in endings if token.tag == "EF"), None)
        predicate.ending, predicate.closing = plain(final.form), final.tag
        predicate.quoted = unit.quoted or any(token.tag == "JKQ" for token in rest)
        if inner is not None and predicate.quoted:
            predicate.ending = plain(inner.form)
            predicate.closing = "EF"
        elif final.tag == "EF" and last + 1 < len(units) and not predicate.quoted and not _stops(unit):
            # The analyser takes some links for an end (…있겠으니 조심하라고): what goes on has not ended.
            predicate.closing = "EC" if predicate.ending in grammar.connectives else "EF"
        if final.tag == "ETN":
            predicate.case, predicate.particle = unit.case, unit.particle
    else:
        predicate.closing = "EF"


def _stops(unit: Unit) -> bool:
    """Tell whether a mark after a word ends the sentence or breaks it off."""
    return any(token.tag in ("SF", "SE") for token in unit.tokens[unit.ending + 1 :])


def _span(unit: Unit) -> Span:
    """Give the main verb's part of its word, from its first morpheme to its last ending."""
    stem = unit.tokens[unit.stem]
    start = stem.span.start
    if stem.tag in ("XSV", "XSA"):
        start = unit.tokens[_base(unit)].span.start
    elif stem.tag == "VCP":
        start = unit.content.start
    end = max(token.span.end for token in unit.tokens[unit.stem : unit.ending + 1])
    return Span(min(start, end), end)


def _base(unit: Unit) -> int:
    """Give the place of the first morpheme of the noun that a verb-making suffix stands after."""
    at = unit.stem - 1
    if at < 0:
        return unit.stem
    while at > 0 and unit.tokens[at].tag == "XSN":
        at -= 1
    while at > 0 and unit.tokens[at - 1].tag == "XPN":
        at -= 1
    return at


VOICES = {"되": "passive", "받": "passive", "당하": "passive", "시키": "causative"}


def dictionary_form(unit: Unit) -> tuple[str, str, str]:
    """Give dictionary form in the active, voice, and the action noun (if the verb is N하다)."""
    stem = unit.tokens[unit.stem]
    form = plain(stem.form)
    if stem.tag in ("XSV", "XSA"):
        noun = "".join(plain(token.form) for token in unit.tokens[_base(unit) : unit.stem])
        if stem.tag == "XSV" and form in VOICES:
            return f"{noun}하다", VOICES[form], noun
        return f"{noun}{form}다", "active", noun
    return f"{form}다", "active", ""


def with_action_noun(predicate: Predicate, noun: str, voice: str) -> Predicate:
    """Give the predicate as the light verb of an action noun (발표를 하다 → 발표하다)."""
    return replace(
        predicate,
        lemma=f"{noun}하다",
        voice=voice if predicate.voice == "active" else predicate.voice,
        light=True,
        base=noun,
    )
