"""The sentence model on onnxruntime, where that is installed: eight-bit weights, one thread."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime

from portal.search.meaning.encoder import Vectors
from portal.search.meaning.weights import ModelFiles, read_shape
from portal.search.meaning.word_pieces import WordPieces

_FORMAT = 2
"""Of the graph: another number makes it anew."""


class OnnxEncoder:
    """The Encoder protocol on a graph that lies in `folder`, made there when it is missing."""

    def __init__(self, files: ModelFiles, folder: Path) -> None:
        self.name = f"{files.name}-int8"
        shape = read_shape(files)
        self.dimensions, self._most = shape.dimensions, shape.most_pieces
        self._pieces = WordPieces(files.vocabulary)
        self._session = _session(_graph(files, folder))

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = [self._sentence(text) for text in texts]
        return np.concatenate(rows) if rows else np.empty((0, self.dimensions), np.float32)

    def _sentence(self, text: str) -> Vectors:
        ids = np.array(self._pieces.ids(text, most=self._most), np.int64)
        vector: Vectors = self._session.run(["vector"], {"ids": ids})[0]
        return vector


def _graph(files: ModelFiles, folder: Path) -> Path:
    path = folder / f"{files.name}-{_FORMAT}.onnx"
    if not path.is_file():
        from portal.search.meaning.onnx_graph import write_graph

        folder.mkdir(parents=True, exist_ok=True)
        write_graph(files, path)
    return path


def _session(graph: Path) -> "onnxruntime.InferenceSession":
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        os.fspath(graph), options, providers=["CPUExecutionProvider"]
    )
