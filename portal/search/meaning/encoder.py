"""What turns a text into a direction: texts that mean much the same point the same way.

Another model, for another language say, is another encoder behind this protocol.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Rows of unit length, one a text: their products are cosines, from -1 to 1."""


class Encoder(Protocol):
    """A sentence model, open for use by several threads."""

    name: str
    """Which model it is; vectors of models with different names can't be compared."""

    dimensions: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order; any text has one, an empty one too."""
        ...
