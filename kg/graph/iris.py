"""From a key to an IRI: ASCII, short, the same on every machine and in every run.

Hangul in an IRI is legal and breaks in practice (browsers, older stores), so the local name
carries a letter-by-letter romanisation for the eye and a hash of the key for identity.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

from kg.errors import KgError

DEFAULT_BASE = "https://w3id.org/newskg/id/"
"""Where data lives when no project says otherwise."""

_LONGEST_NAME = 60
_LONGEST_IRI = 1_800  # Virtuoso cuts an IRI at 1,879 bytes and merges what is then equal
_INITIALS = re.split(" ", "g kk n d tt r m b pp s ss  j jj ch k t p h")
_MEDIALS = re.split(" ", "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i")
_FINALS = re.split(" ", " g kk gs n nj nh d l lg lm lb ls lt lp lh m b bs s ss ng j ch k t p h")
_PLAIN_ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_IRI = re.compile(r"(?:https?|urn):(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")


def romanise(text: str) -> str:
    """Give text in ASCII letters, digits and hyphens; Hangul letter by letter.

    The table is the transliteration of the Revised Romanization of Korean (2000, article 8);
    other scripts are dropped, since the hash beside the name tells keys apart.

    >>> romanise("한빛전자 AI+센터")
    'hanbichjeonja-ai-senteo'
    """
    letters: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        if "가" <= character <= "힣":
            syllable = ord(character) - 0xAC00
            letters += (_INITIALS[syllable // 588], _MEDIALS[syllable // 28 % 21], _FINALS[syllable % 28])
        else:
            plain = unicodedata.normalize("NFKD", character).lower()
            letters.append("".join(c for c in plain if c.isascii()) or "-")
    return re.sub(r"[^a-z0-9]+", "-", "".join(letters)).strip("-")


def digest(text: str, length: int = 8) -> str:
    """Give the first hexadecimal digits of the SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def iri(key: str, base: str = DEFAULT_BASE) -> str:
    """Give the IRI of a key: a lexicon id as it is, any other key romanised with a hash.

    >>> iri("qingdao")
    'https://w3id.org/newskg/id/qingdao'
    >>> iri("Company/한빛전자")
    'https://w3id.org/newskg/id/company-hanbichjeonja-02a2a597'

    Raises `KgError` if `base` is not an absolute IRI that ends in ``/`` or ``#``.
    """
    if _PLAIN_ID.fullmatch(key) and len(key) <= _LONGEST_NAME:
        return checked(checked_base(base) + key)
    kind, slash, name = key.partition("/")
    return minted(_kebab(kind) if slash else "id", name if slash else key, key, base)


def document_iri(document: str, base: str = DEFAULT_BASE) -> str:
    """Give the IRI of a document from its id (a path, a number, a title)."""
    return minted("document", document, document, base)


def graph_iri(document: str, base: str = DEFAULT_BASE) -> str:
    """Give the name of the graph that holds one document's facts."""
    return checked_base(base) + "graph/" + document_iri(document, base)[len(base) :]


@lru_cache(maxsize=16_384)
def minted(kind: str, name: str, key: str, base: str) -> str:
    """Put together an IRI: kind, readable name, and a hash of the whole key."""
    readable = romanise(name)[:_LONGEST_NAME].strip("-")
    return checked(checked_base(base) + "-".join(part for part in (kind, readable, digest(key)) if part))


@lru_cache(maxsize=64)
def checked_base(base: str) -> str:
    """Give `base` back if data can be named under it, else raise `KgError`."""
    if not base.endswith(("/", "#")):
        raise KgError(f"the base IRI {base!r} ends in neither / nor #", code="KG621", mend="end it with a slash")
    return checked(base)


def checked(text: str) -> str:
    """Give an IRI back if every store takes it, else raise `KgError`.

    Refused are spaces, a bare ``%``, brackets, braces, quotes, anything outside ASCII, and
    what is longer than stores keep.
    """
    if len(text) > _LONGEST_IRI or not _IRI.fullmatch(text):
        raise KgError(
            f"{text[:80]!r} is not an IRI that every store takes",
            code="KG622",
            mend="use an absolute IRI of ASCII letters, digits and -._~/?# with the rest percent-encoded",
        )
    return text


def _kebab(name: str) -> str:
    return romanise(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name))
