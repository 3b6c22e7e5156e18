"""The promise in German: nothing of it stays English, and it names the same moments."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.locale import speaking
from portal.policy.closures import in_words
from portal.policy.evaluation import Evaluation
from portal.policy.moments import clock_text, length_text, long_length_text, moment
from portal.policy.profiles import profile, profile_names
from portal.policy.spoken import within
from portal.policy.wording import PromiseWords, Sentence, promise_words
from tests.english import english_left, of_the_policy
from tests.policy.at_the_desk import BERLIN, PACIFIC, ask, local

FILED = ("2026-11-23 10:00", "2026-11-21 22:00", "2026-11-20 16:58", "2026-11-25 18:30")
LIVES: tuple[tuple[tuple[str, ...], ...], ...] = (
    (),
    (("pause", "2026-11-26 11:00"),),
    (("response", "2026-11-26 11:00"),),
    (("response", "2026-11-26 11:00"), ("resolve", "2026-11-27 09:00")),
    (("priority", "2026-11-26 11:00", "{least}"),),
)


def sentences(words: PromiseWords) -> Iterator[Sentence]:
    told = (words.headline, words.next_update, words.escalation, words.resolution)
    yield from filter(None, (*told, words.stopped, words.late))


def texts(words: PromiseWords) -> list[str]:
    said = [sentence.text for sentence in sentences(words)]
    return [*said, words.why, words.strength, words.measures, *words.would_change]


def lives(name: str) -> Iterator[Evaluation]:
    policy = profile(name)
    least = policy.priorities[-1].id
    for level in policy.priorities:
        for filed in FILED:
            for life in LIVES:
                events = [tuple(each.format(least=least) for each in event) for event in life]
                yield ask(name, level.id, filed, *events)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", profile_names())
def test_every_promise_is_german_and_names_the_same_moments(name: str) -> None:
    policy = profile(name)
    written = of_the_policy(policy)
    for evaluation in lives(name):
        for later in (timedelta(), timedelta(days=20)):
            now = evaluation.filing.opened_at + later
            english = promise_words(evaluation, now=now, reader_zone=BERLIN)
            with speaking("de"):
                german = promise_words(evaluation, now=now, reader_zone=BERLIN)
                ledger = [in_words(span.because) for span in evaluation.ledger]
            for text in (*texts(german), *ledger):
                assert not english_left(text, written), text
            assert [_instant(each) for each in sentences(german)] == [
                _instant(each) for each in sentences(english)
            ]
            for sentence in sentences(german):
                assert sentence.moment is None or sentence.moment.text in sentence.text


def _instant(sentence: Sentence) -> object:
    return sentence.moment.instant if sentence.moment else None


def test_a_promise_reads_well() -> None:
    evaluation = ask("communicado", "2", "2026-11-21 22:00")
    with speaking("de"):
        told = promise_words(evaluation, now=evaluation.filing.opened_at, reader_zone=BERLIN)
    assert told.headline.text == (
        "Sie erhalten eine Antwort bis Montag, 23. November 2026, 10:30 Uhr US-Westküstenzeit "
        "(19:30 Uhr in Berlin)."
    )
    assert told.why == (
        "Ihre Anfrage geht am Wochenende (Sa.) ein, deshalb läuft die Zeit ab Mo., 06:30 Uhr "
        "US-Westküstenzeit; Priorität 2 wird innerhalb von 4 Geschäftsstunden beantwortet."
    )


def test_moments_and_lengths_are_written_as_germans_do() -> None:
    policy = profile("communicado")
    at = local(policy, "2026-11-23 06:30")
    with speaking("de"):
        assert moment(at, PACIFIC, ZoneInfo("Europe/Vienna")).text == (
            "Montag, 23. November 2026, 06:30 Uhr US-Westküstenzeit (15:30 Uhr in Wien)"
        )
        assert clock_text(local(policy, "2026-11-01 01:30").replace(fold=1)) == (
            "01:30 Uhr (UTC-08:00)"
        )
        assert length_text(9_000) == "2 Std. 30 Min."
        assert [long_length_text(days * 86_400) for days in (1, 3)] == ["1 Tag", "3 Tage"]
        assert within("1 business hour") == "innerhalb von 1 Geschäftsstunde"
        assert within("4 hours, from next opening") == (
            "innerhalb von 4 Stunden ab der nächsten Öffnung"
        )
        assert within("by close of the same business day") == (
            "bis Geschäftsschluss desselben Arbeitstags"
        )
