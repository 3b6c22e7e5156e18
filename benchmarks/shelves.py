"""A portal's home with the demonstration's people and so many real articles.

The corpus is a folder, or a .tar.gz of one, of Markdown files with another publisher's front
matter: title and description are taken over, the body stays as it is.
"""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import yaml

PORTAL = str(Path(sys.executable).parent / "portal")


def run_portal(home: Path, *arguments: str) -> None:
    """Run the portal's own command on this home; its errors end the benchmark."""
    subprocess.run(
        [PORTAL, *arguments],
        check=False,
        env={**os.environ, "PORTAL_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def stocked_home(folder: Path, corpus: Path, count: int) -> Path:
    """A home in `folder` with `count` articles of the corpus, indexed."""
    home = folder / f"home-{count}"
    run_portal(home, "demo")
    run_portal(home, "library", "import", str(_converted(folder, corpus, count)))
    run_portal(home, "search", "rebuild")
    return home


def _converted(folder: Path, corpus: Path, count: int) -> Path:
    source = unpacked(folder, corpus)
    target = folder / f"articles-{count}"
    for path in sorted(source.rglob("*.md"))[:count]:
        inside = path.relative_to(source)
        shelf = inside.parts[0] if len(inside.parts) > 1 else "general"
        slug = "-".join(inside.with_suffix("").parts)
        article = target / shelf / f"{slug}.md"
        article.parent.mkdir(parents=True, exist_ok=True)
        article.write_text(_article(path.read_text(encoding="utf-8-sig"), slug), encoding="utf-8")
    return target


def unpacked(folder: Path, corpus: Path) -> Path:
    if corpus.is_dir():
        return corpus
    target = folder / "corpus"
    if not target.exists():
        with tarfile.open(corpus) as archive:
            archive.extractall(target, filter="data")
    return target / "articles"


def _article(text: str, slug: str) -> str:
    _, head, body = text.split("---\n", 2) if text.startswith("---\n") else ("", "", text)
    try:
        given = yaml.safe_load(head) or {}
    except yaml.YAMLError:
        given = {}
    said = {
        "title": str(given.get("title") or slug)[:200],
        "summary": str(given.get("description") or "")[:500],
        "type": "reference",
        "audience": "public",
        "status": "published",
    }
    return f"---\n{yaml.safe_dump(said, allow_unicode=True, width=1000)}---\n\n{body}"
