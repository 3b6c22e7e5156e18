"""The sentence model in plain NumPy: nothing else to install, its weights shared by all processes.

Source: Devlin et al., BERT (2019); Reimers and Gurevych, Sentence-BERT (2019), mean of the last
layer's tokens, of unit length.
"""

from collections.abc import Sequence

import numpy as np

from portal.search.meaning.encoder import Vectors
from portal.search.meaning.weights import ModelFiles, Tensors, read_shape, read_tensors
from portal.search.meaning.word_pieces import WordPieces


class NumpyEncoder:
    """The Encoder protocol for BERT models."""

    def __init__(self, files: ModelFiles) -> None:
        self.name = files.name
        self._shape = read_shape(files)
        self.dimensions = self._shape.dimensions
        self._tensors = read_tensors(files)
        self._pieces = WordPieces(files.vocabulary)

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = [self._sentence(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.dimensions), np.float32)

    def _sentence(self, text: str) -> Vectors:
        ids = self._pieces.ids(text, most=self._shape.most_pieces)
        state = self._embedded(ids)
        for number in range(self._shape.layers):
            state = self._layer(state, _Layer(self._tensors, f"encoder.layer.{number}."))
        mean: Vectors = state.mean(axis=0)
        return mean / max(float(np.linalg.norm(mean)), 1e-9)

    def _embedded(self, ids: list[int]) -> Vectors:
        table = "embeddings.{}_embeddings.weight".format
        words = self._tensors[table("word")][ids]
        places = self._tensors[table("position")][: len(ids)]
        state = words + places + self._tensors[table("token_type")][0]
        return self._normed(state, _Layer(self._tensors, "embeddings."), "LayerNorm")

    def _layer(self, state: Vectors, layer: "_Layer") -> Vectors:
        state = self._normed(
            state + self._attention(state, layer), layer, "attention.output.LayerNorm"
        )
        inner = _gelu(layer.linear(state, "intermediate.dense"))
        return self._normed(state + layer.linear(inner, "output.dense"), layer, "output.LayerNorm")

    def _attention(self, state: Vectors, layer: "_Layer") -> Vectors:
        heads = self._shape.heads
        query, key, value = (
            layer.linear(state, f"attention.self.{part}")
            .reshape(len(state), heads, -1)
            .transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        weights = query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(query.shape[-1]))
        weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        mixed = (weights @ value).transpose(1, 0, 2).reshape(len(state), -1)
        return layer.linear(mixed, "attention.output.dense")

    def _normed(self, state: Vectors, layer: "_Layer", name: str) -> Vectors:
        state = state - state.mean(axis=-1, keepdims=True)
        spread = np.sqrt(np.square(state).mean(axis=-1, keepdims=True) + self._shape.epsilon)
        normed: Vectors = state / spread * layer[f"{name}.weight"] + layer[f"{name}.bias"]
        return normed


class _Layer:
    """The tensors under one prefix."""

    def __init__(self, tensors: Tensors, prefix: str) -> None:
        self._tensors, self._prefix = tensors, prefix

    def __getitem__(self, name: str) -> Vectors:
        return self._tensors[self._prefix + name]

    def linear(self, state: Vectors, name: str) -> Vectors:
        product: Vectors = state @ self[f"{name}.weight"].T
        return product + self[f"{name}.bias"]


def _gelu(x: Vectors) -> Vectors:
    """x * Phi(x), with the error function by Abramowitz and Stegun 7.1.26 (error below 1.5e-7)."""
    z = np.abs(x) * np.float32(0.7071067811865476)
    t = 1 / (1 + np.float32(0.3275911) * z)
    series = t * (
        0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))
    )
    error: Vectors = np.sign(x) * (1 - series * np.exp(-z * z))
    return np.float32(0.5) * x * (1 + error)
