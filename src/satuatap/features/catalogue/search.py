"""Search that forgives: everyday words, typing errors, word order, Indonesian affixes. Pure; the catalogue is small.

Each service is a bag of phrases (its names, everyday names, synonyms, the documents it issues), each with a weight. A
query's words are matched one by one to a phrase's words (exact, stem, prefix, or nearly the same by edit distance);
the phrase scores by how much of the query it explains and how much of itself is used, weighted by how rare a word is.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

STOP = frozenset(
    [
        "saya",
        "aku",
        "kami",
        "anda",
        "mau",
        "ingin",
        "pengen",
        "pingin",
        "bikin",
        "buat",
        "membuat",
        "urus",
        "ngurus",
        "mengurus",
        "cara",
        "gimana",
        "bagaimana",
        "dimana",
        "di",
        "ke",
        "dari",
        "yang",
        "untuk",
        "dan",
        "atau",
        "dengan",
        "ini",
        "itu",
        "ada",
        "apa",
        "bisa",
        "tolong",
        "minta",
        "dong",
        "ya",
        "nak",
        "punya",
        "ambil",
        "perlu",
        "butuh",
        "surat",
        "kartu",
        "the",
        "a",
        "an",
        "of",
        "for",
        "to",
        "my",
        "i",
        "want",
        "need",
        "how",
        "get",
        "make",
        "new",
        "is",
        "in",
        "on",
        "lagi",
        "sudah",
        "belum",
        "kalau",
        "kalo",
        "nya",
        "tu",
        "yg",
        "utk",
        "dgn",
        "pak",
        "bu",
        "nian",
        "galak",
        "cak",
        "mano",
    ]
)
# Words that say little but are all that some queries have ("kartu", "surat", "baru") count a little.
WEAK = frozenset(["surat", "kartu", "baru", "bikin", "buat", "membuat", "urus", "new", "make", "get"])
_PREFIXES = (
    "meng",
    "meny",
    "mem",
    "men",
    "me",
    "peng",
    "peny",
    "pem",
    "pen",
    "pe",
    "ber",
    "ter",
    "per",
    "di",
    "se",
    "ng",
)
_SUFFIXES = ("kannya", "annya", "kan", "nya", "an", "in", "i")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that mean a service, with how strongly."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Entry:
    """A service as the search sees it."""

    code: str
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A found service: its score from 0 to 1 and the phrase that matched."""

    code: str
    score: float
    matched: str


def words_of(text: str) -> list[str]:
    """The words of a text, folded: lower case, letters and digits, the hyphen of KTP-el dropped."""
    return re.findall(
        r"[a-z0-9]+", text.lower().replace("ktp-el", "ktp ktpel").replace("e-ktp", "ektp ktp").replace("-", " ")
    )


def stem(word: str) -> str:
    """A light stem: one suffix and one prefix off where enough is left."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            word = word[: -len(suffix)]
            break
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 4:
            return word[len(prefix) :]
    return word


@dataclass(frozen=True, slots=True)
class _Prepared:
    code: str
    text: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    weight: float


class Index:
    """The catalogue prepared for searching; build it again when the catalogue changes."""

    def __init__(self, entries: Iterable[Entry], same: Mapping[str, Sequence[str]] | None = None) -> None:
        self.same = {key: tuple(value) for key, value in (same or {}).items()}
        self.phrases: list[_Prepared] = []
        seen: dict[str, set[str]] = defaultdict(set)
        for entry in entries:
            for phrase in entry.phrases:
                words = tuple(w for w in words_of(phrase.text) if w not in STOP or w in WEAK)
                if not words:
                    continue
                stems = tuple(stem(w) for w in words)
                self.phrases.append(_Prepared(entry.code, phrase.text, words, stems, phrase.weight))
                for one in stems:
                    seen[one].add(entry.code)
        self.count = max(1, len({p.code for p in self.phrases}))
        self.rarity = {one: math.log(1 + self.count / len(codes)) for one, codes in seen.items()}
        self.known = sorted({w for p in self.phrases for w in p.words})

    def search(self, text: str, limit: int = 8) -> list[Hit]:
        """The best services for a query, best first; nothing below a floor."""
        query = self._query(text)
        if not query:
            return []
        close = {word: self._close(word) for word in query}
        best: dict[str, Hit] = {}
        second: Counter[str] = Counter()
        for phrase in self.phrases:
            score = self._score(query, close, phrase)
            if score <= 0:
                continue
            second[phrase.code] += 1
            if phrase.code not in best or score > best[phrase.code].score:
                best[phrase.code] = Hit(phrase.code, score, phrase.text)
        hits = [
            Hit(h.code, round(min(1.0, h.score + 0.01 * min(5, second[h.code])), 4), h.matched) for h in best.values()
        ]
        hits.sort(key=lambda h: (-h.score, h.code))
        floor = max(0.22, hits[0].score * 0.35) if hits else 1
        return [h for h in hits if h.score >= floor][:limit]

    def _query(self, text: str) -> list[str]:
        lowered = " ".join(words_of(text[:200]))
        for phrase, others in self.same.items():
            if re.search(rf"\b{re.escape(phrase)}\b", lowered):
                lowered += " " + " ".join(others)
        words = words_of(lowered)
        strong = [w for w in words if w not in STOP]
        weak = [w for w in words if w in WEAK and w not in strong]
        return list(dict.fromkeys(strong or weak))[:12]

    def _close(self, word: str) -> dict[str, float]:
        """Words of the catalogue that this word may mean, each with how surely."""
        mine, found = stem(word), {}
        for other in self.known:
            sure = _alike(word, mine, other)
            if sure > 0:
                found[other] = sure
        return found

    def _score(self, query: Sequence[str], close: Mapping[str, Mapping[str, float]], phrase: _Prepared) -> float:
        explained = total = 0.0
        used: dict[int, float] = {}
        for word in query:
            worth = max((self.rarity.get(stem(o), 1.0) * s for o, s in close[word].items()), default=1.6)
            worth *= 0.35 if word in WEAK else 1.0
            total += worth
            sure, at = max(((close[word].get(w, 0.0), i) for i, w in enumerate(phrase.words)), default=(0.0, 0))
            if sure:
                explained += worth * sure
                used[at] = max(used.get(at, 0.0), sure)
        if not explained:
            return 0.0
        whole = sum(self.rarity.get(s, 1.0) for s in phrase.stems)
        covered = sum(self.rarity.get(phrase.stems[i], 1.0) * sure for i, sure in used.items())
        share, own = explained / total, covered / whole
        order = fuzz.token_sort_ratio(" ".join(query), " ".join(phrase.words)) / 100
        return phrase.weight * (0.62 * share + 0.26 * own + 0.12 * order)


def _alike(word: str, mine: str, other: str) -> float:
    """How surely a typed word means a word of the catalogue: 1 for the same, less for a likely slip."""
    if word == other:
        return 1.0
    theirs = stem(other)
    if mine == theirs:
        return 0.95
    if len(word) >= 3 and other.startswith(word):
        return 0.8
    if len(mine) >= 4 and (theirs.startswith(mine) or mine.startswith(theirs)) and min(len(mine), len(theirs)) >= 4:
        return 0.75
    longest = max(len(word), len(other))
    allowed = 0 if longest <= 3 else 1 if longest <= 6 else 2
    if allowed and abs(len(word) - len(other)) <= allowed:
        distance = DamerauLevenshtein.distance(word, other, score_cutoff=allowed)
        if distance <= allowed:
            return 0.85 - 0.12 * distance if word[0] == other[0] else 0.7 - 0.15 * distance
    return 0.0
