"""Which model an installation uses, and where its vectors lie."""

from pathlib import Path

from portal.search.meaning.encoder import Encoder
from portal.search.meaning.folder import MeaningFolder
from portal.search.meaning.meanings import Meanings
from portal.search.meaning.thinking import Mind, Thinking
from portal.search.meaning.weights import ModelFiles, ModelUnavailableError, model_files
from portal.settings import Settings


def open_thinking(settings: Settings, *, waits: bool = False) -> Thinking:
    """Meaning for this installation; the model is opened beside the caller unless it waits."""
    return Thinking(lambda: open_mind(settings), waits=waits)


def open_mind(settings: Settings) -> Mind:
    """Raises ModelUnavailableError when the model can't be used."""
    encoder = open_encoder(files_of(settings), settings.meaning_folder)
    return Mind(encoder, open_meanings(settings, encoder))


def files_of(settings: Settings) -> ModelFiles:
    """The files of the model that the settings name."""
    return model_files(settings.search_model, settings.search_model_sha256)


def open_encoder(files: ModelFiles, folder: Path) -> Encoder:
    """On onnxruntime where it is installed, else in NumPy; the weights are checked first."""
    files.must_be_meant()
    try:
        from portal.search.meaning.onnx_encoder import OnnxEncoder
    except ImportError:
        from portal.search.meaning.numpy_encoder import NumpyEncoder

        return NumpyEncoder(files)
    return OnnxEncoder(files, folder)


def open_meanings(settings: Settings, encoder: Encoder) -> Meanings:
    """Beside the index: in the home folder, or in the PostgreSQL that several machines share."""
    if settings.search_engine == "postgres":
        from portal.search.meaning.table import open_table

        return open_table(settings.database_url, encoder.name, encoder.dimensions)
    return MeaningFolder(settings.meaning_folder, encoder.name, encoder.dimensions)


__all__ = ["ModelUnavailableError", "files_of", "open_encoder", "open_mind", "open_thinking"]
