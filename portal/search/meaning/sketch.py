"""A rough likeness of many vectors, so that a question is compared with half of the numbers.

Vectors of sentences differ along few directions. Seen along the strongest of these alone, what is
near stays near. Whoever needs exact cosines compares the likeliest few hundred articles again: of
the twenty nearest of 4,873 real articles, one in a thousand is missed so (docs/search.md).
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from portal.search.meaning.encoder import Vectors

DIRECTIONS = 160
WORTH_IT = 4_000
"""With fewer rows than this, comparing all numbers takes less than half a millisecond."""
_SAMPLE = 5_000
_MOST_ADDED = 0.25
"""Once so large a share of rows came later, the sketch is made anew."""
_FILE = f"sketch-{DIRECTIONS}.npy"


class Sketch:
    """Rows of a matrix along the directions in which its rows lie most: those that lie in a file
    for all processes, and those that were added since.
    """

    def __init__(self, directions: Vectors, rows: Vectors, added: Vectors) -> None:
        self._directions, self._rows, self._added = directions, rows, added

    def __len__(self) -> int:
        return len(self._rows) + len(self._added)

    def followed(self, matrix: Vectors, folder: Path) -> "Sketch":
        """With the rows that the matrix has more; this one stays as it is."""
        if len(matrix) > (1 + _MOST_ADDED) * len(self._rows):
            return sketch_of(matrix, folder)
        added = np.concatenate([self._added, matrix[len(self) :] @ self._directions])
        return Sketch(self._directions, self._rows, added)

    def cosines(self, vector: Vectors) -> Vectors:
        """About how near each row is to a question's vector."""
        seen = vector @ self._directions
        if not len(self._added):
            return self._rows @ seen
        return np.concatenate([self._rows @ seen, self._added @ seen])


def sketch_of(matrix: Vectors, folder: Path) -> Sketch:
    """The sketch that lies in `folder`, or a new one where it lacks too many rows of the matrix."""
    known = _opened(folder / _FILE, matrix.shape[1])
    if known is None or not len(known) <= len(matrix) <= (1 + _MOST_ADDED) * len(known):
        return _made(matrix, folder / _FILE)
    return known.followed(matrix, folder)


def _made(matrix: Vectors, path: Path) -> Sketch:
    """A new sketch, which the other processes find in the file; where it can't lie, in memory.

    It lies column by column: so its product with a vector takes a third of the time.
    """
    sample = matrix[:: max(1, len(matrix) // _SAMPLE)]
    _strengths, all_directions = np.linalg.eigh(sample.T @ sample)
    directions = np.ascontiguousarray(all_directions[:, -DIRECTIONS:])
    made = np.asfortranarray(np.concatenate([directions, matrix @ directions]))
    try:
        with TemporaryDirectory(dir=path.parent, prefix="sketch-") as name:
            np.save(Path(name) / _FILE, made)
            (Path(name) / _FILE).replace(path)
    except OSError:
        return _parted(made, matrix.shape[1])
    return _opened(path, matrix.shape[1]) or _parted(made, matrix.shape[1])


def _opened(path: Path, dimensions: int) -> Sketch | None:
    try:
        made = np.load(path, mmap_mode="r")
    except (OSError, ValueError):
        return None
    return _parted(made, dimensions) if made.flags.f_contiguous else None


def _parted(made: Vectors, dimensions: int) -> Sketch:
    """The directions, then the rows, which have as many columns."""
    return Sketch(made[:dimensions], made[dimensions:], made[:0])
