"""What a writer reads for the states of an article and of its next version."""

from portal.knowledge.article import Status
from portal.knowledge.next_version import Stage

STATUS_WORDS = {
    Status.PUBLISHED: "Published",
    Status.DRAFT: "Draft",
    Status.RETIRED: "Retired",
}
STATUS_TONES = {Status.PUBLISHED: "good", Status.DRAFT: "info", Status.RETIRED: "neutral"}
STAGE_WORDS = {
    Stage.IN_REVIEW: "In review",
    Stage.SENT_BACK: "Changes wanted",
    Stage.APPROVED: "Approved",
    Stage.SCHEDULED: "Scheduled",
}
STAGE_TONES = {
    Stage.IN_REVIEW: "attention",
    Stage.SENT_BACK: "attention",
    Stage.APPROVED: "good",
    Stage.SCHEDULED: "info",
}
