"""How a kind of event is worded: from what it carries, on which case, for staff or the customer."""

from collections.abc import Callable
from typing import Any

from portal.cases.case import Case

Detail = dict[str, Any]
Sentence = Callable[[Detail, Case, bool], str]
