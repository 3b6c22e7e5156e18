"""Small folders as other tools keep them, for tests."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal.database import Database
from portal.files import FileStore
from portal.knowledge.article import Article, OldSlug
from portal.knowledge.foreign.kinds import reading_by
from portal.knowledge.foreign.mapping import load
from portal.knowledge.library import import_library
from portal.knowledge.library_outcome import Outcome
from tests.knowledge.shelves import AT, png

MKDOCS: dict[str, str | bytes] = {
    "mkdocs.yml": "site_name: X\n",
    "docs/index.md": "# Welcome\n\nGo to [install](guide/install.md#linux).\n",
    "docs/guide/install.md": "---\ndescription: How it gets in\ntags: [setup, linux]\nstatus: new\n"
    '---\n# Install it\n\n??? note "Before"\n    Have a disk.\n\n=== "Linux"\n\n    Run it.\n\n'
    "![The form](../img/form.png)\n\nBack [home](../index.md), or [gone](missing.md).\n",
    "docs/admin/install.md": "# Install for many\n\nText.\n",
    "docs/img/form.png": png(),
}
DOCUSAURUS: dict[str, str | bytes] = {
    "docs/01-start/_category_.json": json.dumps({"label": "Getting started", "position": 2}),
    "docs/01-start/02-intro.md": "---\n"
    "id: intro\ntitle: Introduction\nkeywords:\n  - begin\n---\n\n"
    "import Tabs from '@theme/Tabs';\n\n:::tip[Read this]\n\nIt is **short**.\n\n:::\n\n"
    "See [settings](/docs/start/settings) and ![logo](/img/logo.png).\n\n```js\n:::note\n```\n",
    "docs/01-start/03-settings.mdx": "---\n"
    "slug: /start/settings\ntitle: Settings\ndraft: true\n---\n"
    "Back to [intro](./02-intro.md).\n\n<Tabs>\n",
    "static/img/logo.png": png(40, 30),
}
JEKYLL: dict[str, str | bytes] = {
    "_posts/2024-03-01-how-to-pay.md": "---\ntitle: How to pay\ncategories: [Billing]\n"
    "redirect_from:\n  - /old/paying/\npublished: true\n---\n"
    "{% highlight ruby %}\nputs '{{ x }}'\n{% endhighlight %}\n\n"
    "See [refunds]({{ site.baseurl }}{% post_url 2024-03-02-refunds %}).\n{: .note}\n",
    "_posts/2024-03-02-refunds.md": "---\ntitle: Refunds\ncategories: [Billing]\npublished: false\n"
    "---\nText with {% include gone.html %}.\n",
    "_includes/gone.html": "no page",
}
GITHUB: dict[str, str | bytes] = {
    "content/repositories/index.md": "---\ntitle: Repositories\nintro: All of them\n---\nText.\n",
    "content/repositories/creating.md": "---\ntitle: Creating one\nintro: 'Make *it*'\n"
    "redirect_from: /articles/create-a-repo\nversions:\n  fpt: '*'\n---\n"
    "> [!WARNING]\n> It is public.\n> So think.\n\nSee [all](/repositories) or "
    "[all of them](/en/repositories).\n",
}
HUGO: dict[str, str | bytes] = {
    "content/guide/_index.md": '+++\ntitle = "Guide"\nweight = 3\n+++\nText.\n',
    "content/guide/first.md": '+++\ntitle = "First"\ndescription = "Short"\n'
    'date = 2024-05-01T10:00:00Z\ndraft = false\naliases = ["/old-first/"]\n+++\n'
    'See [second]({{< ref "second.md" >}}).\n\n'
    '{{< figure src="/images/pic.png" alt="A picture" >}}\n\n{{% notice warning %}}\nHot.\n'
    "{{% /notice %}}\n\n{{< youtube abc >}}\n",
    "content/guide/second.md": "---\ntitle: Second\n---\nText.\n",
    "static/images/pic.png": png(),
}
HTML: dict[str, str | bytes] = {
    "help/start.html": "<html><head><title>Start | X</title>"
    '<meta name="description" content="How to start"></head><body><nav>Menu</nav><main>'
    "<h1>Start here</h1><p>Do <b>this</b>, then <a href='next.html#b'>that</a>.</p>"
    "<pre><code class='language-sh'>run *it*</code></pre><img src='../img/a.png' alt='A'>"
    "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>"
    "<script>alert(1)</script></main></body></html>",
    "help/next.html": "<body><h1>Next</h1><p>Text</p></body>",
    "img/a.png": png(),
}
_ZENDESK = "https://x.zendesk.com/hc/en-us/articles/"
ZENDESK: dict[str, str | bytes] = {
    "articles.json": json.dumps(
        {
            "articles": [
                {
                    "id": 360001, "title": "How do I pay?", "section_id": 7, "draft": False,
                    "label_names": ["card", "invoice"], "user_segment_id": None,
                    "html_url": f"{_ZENDESK}360001-How-do-I-pay",
                    "body": "<h2>By card</h2><p>See <a href='/hc/en-us/articles/360002-Refunds'>"
                    "refunds</a>.</p><p><img src='https://x.zendesk.com/hc/article_attachments/9/"
                    "card.png' alt='A card'></p>",
                },
                {
                    "id": 360002, "title": "Refunds", "section_id": 7, "draft": True,
                    "user_segment_id": 55, "html_url": f"{_ZENDESK}360002-Refunds",
                    "body": f"<p>See <a href='{_ZENDESK}360001-How-do-I-pay'>paying</a>.</p>",
                },
            ]
        }
    ),
    "sections.json": json.dumps({"sections": [{"id": 7, "name": "Billing", "category_id": 3}]}),
    "categories.json": json.dumps(
        {"categories": [{"id": 3, "name": "Money", "description": "All", "position": 1}]}
    ),
    "attachments/card.png": png(),
}  # fmt: skip
FOLDERS = {
    "mkdocs": MKDOCS,
    "docusaurus": DOCUSAURUS,
    "jekyll": JEKYLL,
    "github-docs": GITHUB,
    "hugo": HUGO,
    "html": HTML,
    "zendesk": ZENDESK,
}


def bring_over(
    database: Database, folder: Path, preset: str | None, mapping: str | None = None
) -> Outcome:
    reading = reading_by(load(preset, mapping))
    found = reading.scan(folder)
    store = FileStore(folder.parent / "store")
    return import_library(database, store, found, reading=reading, now=AT)


def brought(database: Database) -> dict[str, dict[str, Any]]:
    """What readers and writers find, by slug."""
    with database.reading() as db:
        return {
            one.slug: {
                "title": one.versions[-1].title,
                "summary": one.versions[-1].summary,
                "words": one.versions[-1].search_words,
                "body": one.versions[-1].body,
                "html": one.versions[-1].html,
                "shelf": one.category.title,
                "status": one.status.value,
                "audience": one.audience.value,
                "verified": str(one.verified_on or ""),
                "images": [image.path for image in one.images],
                "aliases": list(
                    db.scalars(select(OldSlug.slug).where(OldSlug.article_id == one.id))
                ),
            }
            for one in db.scalars(select(Article))
        }
