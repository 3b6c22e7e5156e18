"""What a writer reads for the states of an article and its next version, and for its readers."""

from portal.knowledge.article import Audience, Status
from portal.knowledge.next_version import Stage
from portal.locale import N_, pgettext
from portal.locale import gettext as _

STATUS_WORDS = {
    Status.PUBLISHED: N_("Published"),
    Status.DRAFT: N_("Draft"),
    Status.RETIRED: N_("Retired"),
}
STATUS_TONES = {Status.PUBLISHED: "good", Status.DRAFT: "info", Status.RETIRED: "neutral"}
STAGE_TONES = {
    Stage.IN_REVIEW: "attention",
    Stage.SENT_BACK: "attention",
    Stage.APPROVED: "good",
    Stage.SCHEDULED: "info",
}
AUDIENCE_MARKS = {
    Audience.PUBLIC: N_("public"),
    Audience.CUSTOMERS: N_("customers"),
    Audience.ORGANISATIONS: N_("organisations"),
    Audience.STAFF: N_("staff"),
}
"""Who may read, as a mark in a list."""
READERS = {
    Audience.PUBLIC: N_("Anyone"),
    Audience.CUSTOMERS: N_("Signed-in customers"),
    Audience.ORGANISATIONS: N_("Only chosen organisations"),
    Audience.STAFF: N_("Staff only"),
}
WILL_READ = {
    Audience.PUBLIC: N_(
        "Anyone can read it at %(address)s and finds it by search, from the next request on."
    ),
    Audience.CUSTOMERS: N_(
        "Signed-in customers can read it at %(address)s and find it by search, from the next "
        "request on."
    ),
    Audience.ORGANISATIONS: N_(
        "The chosen organisations can read it at %(address)s and find it by search, from the next "
        "request on."
    ),
    Audience.STAFF: N_(
        "Only staff can read it at %(address)s and find it by search, from the next request on."
    ),
}
"""What publishing an article for the first time does for its readers."""


def stage_words() -> dict[Stage, str]:
    """How far the next version is. An account request is approved in another word in German."""
    return {
        Stage.IN_REVIEW: _("In review"),
        Stage.SENT_BACK: _("Changes wanted"),
        Stage.APPROVED: pgettext("version", "Approved"),
        Stage.SCHEDULED: _("Scheduled"),
    }
