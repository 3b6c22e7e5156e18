"""The model as an ONNX graph with eight-bit weights, made once from the very weights that NumPy
reads: a third of the time, a quarter of the memory.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from portal.search.meaning.weights import ModelFiles, Shape, read_shape, read_tensors

_OPSET = 20
_STEPS = 127
_SMALL_BYTES = 1_024


def write_graph(files: ModelFiles, target: Path) -> None:
    """Write the graph to `target` in one step: it is whole, or not there. Its weights lie beside
    it, so that all processes map the same pages of memory.
    """
    graph = _Graph(read_shape(files))
    for name, tensor in read_tensors(files).items():
        graph.tensors[name] = np.asarray(tensor)
    model = graph.built()
    weights = target.with_suffix(".weights")
    with TemporaryDirectory(dir=target.parent, prefix="graph-") as name:
        fresh = Path(name) / target.name
        onnx.save_model(
            model,
            fresh,
            save_as_external_data=True,
            location=weights.name,
            size_threshold=_SMALL_BYTES,
        )
        (fresh.parent / weights.name).replace(weights)
        fresh.replace(target)


class _Graph:
    """Nodes in the order they are run; each method returns the name of what it makes."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self.tensors: dict[str, NDArray[np.float32]] = {}
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def built(self) -> onnx.ModelProto:
        """A graph from the numbers of a text's pieces to its vector."""
        state = self._embedded()
        for number in range(self._shape.layers):
            state = self._layer(state, f"encoder.layer.{number}.")
        mean = self._node("ReduceMean", state, self._integers("first", [0]), keepdims=1)
        self._node("LpNormalization", mean, axis=1, p=2, into="vector")
        graph = helper.make_graph(
            self._nodes,
            "sentence",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, ["pieces"])],
            [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, "dimensions"])],
            list(self._constants.values()),
        )
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=9
        )

    def _embedded(self) -> str:
        words = self._words()
        places = self._floats("embeddings.position_embeddings.weight")
        count = self._node("Shape", "ids")
        used = self._node("Slice", places, self._integers("zero", [0]), count)
        kind = self._constant("kind", self.tensors["embeddings.token_type_embeddings.weight"][0])
        summed = self._node("Add", self._node("Add", words, used), kind)
        return self._normed(summed, "embeddings.LayerNorm")

    def _words(self) -> str:
        """The pieces' own vectors, each row of the table in eight bits with a step of its own."""
        table = self.tensors["embeddings.word_embeddings.weight"]
        steps = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-9) / _STEPS
        rounded = np.round(table / steps).astype(np.int8)
        rows = self._node("Gather", self._constant("words.eight", rounded), "ids")
        scale = self._node("Gather", self._constant("words.steps", steps.astype(np.float32)), "ids")
        return self._node("Mul", self._node("Cast", rows, to=TensorProto.FLOAT), scale)

    def _layer(self, state: str, prefix: str) -> str:
        mixed = self._attention(state, prefix)
        state = self._normed(self._node("Add", state, mixed), f"{prefix}attention.output.LayerNorm")
        inner = self._node("Gelu", self._linear(state, f"{prefix}intermediate.dense"))
        out = self._linear(inner, f"{prefix}output.dense")
        return self._normed(self._node("Add", state, out), f"{prefix}output.LayerNorm")

    def _attention(self, state: str, prefix: str) -> str:
        heads = self._shape.heads
        width = self._shape.dimensions // heads
        apart = self._integers("apart", [0, heads, width])
        query, key, value = (
            self._node("Reshape", self._linear(state, f"{prefix}attention.self.{part}"), apart)
            for part in ("query", "key", "value")
        )
        query = self._node("Transpose", query, perm=[1, 0, 2])
        key = self._node("Transpose", key, perm=[1, 2, 0])
        value = self._node("Transpose", value, perm=[1, 0, 2])
        scale = self._constant("scale", np.float32(1 / np.sqrt(width)))
        weights = self._node("Mul", self._node("MatMul", query, key), scale)
        shares = self._node("Softmax", weights, axis=-1)
        mixed = self._node("Transpose", self._node("MatMul", shares, value), perm=[1, 0, 2])
        together = self._integers("together", [0, self._shape.dimensions])
        return self._linear(
            self._node("Reshape", mixed, together), f"{prefix}attention.output.dense"
        )

    def _linear(self, state: str, name: str) -> str:
        """state @ weight.T + bias in eight bits: each column has its own step, each state one."""
        weight = self.tensors[f"{name}.weight"].T
        steps = np.maximum(np.abs(weight).max(axis=0), 1e-9) / _STEPS
        rounded = np.clip(np.round(weight / steps), -_STEPS, _STEPS).astype(np.int8)
        eight = self._constant(f"{name}.eight", np.ascontiguousarray(rounded))
        zeros = self._constant(f"{name}.zeros", np.zeros(rounded.shape[1], np.int8))
        small, step, zero = (f"{name}.{part}" for part in ("small", "step", "zero"))
        self._nodes.append(helper.make_node("DynamicQuantizeLinear", [state], [small, step, zero]))
        whole = self._node("MatMulInteger", small, eight, zero, zeros)
        scale = self._node("Mul", step, self._constant(f"{name}.steps", steps.astype(np.float32)))
        product = self._node("Mul", self._node("Cast", whole, to=TensorProto.FLOAT), scale)
        return self._node("Add", product, self._floats(f"{name}.bias"))

    def _normed(self, state: str, name: str) -> str:
        scale, shift = self._floats(f"{name}.weight"), self._floats(f"{name}.bias")
        return self._node(
            "LayerNormalization", state, scale, shift, axis=-1, epsilon=self._shape.epsilon
        )

    def _node(self, kind: str, *given: str, into: str = "", **options: Any) -> str:
        made = into or f"{kind}.{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(given), [made], **options))
        return made

    def _floats(self, name: str) -> str:
        return self._constant(name, self.tensors[name])

    def _integers(self, name: str, values: list[int]) -> str:
        return self._constant(name, np.array(values, np.int64))

    def _constant(self, name: str, value: object) -> str:
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.asarray(value), name)
        return name
