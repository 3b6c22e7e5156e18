"""Cases, from receipt to closing. Their entities refer to each other, so all are known at once."""

from portal.cases import case, conversation, promise

__all__ = ["case", "conversation", "promise"]
