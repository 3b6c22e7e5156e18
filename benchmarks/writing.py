"""How long the editor's own work takes: two versions compared word by word, two writers' texts
brought together, and the preview of a text by the pipeline that serves it, but not by the web
server in front of it; waited for, and in processor time.

    python -m benchmarks.writing
"""

import random
import time
from collections.abc import Callable
from statistics import quantiles

from portal.knowledge.differences import compare
from portal.knowledge.merging import merge
from portal.knowledge.rendering import render
from portal.knowledge.rendering_core import convert

SIZE = 100_000
PREVIEW_SIZE = 30_000
DIFF_GOAL_SECONDS, PREVIEW_GOAL_SECONDS = 1.0, 0.150
PREVIEWS = 40


def main() -> None:
    texts = _texts()
    print(f"Two versions of {SIZE // 1000} KB each (goal {DIFF_GOAL_SECONDS:.1f} s)")
    for name, (before, after) in texts.items():
        waited = _waited(lambda b=before, a=after: compare(b, a))  # type: ignore[misc]
        seconds = _taken(lambda b=before, a=after: compare(b, a))  # type: ignore[misc]
        both = _taken(lambda b=before, a=after: merge(b, a, f"{b}\nEnd.\n"))  # type: ignore[misc]
        print(
            f"  {name:32} until it is there {waited:.3f} s   "
            f"processor: compared {seconds:.3f} s, merged {both:.3f} s"
        )
    bodies = [_article(PREVIEW_SIZE, number) for number in range(PREVIEWS)]
    until = [_waited(lambda b=body: render(b)) for body in bodies]  # type: ignore[misc]
    worked = [_taken(lambda b=body: convert(b, {})) for body in bodies]  # type: ignore[misc]
    print(f"Preview of {PREVIEW_SIZE // 1000} KB, p95 (goal {PREVIEW_GOAL_SECONDS} s)")
    print(f"  until it is there                {_p95(until):.3f} s")
    print(f"  processor time                   {_p95(worked):.3f} s")


def _texts() -> dict[str, tuple[str, str]]:
    text, other = _article(SIZE, 1), _article(SIZE, 2)
    flat = text.replace("\n", " ")
    words = flat.split(" ")
    return {
        "one word in twenty changed": (text, _changed(text)),
        "nothing in common": (text, other),
        "one line, a word in twenty": (flat, _changed(flat)),
        "all words shuffled": (flat, " ".join(random.Random(3).sample(words, len(words)))),
        "two words in disorder": (_noise(4), _noise(5)),
        "the same line again and again": ("a\n" * (SIZE // 2), "a\n" * (SIZE // 2 - 500)),
    }


def _article(size: int, seed: int) -> str:
    """Headings, paragraphs, steps, tables and code, as writers use them."""
    chance, words = random.Random(seed), [f"word{number}" for number in range(3_000)]

    def say(count: int) -> str:
        return " ".join(chance.choice(words) for _ in range(count))

    parts: list[str] = []
    while sum(map(len, parts)) < size:
        parts += [
            f"## {say(5)}\n",
            f"{say(60)} **{say(2)}** [{say(3)}](other-article) `{say(1)}`.\n",
            "\n".join(f"{n}. {say(12)}" for n in range(1, 6)) + "\n",
            f"| {say(2)} | {say(2)} |\n|---|---|\n| {say(4)} | {say(4)} |\n",
            f'!!! note "{say(2)}"\n    {say(20)}\n',
            f"```bash\n{say(8)}\n```\n",
        ]
    return "\n".join(parts)[:size]


def _changed(text: str) -> str:
    chance = random.Random(7)
    words = text.split(" ")
    return " ".join("changed" if chance.random() < 0.05 else word for word in words)


def _noise(seed: int) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choice("ab") for _ in range(SIZE // 2))


def _p95(seconds: list[float]) -> float:
    """Without the first, which starts what is needed."""
    return quantiles(seconds[1:], n=20)[-1]


def _waited(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _taken(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    main()
