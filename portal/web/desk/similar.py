"""Cases and articles like this one: a page of its own, which the case page's script fetches."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.cases.words import STAFF_STATUS_WORDS, STATUS_TONES
from portal.desk.similar import similar_cases
from portal.knowledge.reader import STAFF
from portal.search.similar import similar
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.loading import load_case, worker
from portal.web.parts import parts
from portal.web.transaction import db

_LONGEST_TEXT = 1_000


@blueprint.get("/desk/cases/<reference>/similar")
@allow(Who.AGENT, is_use=False)
def similar_to_case(reference: str) -> ResponseReturnValue:
    """The page, or its part alone with `?part=1`."""
    case = load_case(reference)
    text = f"{case.subject} {case.description}"[:_LONGEST_TEXT]
    return render_template(
        "desk/_similar.html" if request.args.get("part") else "desk/similar.html",
        case=case,
        cases=similar_cases(db(), case=case, person=worker()),
        articles=similar(db(), parts().index, reader=STAFF, text=text),
        status_words=STAFF_STATUS_WORDS,
        status_tones=STATUS_TONES,
    )
