"""A tiny BERT with random weights, as a folder that a setting can name; and a stand-in encoder."""

import hashlib
import json
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from portal.search.meaning.encoder import Vectors
from portal.search.meaning.weights import ModelFiles
from portal.search.words import words_of

DIMENSIONS, INNER, LAYERS, HEADS = 32, 64, 2, 4
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdefghijklmnopqrstuvwxyz0123456789.,?!-'"]
VOCABULARY = [*PIECES, *(f"##{sign}" for sign in PIECES[4:]), "pass", "##word", "reset", "日"]


def write_model(folder: Path) -> ModelFiles:
    """Make the folder; the same one each time."""
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY), encoding="utf-8")
    figures = {
        "model_type": "bert",
        "hidden_act": "gelu",
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "hidden_size": DIMENSIONS,
        "max_position_embeddings": 64,
        "layer_norm_eps": 1e-12,
    }
    (folder / "config.json").write_text(json.dumps(figures), encoding="utf-8")
    _write_tensors(folder / "model.safetensors")
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    return ModelFiles(folder, digest, "nobody's")


def _write_tensors(path: Path) -> None:
    chance = np.random.default_rng(7)
    header, data = {}, b""
    for name, shape in _shapes().items():
        values = chance.normal(0, 0.3, shape).astype(np.float32)
        if name.endswith("LayerNorm.weight"):
            values = np.ones(shape, np.float32)
        raw = values.tobytes()
        offsets = [len(data), len(data) + len(raw)]
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": offsets}
        data += raw
    head = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(head)) + head + data)


def _shapes() -> dict[str, tuple[int, ...]]:
    embedded = "embeddings.{}_embeddings.weight".format
    shapes: dict[str, tuple[int, ...]] = {
        embedded("word"): (len(VOCABULARY), DIMENSIONS),
        embedded("position"): (64, DIMENSIONS),
        embedded("token_type"): (2, DIMENSIONS),
        **_norm("embeddings.LayerNorm"),
    }
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}."
        for part in ("query", "key", "value"):
            shapes |= _linear(f"{layer}attention.self.{part}", DIMENSIONS, DIMENSIONS)
        shapes |= _linear(f"{layer}attention.output.dense", DIMENSIONS, DIMENSIONS)
        shapes |= _norm(f"{layer}attention.output.LayerNorm")
        shapes |= _linear(f"{layer}intermediate.dense", INNER, DIMENSIONS)
        shapes |= _linear(f"{layer}output.dense", DIMENSIONS, INNER)
        shapes |= _norm(f"{layer}output.LayerNorm")
    return shapes


def _linear(name: str, outer: int, inner: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (outer, inner), f"{name}.bias": (outer,)}


def _norm(name: str) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (DIMENSIONS,), f"{name}.bias": (DIMENSIONS,)}


class Concepts:
    """An encoder that knows which words mean the same, and counts what it was given."""

    name = "concepts"
    dimensions = 512

    def __init__(self, *same: set[str]) -> None:
        self._same = same
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> Vectors:
        vector = np.full(self.dimensions, 1e-3, np.float32)
        for word in words_of(text):
            meant = next((min(group) for group in self._same if word in group), word)
            digest = hashlib.sha256(meant.encode()).digest()
            vector[int.from_bytes(digest[:4]) % self.dimensions] += 1
        unit: Vectors = vector / np.linalg.norm(vector)
        return unit
