"""The right reading for each kind of foreign library."""

from portal.knowledge.foreign.mapping import ForeignMapping
from portal.knowledge.foreign.reading import ForeignPages
from portal.knowledge.foreign.zendesk import ZendeskExport
from portal.knowledge.library_reading import Reading


def reading_by(mapping: ForeignMapping) -> Reading:
    return ZendeskExport(mapping) if mapping.kind == "zendesk" else ForeignPages(mapping)
