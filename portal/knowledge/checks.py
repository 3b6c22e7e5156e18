"""What a version should be before readers see it: faults keep it from them, advice doesn't.

A fault is what a reader would stumble over: no summary, an image without words, a link into
nothing. Whether the title is a good one, or a sentence too long, the writer decides.
"""

from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser
from itertools import pairwise

from sqlalchemy.orm import Session

from portal import written
from portal.knowledge.article import ArticleType, Version
from portal.knowledge.links import dead_links, links_in
from portal.knowledge.readability import (
    HARD_ABOVE,
    HARD_BELOW,
    LIX_LANGUAGES,
    lix,
    longest_sentence,
    reading_ease,
)
from portal.languages import primary
from portal.locale import N_, ngettext
from portal.locale import gettext as _

LONGEST_GOOD_TITLE = 80
LONGEST_GOOD_SUMMARY = 300
MOST_WORDS, FEWEST_WORDS = 1_500, 15
LONGEST_GOOD_SENTENCE = 40
_ASKED = {ArticleType.HOW_TO, ArticleType.FAQ, ArticleType.PROBLEM}
_QUESTION_WORDS = """
how what why when where which who whose can could may must do does is are will should
"""
_VERBS = """
accept activate add adjust allow answer apply ask assign attach avoid back block book build buy call
cancel change check choose clean clear close collect compare configure connect contact copy create
customise customize deactivate delete deploy disable disconnect download edit enable enter escalate
exclude exit export extend filter find finish fix follow forward get give go grant handle hide
identify import improve increase insert install integrate invite join keep learn leave limit link
list load lock log look make manage map mark measure merge migrate mirror monitor move mute open
order organise organize pair park pause pay pick place plan play prepare print protect publish put
reach read rebuild receive reconnect record recover reduce refresh register reinstall remove rename
renew reopen repair replace reply report request reset resize resolve restart restore restrict
retire review revoke roll rotate run save schedule search secure select send set share show sign
simplify solve sort split start stop store submit subscribe switch sync take talk tell test track
train transfer troubleshoot turn undo uninstall unlock unmute unsubscribe update upgrade upload use
validate verify view watch work write
"""
_GERMAN_QUESTION_WORDS = """
wie was warum weshalb wieso wann wo woher wohin welche welcher welches welchen wer wem wen wozu
womit wofür wodurch kann können darf dürfen muss müssen soll sollte ist sind wird werden
"""
_QUESTIONS, _TASKS = frozenset(_QUESTION_WORDS.split()), frozenset(_VERBS.split())
_GERMAN_QUESTIONS = frozenset(_GERMAN_QUESTION_WORDS.split())


class Weight(StrEnum):
    """Whether a finding keeps the version from readers."""

    FAULT = "fault"
    ADVICE = "advice"


@dataclass(frozen=True)
class Finding:
    """Something to do before publishing; `field` is where, by the form's name."""

    weight: Weight
    field: str
    message: str

    @property
    def is_fault(self) -> bool:
        return self.weight is Weight.FAULT


@dataclass(frozen=True)
class Draft:
    """What is checked: words, and what was rendered of them. `language` is the tag of the words'
    language; what depends on one is only checked in those that are known here.
    """

    title: str
    summary: str
    html: str
    text: str
    headings: tuple[int, ...]
    type: ArticleType
    language: str = "en"


class NotReadyError(Exception):
    """The version has faults that readers would stumble over."""

    def __init__(self, faults: list[Finding]) -> None:
        super().__init__(" ".join(one.message for one in faults))
        self.faults = faults


def draft_of(version: Version, type_: ArticleType, language: str = "en") -> Draft:
    """A saved version, as it is checked."""
    levels = tuple(int(entry["level"]) for entry in version.contents)
    words = version.title, version.summary, version.html, version.text
    return Draft(*words, levels, type_, language)


def check(db: Session, draft: Draft) -> list[Finding]:
    """Everything there is to say of a text, faults first."""
    found = [*_title(draft), *_summary(draft), *_images(draft), *_links(db, draft)]
    found += [*_headings(draft), *_length(draft), *_sentences(draft)]
    return sorted(found, key=lambda one: not one.is_fault)


def refuse_faults(db: Session, version: Version, type_: ArticleType) -> None:
    """Raise NotReadyError when readers would stumble over something in this version."""
    faults = [one for one in check(db, draft_of(version, type_)) if one.is_fault]
    if faults:
        raise NotReadyError(faults)


def is_question_or_task(title: str, language: str = "en") -> bool:
    """Whether a title is what somebody asks or wants to do; where that can't be told in its
    language, it is taken for one.
    """
    words = [word.strip("“”„\"'’.,:;!?") for word in title.split()] or [""]
    spoken = primary(language)
    if title.rstrip().endswith("?") or spoken not in {"en", "de"}:
        return True
    first, last = words[0].lower(), words[-1]
    if spoken == "de":
        return first in _GERMAN_QUESTIONS or _is_german_infinitive(last)
    return first in _QUESTIONS or first in _TASKS or (first.endswith("ing") and len(words) > 1)


def _is_german_infinitive(word: str) -> bool:
    """ "zurücksetzen" at the end of "Passwort zurücksetzen"; nouns begin with a capital."""
    return word.islower() and word.endswith("n")


def _title(draft: Draft) -> list[Finding]:
    found = []
    if draft.type in _ASKED and not is_question_or_task(draft.title, draft.language):
        said = _("Make the title the reader’s question or task, like “How do I reset a handset?”.")
        found.append(_advice("title", said))
    if len(draft.title) > LONGEST_GOOD_TITLE:
        said = _(
            "Shorten the title to %(most)s characters: lists cut it off.", most=LONGEST_GOOD_TITLE
        )
        found.append(_advice("title", said))
    return found


def _summary(draft: Draft) -> list[Finding]:
    if not draft.summary:
        return [_fault("summary", _("Write a summary: it stands in lists and search results."))]
    if len(draft.summary) > LONGEST_GOOD_SUMMARY:
        return [_advice("summary", _("Shorten the summary to one or two sentences."))]
    return []


def _images(draft: Draft) -> list[Finding]:
    shown = _Shown(draft.html)
    found = []
    if shown.without_words:
        count = shown.without_words
        said = ngettext(
            "One image has no words for those who can’t see it: ![What it shows](file.png).",
            "%(number)s images have no words for those who can’t see it: "
            "![What it shows](file.png).",
            count,
        )
        found.append(_fault("body", said))
    for alt in shown.missing:
        if alt.strip():
            said = _("The image “%(alt)s” isn’t there: add it, or take it out.", alt=alt)
        else:
            said = _("An image isn’t there: add it, or take it out.")
        found.append(_fault("body", said))
    return found


def _links(db: Session, draft: Draft) -> list[Finding]:
    return [
        _fault(
            "body",
            _("The link to “%(slug)s” leads nowhere: no reader finds an article there.", slug=slug),
        )
        for slug in dead_links(db, links_in(draft.html))
    ]


def _headings(draft: Draft) -> list[Finding]:
    levels = (1, *draft.headings)
    for before, after in pairwise(levels):
        if after > before + 1:
            said = _(
                "A heading of level %(after)s follows one of level %(before)s: leave no level out.",
                after=after,
                before=before,
            )
            return [_advice("body", said)]
    return []


def _length(draft: Draft) -> list[Finding]:
    count = len(draft.text.split())
    if count > MOST_WORDS:
        said = _(
            "%(count)s words are long for one answer: split it, if you can.",
            count=written.number(count),
        )
        return [_advice("body", said)]
    if count < FEWEST_WORDS:
        said = _("The text is very short: does it answer the whole question?")
        return [_advice("body", said)]
    return []


def _sentences(draft: Draft) -> list[Finding]:
    found = [_advice("body", said) for said in _difficulty(draft)]
    sentence = longest_sentence(draft.text)
    if len(sentence.split()) > LONGEST_GOOD_SENTENCE:
        beginning = " ".join(sentence.split()[:8])
        said = _(
            "A sentence has %(count)s words: “%(beginning)s …”. Make two of it.",
            count=len(sentence.split()),
            beginning=beginning,
        )
        found.append(_advice("body", said))
    return found


def _difficulty(draft: Draft) -> list[str]:
    """What the measure of the text's language says, where there is one and it is too much."""
    spoken = primary(draft.language)
    ease = reading_ease(draft.text) if spoken == "en" else None
    if ease is not None and ease < HARD_BELOW:
        words = N_("Hard to read (reading ease %(ease)s of 100): use shorter sentences and words.")
        return [_(words, ease=round(ease))]
    index = lix(draft.text) if spoken in LIX_LANGUAGES else None
    if index is not None and index > HARD_ABOVE:
        words = N_(
            "Hard to read (LIX %(lix)s, more than %(most)s): use shorter sentences and words."
        )
        return [_(words, lix=round(index), most=round(HARD_ABOVE))]
    return []


def _fault(field: str, message: str) -> Finding:
    return Finding(Weight.FAULT, field, message)


def _advice(field: str, message: str) -> Finding:
    return Finding(Weight.ADVICE, field, message)


class _Shown(HTMLParser):
    """Counts images without words, and remembers those that nobody stored."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.without_words = 0
        self.missing: list[str] = []
        self._is_missing = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "img" and not (said.get("alt") or "").strip():
            self.without_words += 1
        if tag == "span" and said.get("class") == "missing-image":
            self._is_missing = True
            self.missing.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self._is_missing = False

    def handle_data(self, data: str) -> None:
        if self._is_missing:
            self.missing[-1] += data
