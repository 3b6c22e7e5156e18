"""The sentence model, in NumPy and on onnxruntime: the same answer, for any text."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.search.meaning.encoder import Encoder
from portal.search.meaning.numpy_encoder import NumpyEncoder
from portal.search.meaning.onnx_encoder import OnnxEncoder
from portal.search.meaning.opening import open_encoder
from portal.search.meaning.weights import ModelFiles, ModelUnavailableError, model_files
from portal.search.meaning.word_pieces import WordPieces
from tests.search.meaning.models import DIMENSIONS, VOCABULARY, write_model


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    return write_model(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture(scope="module")
def plain(files: ModelFiles) -> Encoder:
    return NumpyEncoder(files)


@pytest.fixture(scope="module")
def quick(files: ModelFiles, tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return OnnxEncoder(files, tmp_path_factory.mktemp("graph"))


def pieces(files: ModelFiles, text: str) -> list[str]:
    return [VOCABULARY[one] for one in WordPieces(files.vocabulary).ids(text, most=64)]


def test_a_word_is_cut_into_the_longest_pieces_known(files: ModelFiles) -> None:
    assert pieces(files, "Password") == ["[CLS]", "pass", "##word", "[SEP]"]


def test_accents_capitals_and_gaps_make_no_difference(files: ModelFiles) -> None:
    assert pieces(files, " RÉSET\t") == pieces(files, "reset") == ["[CLS]", "reset", "[SEP]"]


def test_marks_and_chinese_signs_stand_alone(files: ModelFiles) -> None:
    assert pieces(files, "a.日b") == ["[CLS]", "a", ".", "日", "b", "[SEP]"]


def test_a_word_with_an_unknown_part_is_unknown(files: ModelFiles) -> None:
    assert pieces(files, "aя") == ["[CLS]", "[UNK]", "[SEP]"]


def test_both_ways_to_run_the_model_agree(plain: Encoder, quick: Encoder) -> None:
    texts = ["reset password", "what is this? it is a test.", "", "日" * 300, "я" * 50]
    cosines = np.sum(plain.encode(texts) * quick.encode(texts), axis=1)
    assert cosines.min() > 0.97


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=400))
def test_any_text_has_a_vector_of_unit_length(plain: Encoder, quick: Encoder, text: str) -> None:
    for encoder in (plain, quick):
        (vector,) = encoder.encode([text])
        assert vector.shape == (DIMENSIONS,)
        assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-3)


def test_a_huge_text_costs_no_more_than_a_long_one(plain: Encoder) -> None:
    assert np.allclose(plain.encode(["a " * 500_000]), plain.encode(["a " * 500]))


def test_no_texts_have_no_vectors(plain: Encoder, quick: Encoder) -> None:
    assert plain.encode([]).shape == quick.encode([]).shape == (0, DIMENSIONS)


def test_weights_that_are_not_the_meant_ones_are_refused(files: ModelFiles, tmp_path: Path) -> None:
    other = ModelFiles(files.folder, "0" * 64, "")
    with pytest.raises(ModelUnavailableError, match="has the SHA-256"):
        open_encoder(other, tmp_path)


def test_weights_that_are_missing_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailableError, match=r"model\.safetensors can't be read"):
        open_encoder(ModelFiles(tmp_path / "nowhere", "0" * 64, ""), tmp_path)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("model.safetensors", b"\x00" * 4),
        ("model.safetensors", b"\xff" * 64),
        ("model.safetensors", b"\x02\x00\x00\x00\x00\x00\x00\x00{}"),
        ("config.json", b"{}"),
        ("config.json", json.dumps({"model_type": "gpt2", "hidden_act": "gelu"}).encode()),
        ("vocab.txt", b"only\nthese"),
    ],
)
def test_a_broken_model_is_refused_in_words(tmp_path: Path, file: str, content: bytes) -> None:
    files = write_model(tmp_path / "broken")
    (files.folder / file).write_bytes(content)
    with pytest.raises(ModelUnavailableError):
        NumpyEncoder(files)


def test_the_pinned_model_reads_paraphrases_as_near(tmp_path: Path) -> None:
    encoder = open_encoder(model_files(), tmp_path)
    asked, same, other = encoder.encode(
        ["How do I reset my password?", "I forgot how to sign in", "Which backups are made?"]
    )
    assert asked @ same > 0.4 > asked @ other


def test_the_pinned_model_in_numpy_is_the_one_that_was_published() -> None:
    """Cosines of the published model (sentence-transformers/all-MiniLM-L6-v2), to four digits."""
    asked, same = NumpyEncoder(model_files()).encode(
        ["How do I reset my password?", "I forgot my password and can't sign in"]
    )
    assert float(asked @ same) == pytest.approx(0.7956, abs=2e-4)
