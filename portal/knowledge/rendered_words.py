"""What rendering itself says in an article: kept in its HTML in English, and shown in the language
that its reader speaks.
"""

from portal.locale import N_

SECTION_LINK = N_("Link to this section")
DONE, TO_DO = N_("Done"), N_("To do")
LABELS = (SECTION_LINK, DONE, TO_DO)
"""Each stands alone in an `aria-label`."""
BACK = "Back to the text at {}"
BACK_SPOKEN = N_("Back to the text at %(number)s")
"""The title of the link that leads from a footnote to where it belongs."""
