"""The process that turns a page of HTML into Markdown: four seconds and 256 MB for each."""

import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from portal.confined import Answer, work

MEMORY_BYTES = 256 * 1024 * 1024
SECONDS = 4.0
_NO_TEXT = ("script", "style", "template", "noscript", "iframe", "svg", "form", "button")
_AROUND = ("nav", "header", "footer", "aside")
_MAIN = ("main", "[role=main]", "article", "#content", ".content", "body")
_LANGUAGE = re.compile(r"(?:language|lang|highlight-source|brush:)[-_ ]?([a-z0-9+#]+)", re.I)


def _answer(request: dict[str, Any]) -> Answer:
    soup = BeautifulSoup(request["html"], "html.parser")
    head = {
        "title": _text(soup.select_one("h1")) or _text(soup.title),
        **{name: _meta(soup, name) for name in ("description", "keywords", "author")},
    }
    body = _main(soup, request["main"])
    for one in body.find_all(_NO_TEXT):
        one.decompose()
    if request["is_page"]:
        for one in body.find_all(_AROUND):
            one.decompose()
    converter = MarkdownConverter(
        heading_style="ATX", bullets="-", code_language_callback=_language, escape_misc=False
    )
    said = re.sub(r"\n{3,}", "\n\n", converter.convert_soup(body)).strip()
    return {"head": head, "body": f"{said}\n"}


def _main(soup: BeautifulSoup, wanted: str) -> Tag:
    selectors = (wanted, *_MAIN) if wanted else _MAIN
    return next((one for name in selectors if (one := soup.select_one(name))), soup)


def _text(tag: Tag | None) -> str:
    return " ".join(tag.get_text(" ").split())[:400] if tag else ""


def _meta(soup: BeautifulSoup, name: str) -> str:
    tag = soup.find("meta", attrs={"name": name})
    return str(tag.get("content") or "")[:2_000] if isinstance(tag, Tag) else ""


def _language(block: Tag) -> str:
    inner = block.find("code")
    tags = [block, *([inner] if isinstance(inner, Tag) else [])]
    classes = " ".join(str(name) for tag in tags for name in (tag.get("class") or []))
    found = _LANGUAGE.search(classes)
    return found[1] if found else ""


if __name__ == "__main__":
    work(_answer, seconds=SECONDS, memory_bytes=MEMORY_BYTES)
