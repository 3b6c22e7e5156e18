"""Meaning over a library that is thrown away: its vectors stay in a temporary folder."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.search.index import Document
from portal.search.meaning.folder import MeaningFolder
from portal.search.meaning.following import written
from portal.search.meaning.opening import open_encoder
from portal.search.meaning.thinking import Mind, Thinking
from portal.search.meaning.weights import model_files

_BATCH = 50


@contextmanager
def thinking_over(
    documents: Iterable[Document], progress: Callable[[int, int], None]
) -> Iterator[Thinking]:
    """Encode the documents and answer by them. Raises ModelUnavailableError without a model."""
    with tempfile.TemporaryDirectory(prefix="meaning-trial-") as name:
        encoder = open_encoder(model_files(), Path(name))
        mind = Mind(encoder, MeaningFolder(Path(name), encoder.name, encoder.dimensions))
        waiting = list(documents)
        for first in range(0, len(waiting), _BATCH):
            batch = waiting[first : first + _BATCH]
            mind.meanings.put([written(mind, each, version=1) for each in batch])
            progress(first + len(batch), len(waiting))
        yield Thinking(lambda: mind, waits=True)
