"""The library as search holds it in memory: one shelf for each language.

How rare a word is, how it is misspelt and what it begins are matters of one language; a library in
one language has one shelf.
"""

from collections.abc import Iterable, Sequence

from portal.search.grammar import grammar_of
from portal.search.shelf import Record, Shelf


class Shelves(dict[str, Shelf]):
    """The shelves by language, an empty one where there is nothing, and where each article is."""

    def __init__(self) -> None:
        super().__init__()
        self._languages: dict[int, str] = {}

    def __missing__(self, language: str) -> Shelf:
        shelf = self[language] = Shelf(grammar_of(language))
        return shelf

    def languages(self) -> tuple[str, ...]:
        """The languages in which there is something."""
        return tuple(tag for tag, shelf in self.items() if shelf.entries)

    def changed_by(self, records: Sequence[Record]) -> "Shelves":
        """Others, as these will be after these records; these stay as they are."""
        other = Shelves()
        other._languages = dict(self._languages)
        changed: dict[str, list[Record]] = {language: [] for language in self}
        for record in records:
            for language in {self._languages.get(record[0]), record[-1]} & {*self, record[-1]}:
                is_there = len(record) > 1 and record[-1] == language
                changed.setdefault(language, []).append(record if is_there else [record[0]])
        for language, those in changed.items():
            other[language] = self[language].changed_by(those)
        return other

    def apply(self, records: Iterable[Record]) -> None:
        """Put each record in, in place of what was known of its article; one of length 1 goes."""
        for record in records:
            article_id = record[0]
            before = self._languages.pop(article_id, None)
            language = record[-1] if len(record) > 1 else None
            if before is not None and before != language:
                self[before].apply([[article_id]])
            if language is not None:
                self._languages[article_id] = language
                self[language].apply([record])
        for shelf in self.values():
            shelf.forget_forms()
