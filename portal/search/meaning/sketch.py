"""A rough likeness of many vectors, so that a question is compared with half of the numbers.

Vectors of sentences differ along few directions. Seen along the strongest of these alone, what is
near stays near. Whoever needs exact cosines compares the likeliest few hundred articles again: of
the twenty nearest of 4,873 real articles, one in a thousand is missed so (docs/search.md).
"""

from copy import copy

import numpy as np

from portal.search.meaning.encoder import Vectors

DIRECTIONS = 160
WORTH_IT = 4_000
"""With fewer rows than this, comparing all numbers takes less than half a millisecond."""
_SAMPLE = 5_000


class Sketch:
    """Rows of a matrix along the directions in which its rows lie most."""

    def __init__(self, matrix: Vectors) -> None:
        sample = matrix[:: max(1, len(matrix) // _SAMPLE)]
        _strengths, directions = np.linalg.eigh(sample.T @ sample)
        self._directions = np.ascontiguousarray(directions[:, -DIRECTIONS:])
        self._rows = matrix @ self._directions
        self._began_with = len(matrix)

    def __len__(self) -> int:
        return len(self._rows)

    def followed(self, matrix: Vectors) -> "Sketch":
        """With the rows that the matrix has more; once it doubled, directions are chosen anew."""
        if len(matrix) > 2 * self._began_with:
            return Sketch(matrix)
        longer = copy(self)
        longer._rows = np.concatenate([self._rows, matrix[len(self) :] @ self._directions])
        return longer

    def cosines(self, vector: Vectors) -> Vectors:
        """About how near each row is to a question's vector."""
        cosines: Vectors = self._rows @ (vector @ self._directions)
        return cosines
