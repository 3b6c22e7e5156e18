"""What is told of cases, people and problems that belong together, in one sentence each."""

from portal.cases.case import Case
from portal.cases.happenings import Happening
from portal.cases.telling_words import Detail, Sentence
from portal.locale import gettext as _
from portal.locale import ngettext


def _split(detail: Detail, _case: Case, _for_staff: bool) -> str:
    parts = detail["parts"]
    return ngettext(
        "A case of its own was opened for a part of this one: %(cases)s",
        "Cases of their own were opened for a part of this one: %(cases)s",
        len(parts),
        cases=", ".join(parts),
    )


def _merged(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return _("This case goes on as %(case)s", case=detail["into"])


def _absorbed(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return _(
        "Case %(case)s (“%(subject)s”) was merged into this one",
        case=detail["duplicate"],
        subject=detail["subject"],
    )


def _unmerged(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return _("This case stands for itself again; it was merged into %(case)s", case=detail["from"])


def _released(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return _("Case %(case)s stands for itself again", case=detail["duplicate"])


def _linked(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return _("Linked: %(how)s %(case)s", how=_(detail["words"]), case=detail["other"])


def _unlinked(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return _("No longer linked to %(case)s", case=detail["other"])


def _follower_added(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return _("%(name)s follows this case", name=detail["name"])


def _follower_left(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return _("%(name)s no longer follows this case", name=detail["name"])


def _issue_attached(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return _(
        "This is a known issue: %(title)s. You are told when it is fixed", title=detail["title"]
    )


def _issue_detached(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return _("This case is not about the known issue “%(title)s” after all", title=detail["title"])


def _issue_fixed(detail: Detail, _case: Case, _for_staff: bool) -> str:
    if detail["fixed_in"]:
        return _(
            "The known issue “%(title)s” is fixed in %(release)s",
            title=detail["title"],
            release=detail["fixed_in"],
        )
    return _("The known issue “%(title)s” is fixed", title=detail["title"])


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
