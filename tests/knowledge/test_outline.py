"""What is read back from clean HTML is what an HTML parser would read."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from portal.knowledge.cleaning import clean
from portal.knowledge.outline import outline_of


class _Parser(HTMLParser):
    """The text and the section headings, by a full parser."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.headings: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"h2", "h3", "h4"} and given.get("id"):
            self.headings.append(str(given["id"]))
        if tag == "img" and given.get("alt"):
            self.said.append(str(given["alt"]))

    def handle_data(self, data: str) -> None:
        self.said.append(data)


pieces = st.sampled_from(
    ["<p>", "</p>", "<b>", "a < b", "&lt;p&gt;", "&amp;lt;", '<img alt="x > y &quot;" src="/a">',
     '<h2 id="section-a">', "</h2>", '<h3 id="b&quot;>">', "</h3>", "<br>", "<script>", "<!-- -->",
     '<a href="/x" title="<p>">', "</a>", "text ", "\u00a0", "<td>", '<code class="k">']
)  # fmt: skip


@given(st.lists(pieces, max_size=30).map("".join))
def test_it_reads_what_a_parser_reads(html: str) -> None:
    cleaned = clean(html)
    outline, parsed = outline_of(cleaned), _Parser(cleaned)
    assert "".join(outline.text.split()) == "".join("".join(parsed.said).split())
    assert {one["id"] for one in outline.contents} <= set(parsed.headings)


def test_the_sign_of_a_heading_is_no_word_of_it() -> None:
    html = '<h2 id="section-a">A <b>b</b><a class="headerlink" href="#section-a">#</a></h2><p>C</p>'
    outline = outline_of(html)
    assert outline.contents == [{"id": "section-a", "title": "A b", "level": 2}]
    assert outline.text == "A b\nC"
