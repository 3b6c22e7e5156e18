"""The work list names what nobody began to translate and what is out of date, and lets go of it."""

from portal.database import Database
from portal.insight.translation_findings import translated_by_now, translations_due
from portal.insight.work_item import WorkItem, WorkList
from portal.knowledge import translating
from portal.knowledge.publishing import publish
from portal.knowledge.versioning import save_version
from portal.knowledge.words import Words
from tests.knowledge.shelves import AT
from tests.knowledge.test_translations import translated
from tests.search.library import article


def test_missing_and_outdated_translations_are_found_and_settled(database: Database) -> None:
    with database.writing() as db:
        reset = article(db, "Reset a password")
        german = translated(db, reset, "de", "Zurücksetzen")
        assert list(translations_due(db, ("en", "de"), now=AT)) == []
        assert list(translations_due(db, ("en",), now=AT)) == []
        (missing,) = translations_due(db, ("en", "de", "ar"), now=AT)
        assert (missing.article_id, *map(str, missing.notes)) == (reset.id, "Missing: العربية")
        item = WorkItem(kind=WorkList.TRANSLATION, article_id=reset.id, words=list(missing.words))
        assert translated_by_now(db, item) is None
        translating.add_translation(db, original=reset, language="ar", first="en", by=None, now=AT)
        assert str(translated_by_now(db, item)) == "Translated"
        save_version(db, article=reset, words=Words("Reset it", "New."), by=None, now=AT)
        publish(db, article=reset, by=None, now=AT)
        (old,) = translations_due(db, ("en", "de", "ar"), now=AT)
        assert (old.article_id, *map(str, old.notes)) == (german.id, "The original is newer")
        due = WorkItem(kind=WorkList.TRANSLATION, article_id=german.id, words=[])
        assert translated_by_now(db, due) is None
        translating.bring_up_to_date(db, article=german, by=None, now=AT)
        assert str(translated_by_now(db, due)) == "Up to date with its original"
