"""What is told of cases, people and problems that belong together, in one sentence each."""

from portal.cases.case import Case
from portal.cases.happenings import Happening
from portal.cases.telling_words import Detail, Sentence


def _split(detail: Detail, _case: Case, _for_staff: bool) -> str:
    parts = detail["parts"]
    opened = "A case of its own was" if len(parts) == 1 else "Cases of their own were"
    return f"{opened} opened for a part of this one: {', '.join(parts)}"


def _merged(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return f"This case goes on as {detail['into']}"


def _absorbed(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return f"Case {detail['duplicate']} (“{detail['subject']}”) was merged into this one"


def _unmerged(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return f"This case stands for itself again; it was merged into {detail['from']}"


def _released(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return f"Case {detail['duplicate']} stands for itself again"


def _linked(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return f"Linked: {detail['words']} {detail['other']}"


def _unlinked(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return f"No longer linked to {detail['other']}"


def _follower_added(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return f"{detail['name']} follows this case"


def _follower_left(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return f"{detail['name']} no longer follows this case"


def _issue_attached(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return f"This is a known issue: {detail['title']}. You are told when it is fixed"


def _issue_detached(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return f"This case is not about the known issue “{detail['title']}” after all"


def _issue_fixed(detail: Detail, _case: Case, _for_staff: bool) -> str:
    where = f" in {detail['fixed_in']}" if detail["fixed_in"] else ""
    return f"The known issue “{detail['title']}” is fixed{where}"


SENTENCES: dict[str, Sentence] = {
    Happening.SPLIT: _split,
    Happening.MERGED: _merged,
    Happening.ABSORBED: _absorbed,
    Happening.UNMERGED: _unmerged,
    Happening.RELEASED: _released,
    Happening.LINKED: _linked,
    Happening.UNLINKED: _unlinked,
    Happening.FOLLOWER_ADDED: _follower_added,
    Happening.FOLLOWER_LEFT: _follower_left,
    Happening.ISSUE_ATTACHED: _issue_attached,
    Happening.ISSUE_DETACHED: _issue_detached,
    Happening.ISSUE_FIXED: _issue_fixed,
}
