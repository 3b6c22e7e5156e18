"""What meaning takes of one web process: `python -m benchmarks.meaning_process FOLDER`.

FOLDER has what benchmarks/meaning.py made: an index and the vectors of its articles. Prints how
many MB belong to this process alone, and how many it shares with the others, once some questions
were answered; both as growth over an index that answers by words.
"""

import sys
from pathlib import Path

from benchmarks.search import ANYONE
from portal.search.index import Query
from portal.search.tantivy_index import TantivyIndex

QUESTIONS = ("How do I read a file?", "Why is a symbol not found?", "Where is memory freed?") * 4


def main() -> None:
    folder = Path(sys.argv[1])
    index = TantivyIndex(folder / "index")
    answer(index)
    own, shared = memory("RssAnon"), memory("RssFile")
    think(index, folder)
    answer(index)
    print(
        f"{memory('RssAnon') - own:.0f} MB of its own, {memory('RssFile') - shared:.0f} MB shared"
    )


def answer(index: TantivyIndex) -> None:
    for question in QUESTIONS:
        index.search(Query(question, ANYONE))


def think(index: TantivyIndex, folder: Path) -> None:
    from portal.search.meaning.folder import MeaningFolder
    from portal.search.meaning.onnx_encoder import OnnxEncoder
    from portal.search.meaning.thinking import Mind, Thinking
    from portal.search.meaning.weights import model_files

    encoder = OnnxEncoder(model_files(), folder)
    mind = Mind(encoder, MeaningFolder(folder, encoder.name, encoder.dimensions))
    index.think(Thinking(lambda: mind, waits=True))


def memory(kind: str) -> float:
    """Memory of this process in MB: its own (RssAnon), or mapped from files (RssFile)."""
    said = Path("/proc/self/status").read_text(encoding="ascii")
    return int(said.partition(f"{kind}:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
