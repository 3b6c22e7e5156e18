"""What an article's page says of its other languages: where they are, and which is newer."""

from dataclasses import dataclass

from portal.knowledge.article import Article
from portal.knowledge.queries import readable_articles
from portal.knowledge.translations import readable_versions
from portal.web.identity import reader
from portal.web.languages import has_choice, reading_languages, tag_of
from portal.web.transaction import db


@dataclass(frozen=True)
class Translations:
    """`all` are this article and the same in other languages, as far as the reader may read them.

    `missing` is the language that the reader wants and that there is none in; `newer` is the
    original when it has changed since it was translated.
    """

    all: list[Article]
    others: list[Article]
    missing: str = ""
    newer: Article | None = None


def translations_of(article: Article) -> Translations | None:
    """None where the library has one language and this is no translation."""
    if not has_choice() and article.translation_of_id is None:
        return None
    found = readable_versions(db(), article, reader=reader())
    others = [one for one in found if one.id != article.id]
    languages = reading_languages()
    wanted = languages.wanted if languages else ""
    has_wanted = wanted in {tag_of(one.language) for one in found}
    original = next((one for one in others if one.id == article.translation_of_id), None)
    return Translations(
        all=found if others else [],
        others=others,
        missing="" if has_wanted else wanted,
        newer=original if original and article.is_outdated else None,
    )


def original_address(article: Article) -> str | None:
    """The address of the article that this one translates, if the reader may read that."""
    if article.translation_of_id is None:
        return None
    found = readable_articles(db(), reader=reader(), ids=[article.translation_of_id])
    return found[0].slug if found else None
