"""An article as a file: its Markdown with the head that readers of the page could know anyway.

The owner and other organisations' names are left out.
"""

from portal.knowledge.article import Article, Audience
from portal.knowledge.front_matter import ArticleFile, dump
from portal.knowledge.reader import Reader


def source_of(article: Article, *, reader: Reader, original: str | None) -> str:
    """The published version's source for this reader; `original` is the address of the article that
    it translates, if they may read that.
    """
    version = article.published
    assert version is not None
    return dump(
        ArticleFile(
            title=version.title,
            audience=article.audience,
            status=article.status,
            body=version.body,
            summary=version.summary,
            category=article.category.slug,
            type=article.type,
            applies_to=tuple(version.applies_to),
            organisations=_organisations(article, reader),
            search_words=tuple(version.search_words),
            verified_on=article.verified_on,
            language=article.language,
            translation_of=original,
            outdated=article.is_outdated,
        )
    )


def _organisations(article: Article, reader: Reader) -> tuple[str, ...]:
    if article.audience is not Audience.ORGANISATIONS:
        return ()
    is_staff = reader.kind == "staff"
    shown = [o for o in article.organisations if is_staff or o.id == reader.organisation_id]
    return tuple(sorted(organisation.slug for organisation in shown))
