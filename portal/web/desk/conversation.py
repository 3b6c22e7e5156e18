"""Writing to the customer, and writing what the customer never sees."""

from flask.typing import ResponseReturnValue

from portal.cases import noting, responding
from portal.cases.attachments import KeptFile, Upload, keep_files, limits_of
from portal.cases.case import CaseStatus, IllegalMoveError
from portal.cases.revision import ChangedMeanwhileError
from portal.cases.standstill import patience_of
from portal.clock import now
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.case import conflict, done, refused
from portal.web.desk.choices import prepare_choices
from portal.web.desk.forms import NoteForm, ReplyForm
from portal.web.desk.loading import load_case, worker
from portal.web.messages import tell
from portal.web.parts import parts
from portal.web.transaction import db

UPLOAD_LIMIT_BYTES = 64 * 1024 * 1024


@blueprint.post("/desk/cases/<reference>/reply")
@allow(Who.AGENT, limit_bytes=UPLOAD_LIMIT_BYTES)
def reply(reference: str) -> ResponseReturnValue:
    """Send an answer to the customer."""
    case, form = load_case(reference), ReplyForm()
    prepare_choices(case, [form], is_new=form)
    if not form.validate_on_submit() or (kept := _kept(form)) is None:
        return refused(case, form)
    try:
        message = responding.respond(
            db(),
            case=case,
            author=worker(),
            body=form.body.text,
            now=now(),
            kept=kept,
            form_token=form.form_token.data or None,
            revision=form.shown_revision,
            then=CaseStatus(form.then.data),
            patience=patience_of(parts().settings),
        )
    except ChangedMeanwhileError as error:
        return conflict(error, form)
    except IllegalMoveError:
        form.body.errors = [_("The case is closed. Open it again before you answer.")]
        return refused(case, form)
    tell("success", _("Your answer was sent to %(name)s.", name=case.contact_name))
    return done(case, f"message-{message.id}")


@blueprint.post("/desk/cases/<reference>/note")
@allow(Who.AGENT, limit_bytes=UPLOAD_LIMIT_BYTES)
def note(reference: str) -> ResponseReturnValue:
    """Keep an internal note; it overwrites nothing, so it is never refused as outdated."""
    case, form = load_case(reference), NoteForm()
    if not form.validate_on_submit() or (kept := _kept(form)) is None:
        return refused(case, form)
    message = noting.note(
        db(),
        case=case,
        author=worker(),
        body=form.body.text,
        now=now(),
        kept=kept,
        form_token=form.form_token.data or None,
    )
    tell("success", _("The note is saved. The customer does not see it."))
    return done(case, f"message-{message.id}")


def _kept(form: ReplyForm | NoteForm) -> list[KeptFile] | None:
    """The files of the form; None, with a message at the field, when one can't be taken."""
    uploads = [Upload(file.filename, file.stream) for file in form.files.chosen]
    kept, not_taken = keep_files(parts().files, uploads, limits=limits_of(parts().settings))
    if not_taken:
        form.files.errors = [" ".join(str(file) for file in not_taken)]
        return None
    return kept
