"""What the worker says of a task that failed."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

import pytest

from portal.commands.work import Task, run


def acting(*outcomes: bool | Exception, stop: threading.Event) -> Callable[[datetime], bool]:
    """An act with these outcomes, one a round; then the worker is told to stop."""
    left = list(outcomes)

    def act(_at: datetime) -> bool:
        outcome = left.pop(0)
        if not left:
            stop.set()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return act


@pytest.mark.parametrize(
    ("rounds", "said"),
    [
        ((OSError("refused"), False, False), 0),
        ((OSError("refused"), False, OSError("refused"), False), 0),
        ((OSError("refused"), False, True, True), 1),
        ((True, False, True), 0),
    ],
)
def test_mail_works_again_once_a_mail_went_out(
    caplog: pytest.LogCaptureFixture, rounds: tuple[bool | Exception, ...], said: int
) -> None:
    stop = threading.Event()
    mail = Task("mail", acting(*rounds, stop=stop), 0.001, "Wait.", is_proven_by_work=True)
    with caplog.at_level(logging.INFO, "portal.work"):
        run(mail, stop)
    assert caplog.text.count("mail works again") == said
    assert caplog.text.count("mail failed") == (OSError in map(type, rounds)), "said once"


def test_another_task_works_again_when_a_round_goes_well(caplog: pytest.LogCaptureFixture) -> None:
    stop = threading.Event()
    act = acting(OSError("locked"), False, False, stop=stop)
    with caplog.at_level(logging.INFO, "portal.work"):
        run(Task("index", act, 0.001, "Wait."), stop)
    assert caplog.text.count("index works again") == 1
