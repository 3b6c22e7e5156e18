"""What can be measured: python -m benchmarks."""

MEASURES = {
    "python -m benchmarks.serving CORPUS": "pages, search, cases and the memory of a web process",
    "python -m benchmarks.search CORPUS": "each search engine: speed, rebuilding, publishing",
    "python -m benchmarks.finding CORPUS": "search in a served portal: HTTP, memory, four writers",
    "python -m benchmarks.importing CORPUS": "a library from files to searchable, and again",
    "python -m benchmarks.live": "1,000 open case pages that look for news",
    "python -m benchmarks.mail": "10,000 notices out, mails in, hostile ones too",
    "python -m benchmarks.meaning JSONL": "search by meaning beside words alone",
    "python -m benchmarks.learning COLLECTION": "what votes and clicks are worth",
    "python -m benchmarks.deflection COLLECTION": "right and wrong answers before a case",
    "python -m benchmarks.desk": "the desk's pages at 1,000 and 50,000 cases, both databases",
    "python -m benchmarks.writing": "two versions compared, two texts merged, a preview",
    "python -m benchmarks.policy": "how long the promise clock takes",
}


def main() -> None:
    for command, measured in MEASURES.items():
        print(f"{command:44}{measured}")


if __name__ == "__main__":
    main()
