"""Everything that can happen to a case, and who is mailed about it: nobody forgets a new kind.

A test holds this against the kinds that there are. Who is told, is told where it is worded
(`news`, `follower_notices`, `staff_notices`); here stands why some are told to no customer.
"""

from portal.cases.happenings import Happening

NOT_TOLD_TO_CUSTOMERS: dict[Happening, str] = {
    Happening.REPLIED: "they wrote it themselves; it stands on the page at once",
    Happening.NOTED: "an internal note",
    Happening.WORK_STARTED: "it changes nothing that they may expect; the page says it",
    Happening.WAITING_ENDED: "their own answer ended it, or the mail that goes with ours says so",
    Happening.ASSIGNED: "who works on it is no news until they write",
    Happening.ROUTED: "a matter of our own house",
    Happening.KIND_CHANGED: "what it changes of the promise is told as that",
    Happening.ESCALATION_UNANSWERED: "staff are told; the customer is owed the answer itself",
    Happening.PROMISE_NEAR: "staff are warned so that the customer need not be",
    Happening.DELIVERY_DATE_MISSING: "staff are reminded",
    Happening.DAY_NEAR: "staff are reminded; the customer knows the day",
    Happening.SPLIT: "the new case’s own receipt tells of it",
    Happening.RELEASED: "the case that comes back tells of it",
    Happening.LINKED: "a hint for staff",
    Happening.UNLINKED: "a hint for staff",
    Happening.FOLLOWER_LEFT: "their own act",
    Happening.ISSUE_DETACHED: "nothing is promised by it any more",
    Happening.RATED: "their own act",
    Happening.MAILED_IN: "how it came; the receipt or the page tells the rest",
    Happening.MAIL_RETURNED: "a mail about it would return as well; staff are told",
    Happening.MAIL_SET_ASIDE: "perhaps they did not write it; staff see it on the case",
    Happening.COMPLETED: "their own act",
    Happening.ARTICLE_STARTED: "a matter of our own house",
}
