"""Which way the clause around a date looks: back, or ahead."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from kg.mentions.moments import Direction
from kg.model import Sentence, Token

_PAST_ENDINGS = ("었", "았", "였", "엇")
_PAST_TEXT = re.compile(r"[았었였했갔왔됐렸졌쳤혔켰섰뤘꼈]|[한된린]\s")
_FUTURE_TEXT = re.compile(r"예정|계획|방침|[할될릴]\s|[한된린]다|하기로")


_VERB = 8
"""How many morphemes a verb with its endings may have, with the noun that it is made of and a place before it."""


class Tense:
    """Reads the tense that a date stands in, off the first predicate after it.

    `plan_nouns` show a plan after -ㄹ (``할 예정``); after a topic, a bare date in a sentence that
    ends in one of `reporting_verbs` is the day of the report (``A는 29일 … 연다고 밝혔다``), and so is
    one before `reporting_phrases` (``29일 …에 따르면``). A clause before one of `contents` tells what is agreed on, not
    when (``A는 17일 공장을 짓는 내용의 협약을 맺었다``). Who agrees on a plan after one of `encounters` has met on
    the day (``4일 만나 협력하기로 합의했다``). One of `spoken_days` right before a verb of saying is the day of that
    (``5일 열린다고 이날 밝혔다``). Verbs of `held` are of their subject (``축제가 17일 열린다고 밝혔다``).
    """

    def __init__(
        self,
        plan_nouns: Iterable[str],
        reporting_verbs: Iterable[str],
        reporting_phrases: Iterable[str],
        contents: Iterable[str] = (),
        encounters: Iterable[str] = (),
        held: Iterable[str] = (),
        spoken_days: Iterable[str] = (),
    ) -> None:
        self._encounters, self._held = frozenset(encounters), frozenset(held)
        self._spoken = frozenset(spoken_days)
        self._plans, self._contents = frozenset(plan_nouns), frozenset(contents)
        self._reports = frozenset(reporting_verbs)
        self._phrases = frozenset(reporting_phrases)

    def at(self, sentence: Sentence, start: int, end: int, first: bool) -> Direction | None:
        """Give the tense for the date that stands from `start` to `end`; `first` if it is the sentence's first date."""
        tokens = sentence.tokens
        after = _index(tokens, end)
        if first and self._is_report(tokens, after, start, end):
            return "past"
        begin = _index(tokens, start)
        led = begin > 0 and tokens[begin - 1].tag == "JX"
        index, within, topic, met = after, 0, led, False
        while index < len(tokens):
            within += (tokens[index].tag == "SSO") - (within > 0 and tokens[index].tag == "SSC")
            topic = topic or tokens[index].tag == "JX" and not within
            # what a title or saying tells has a time of its own
            found = self._of(tokens, index, led) if not within else None
            met = met or tokens[index].tag == "EC" and self._is_encounter(tokens, index)
            if found is not None:
                if found == "future" and met and tokens[index].tag == "ETN" and self._is_past(tokens):
                    return "past"
                inner = found == "future" and tokens[index].tag == "ETM" and tokens[index].form == "는"
                return "past" if inner and topic and index > after + 2 and self._is_past(tokens) else found
            index += 1
        return None

    def _is_encounter(self, tokens: tuple[Token, ...], ending: int) -> bool:
        """Tell whether the verb before a connective ending, by itself or with its noun, is one of meeting."""
        if tokens[ending].form not in ("어", "아", "고") or ending < 2:
            return False
        stem, noun = tokens[ending - 1].form, tokens[ending - 2]
        if noun.tag == "JKO":  # 회담을 갖고
            noun = tokens[ending - 3] if ending > 2 else noun
        return stem in self._encounters or noun.tag == "NNG" and noun.form + "하" in self._encounters

    def _is_past(self, tokens: tuple[Token, ...]) -> bool:
        """Tell whether a sentence says what happened, and is no report: A는 5일 부산에서 열리는 회의에 참석했다."""
        end = next((at for at in range(len(tokens) - 1, -1, -1) if tokens[at].tag == "EF"), 0)
        if end < 3 or tokens[end - 1].tag != "EP" or tokens[end - 1].form not in _PAST_ENDINGS:
            return False
        stem = tokens[end - 2]
        lemma = tokens[end - 3].form + "하" if stem.tag == "XSV" else stem.form
        return stem.tag in ("VV", "XSV") and lemma not in self._reports

    def reported(self, sentence: Sentence, end: int) -> bool:
        """Tell whether the date that ends here is the day of a report: a verb of saying follows at once."""
        tokens = sentence.tokens
        index = _index(tokens, end)
        forms = [token.form for token in tokens[index : index + 2]]
        return bool(forms) and (forms[0] in self._reports or "".join(forms) in self._reports)

    def of_text(self, text: str, end: int) -> Direction | None:
        """Give the tense by the letters after a date, where no analysis is at hand."""
        past, future = _PAST_TEXT.search(text, end, end + 120), _FUTURE_TEXT.search(text, end, end + 120)
        if past and (future is None or past.start() < future.start()):
            return "past"
        return "future" if future else None

    def _of(self, tokens: tuple[Token, ...], index: int, led: bool = False) -> Direction | None:
        token = tokens[index]
        before = tokens[index - 1].tag if index else ""
        follow = [t.form for t in tokens[index + 1 : index + 3]]
        if token.tag == "EP":
            return "past" if token.form in _PAST_ENDINGS else "future" if token.form == "겠" else None
        if token.tag == "ETM":
            if token.form in ("을", "ㄹ", "ᆯ", "를"):
                planned = [t.form for t in tokens[index + 1 : index + 4]]
                gone = planned[:1] and planned[0] in self._plans and any(f in (*_PAST_ENDINGS, "던") for f in planned)
                return None if gone else "future"  # 열릴 예정이었던
            if token.form in ("은", "ㄴ", "ᆫ") and before in ("VV", "XSV"):
                return "past"
            told = tokens[index + 1].form in self._contents if index + 1 < len(tokens) else False
            return "future" if token.form == "는" and before in ("VV", "XSV") and not (led and told) else None
        if token.tag == "ETN" and token.form == "기" and "로" in follow[:1]:
            return "future"
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        ends = after is None or after.tag not in ("NNG", "XSN") or after.span.start > token.span.end  # 예상+치
        if token.tag == "NNG" and ends and token.form in self._plans and before in ("NNG", "NNP"):
            done = index + 1 < len(tokens) and tokens[index + 1].tag == "JKO" and self._is_past(tokens)
            return None if done else "future"  # 27일 순방 일정을 시작했다
        if token.tag in ("EF", "EC") and before in ("VV", "XSV"):
            if token.form.startswith(("ㄴ다", "ᆫ다", "는다", "습니다", "ᆸ니다", "ㅂ니다")):
                return "future"
        return None

    def _is_report(self, tokens: tuple[Token, ...], after: int, start: int, end: int) -> bool:
        nexts = tokens[after : after + 1]
        if nexts and nexts[0].tag in ("JKB", "JX", "JKG", "JKO", "JC") and nexts[0].span.start == end:
            return False
        if self._told_of(tokens, after, start):
            return False
        for index in range(after, len(tokens)):
            lemma = tokens[index].form + ("하" if tokens[index].tag == "NNG" else "")
            if tokens[index].tag == "VV" and tokens[index].form in self._phrases:
                if index + 1 < len(tokens) and tokens[index + 1].form == "면":
                    return True
                continue
            if (
                index > after
                and index + 1 < len(tokens)
                and tokens[index + 1].tag == "EP"
                and (not lemma or lemma in self._reports)
            ):
                return self._leads(tokens, start) and not self._dated(tokens, index, after)
            if tokens[index].tag == "XSV" and index and tokens[index - 1].form + "하" in self._reports:
                if index + 1 < len(tokens) and tokens[index + 1].tag == "EP":
                    return self._leads(tokens, start) and not self._dated(tokens, index - 1, after)
        return False

    def _told_of(self, tokens: tuple[Token, ...], after: int, start: int) -> bool:
        """Tell whether a date is between a subject and the verb of what is reported: 축제가 17일 열린다고 밝혔다."""
        before = _index(tokens, start) - 1
        if before < 0 or tokens[before].tag != "JKS":
            return False
        held = False
        for token, following in pairwise(tokens[after : after + _VERB]):
            held = held or token.tag in ("VV", "XSV") and token.form in self._held
            if token.tag in ("EC", "EF"):
                said = token.form.endswith("다고") or token.form.endswith("다") and following.tag == "JKQ"
                return held and said
            if token.tag not in ("NNG", "NNP", "JKB", "VV", "XSV", "EP", "MAG"):
                return False
        return False

    def _dated(self, tokens: tuple[Token, ...], verb: int, after: int) -> bool:
        """Tell whether a day of its own stands right before a verb of saying (… 방문한다고 20일 밝혔다)."""
        if verb - 1 >= after and tokens[verb - 1].form in self._spoken:
            return True
        return verb - 2 >= after and tokens[verb - 1].tag == "NNB" and tokens[verb - 2].tag == "SN"

    @staticmethod
    def _leads(tokens: tuple[Token, ...], start: int) -> bool:
        """Tell whether the date opens the sentence or stands right after a subject or topic."""
        index = _index(tokens, start)
        return index == 0 or tokens[index - 1].tag in ("JX", "JKS", "SP", "MAJ")


def _index(tokens: tuple[Token, ...], place: int) -> int:
    """Give the first token that begins at or after a place."""
    low, high = 0, len(tokens)
    while low < high:
        middle = (low + high) // 2
        if tokens[middle].span.start < place:
            low = middle + 1
        else:
            high = middle
    return low
