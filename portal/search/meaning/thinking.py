"""What an index asks of meaning: a question's vector, and hits in a better order.

It never fails: while the model is being opened, when it is missing, broken or slow, words alone
answer, and the log says once what the operator can do.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import TypeVar

import numpy as np

from portal.search.index import Document, Hit
from portal.search.meaning.encoder import Encoder, Vectors
from portal.search.meaning.foreseen import Foreseen, ForeseenMeanings
from portal.search.meaning.fusion import fused, weight_of
from portal.search.meaning.meanings import Meanings, Within
from portal.search.meaning.passages import passages_of

SLOW_SECONDS = 1.0
"""An encoder that takes longer than this for a question keeps people waiting."""
REST_SECONDS = 60.0
SAME_COSINE = 0.7
"""Two questions as near as this ask the same thing."""
_DEPTH = 100
_REMEMBERED = 256
_MOST_FORESEEN = 48
"""Passages that are encoded while somebody waits: about a second's work."""
_Result = TypeVar("_Result")
_log = logging.getLogger("portal.search.meaning")


@dataclass(frozen=True)
class Mind:
    """An encoder with the vectors that it made."""

    encoder: Encoder
    meanings: Meanings


class Thinking:
    """Meaning for one process. `open_mind` is called once, in a thread of its own unless the
    caller `waits` for it.
    """

    def __init__(self, open_mind: Callable[[], Mind], *, waits: bool = False) -> None:
        self._open_mind = open_mind
        self._mind: Mind | None = None
        self._rests_until = 0.0
        self._said = ""
        self._remembered: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()
        if waits:
            self._mind = open_mind()
        else:
            threading.Thread(target=self._open, name="meaning", daemon=True).start()

    def vector(self, text: str) -> Vectors | None:
        """The question's vector, or None when words have to do."""
        mind = self._mind
        if mind is None or monotonic() < self._rests_until:
            return None
        with self._lock:
            if (known := self._remembered.get(text)) is not None:
                return known
        return self._tried(lambda: self._encoded(mind, text))

    def joined(
        self,
        hits: Sequence[Hit],
        vector: Vectors,
        *,
        words: Sequence[str],
        within: Within,
        limit: int,
    ) -> tuple[Hit, ...]:
        """The hits and what comes near in meaning, best first."""

        def join() -> tuple[Hit, ...]:
            assert self._mind is not None
            near = self._mind.meanings.near(
                vector, within=within, limit=_DEPTH, also=[hit.article_id for hit in hits]
            )
            return fused(hits, near, weight=weight_of(words), limit=limit)

        found = self._tried(join)
        return tuple(hits[:limit]) if found is None else found

    def foreseeing(self, documents: Sequence[Document]) -> "Thinking":
        """One to which these articles mean already what they will mean. Passages that are kept
        are not encoded again; of the others only the first are, so that nobody waits for long.
        """
        mind = self._mind
        if mind is None or monotonic() < self._rests_until:
            return self
        rows = self._tried(lambda: {one.article_id: self._foreseen(mind, one) for one in documents})
        if rows is None:
            return self
        laid_over = replace(mind, meanings=ForeseenMeanings(mind.meanings, rows))
        return Thinking(lambda: laid_over, waits=True)

    def _foreseen(self, mind: Mind, document: Document) -> Foreseen:
        kept = mind.meanings.kept().get(document.article_id)
        rows = mind.meanings.vectors_of(document.article_id) if kept else ()
        known = dict(zip(kept.keys if kept else (), rows, strict=True))
        passages = passages_of(document)
        new = [one for one in passages if one.key not in known][:_MOST_FORESEEN]
        made = dict(
            zip(
                (one.key for one in new),
                mind.encoder.encode([one.text for one in new]) if new else (),
                strict=True,
            )
        )
        told = [one for one in passages if one.key in known or one.key in made]
        vectors = np.stack([known[p.key] if p.key in known else made[p.key] for p in told])
        return Foreseen(vectors, tuple(one.place for one in told))

    def alike(self, texts: Sequence[str]) -> list[list[int]] | None:
        """Each text joins the first group whose first text it comes near to."""
        vectors = [self.vector(text) for text in texts]
        groups: list[list[int]] = []
        for number, vector in enumerate(vectors):
            if vector is None:
                return None
            for group in groups:
                first = vectors[group[0]]
                if first is not None and float(first @ vector) >= SAME_COSINE:
                    group.append(number)
                    break
            else:
                groups.append([number])
        return groups

    def _encoded(self, mind: Mind, text: str) -> Vectors:
        started = monotonic()
        vector: Vectors = mind.encoder.encode([text])[0]
        if monotonic() - started > SLOW_SECONDS:
            self._rest(f"the model took more than {SLOW_SECONDS:g} s for a question")
        with self._lock:
            self._remembered[text] = vector
            while len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        return vector

    def _tried(self, act: Callable[[], _Result]) -> _Result | None:
        try:
            return act()
        except Exception as error:
            self._rest(f"{type(error).__name__}: {error}")
            return None

    def _open(self) -> None:
        try:
            self._mind = self._open_mind()
        except Exception as error:
            self._rest(str(error))

    def _rest(self, why: str) -> None:
        """Leave the answers to words for a while, and say why, once."""
        self._rests_until = monotonic() + REST_SECONDS
        if why != self._said:
            self._said = why
            _log.error(
                "Search by meaning rests, words alone answer: %s. See `portal search model check`.",
                " ".join(why.split())[:300],
            )
