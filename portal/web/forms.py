"""What people type: each field has a limit, and each refusal says what to do instead.

Single lines lose surrounding blanks and may hold no control or direction-changing characters;
nothing else is changed, so a name in any script stays as it is.
"""

import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any, ClassVar

from email_validator import EmailNotValidError, validate_email
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import EmailField, Field, PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, StopValidation, ValidationError
from wtforms.widgets import TextInput

from portal import written
from portal.locale import N_
from portal.locale import gettext as _
from portal.people.lines import has_invisible
from portal.people.telephone import TELEPHONE_REMEDY, is_telephone
from portal.web import typed_day, typed_time
from portal.web.filters import reader_zone

LINE_LIMIT = 200
TEXT_LIMIT = 20_000
EMAIL_LIMIT = 254
TELEPHONE_LIMIT = 60
PLAIN_TEXT_HINT = N_(
    "Plain text: web addresses become links, and lines between two ``` are shown as code."
)
"""What may be written in a conversation, of which the page shows the words as they are."""
OF_THE_LIBRARY = (
    N_("Not a valid choice."),
    N_("Invalid Choice: could not coerce."),
)
"""What the form library says by itself; translated where errors are shown."""


class Form(FlaskForm):  # type: ignore[misc]
    """The parent of every form; its token is checked before any view runs."""

    comes_last: tuple[str, ...] = ()
    """Fields that the page shows below those that were added: what is wrong is told in the order
    of the page.
    """

    def __iter__(self) -> Iterator[Field]:
        later = [self[name] for name in self.comes_last if name in self]
        return iter([*(field for field in super().__iter__() if field not in later), *later])

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False


class Required:
    """Something must be there; `message`, marked for translation, says what."""

    field_flags = {"required": True}  # noqa: RUF012

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Field) -> None:
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            field.errors = []
            raise StopValidation(_(self.message))


class AtMost:
    """No longer than `limit` characters; says how much too long it is."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, _form: Any, field: Field) -> None:
        too_many = len(field.data or "") - self.limit
        if too_many > 0:
            raise ValidationError(
                _(
                    "Shorten this to %(limit)s characters; it has %(too_many)s too many.",
                    limit=written.number(self.limit),
                    too_many=written.number(too_many),
                )
            )


def one_line(_form: Any, field: Field) -> None:
    """Refuse what could pretend to be something else: control and direction characters."""
    if has_invisible(field.data or ""):
        raise ValidationError(_("Type this again by hand: it contains invisible characters."))


def address(_form: Any, field: Field) -> None:
    """Refuse what is no e-mail address, and quoted or literal forms that only attackers use."""
    try:
        found = validate_email(field.data, check_deliverability=False, allow_quoted_local=False)
    except EmailNotValidError:
        wrong = _("Enter an e-mail address in full, like name@example.com.")
        raise ValidationError(wrong) from None
    field.data = found.normalized


def telephone(_form: Any, field: Field) -> None:
    """Refuse what nobody can call."""
    if not is_telephone(field.data or ""):
        raise ValidationError(_(TELEPHONE_REMEDY))


class _Typed:
    """A field of text: `text` is what was typed, "" for nothing."""

    data: str | None

    @property
    def text(self) -> str:
        return self.data or ""


class Line(_Typed, StringField):
    """One line of text."""

    def __init__(
        self,
        label: str,
        *,
        required: str | None = None,
        limit: int = LINE_LIMIT,
        validators: tuple[Callable[[Any, Field], None], ...] = (),
        **options: Any,
    ) -> None:
        checks = [_presence(required), AtMost(limit), one_line, *validators]
        super().__init__(label, checks, filters=[_trimmed], **options)


class Text(_Typed, TextAreaField):
    """Several lines of text, with line ends as \\n."""

    def __init__(
        self,
        label: str,
        *,
        required: str | None = None,
        limit: int = TEXT_LIMIT,
        validators: tuple[Callable[[Any, Field], None], ...] = (),
        **options: Any,
    ) -> None:
        checks = [_presence(required), AtMost(limit), *validators]
        super().__init__(label, checks, filters=[_clean_lines], **options)
        self.type = "TextAreaField"


class Telephone(Line):
    """A telephone number, written in any of the ways in which people write one."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, limit=TELEPHONE_LIMIT, validators=(telephone,), **options)


class Email(_Typed, EmailField):
    """An e-mail address."""

    def __init__(self, label: str, *, required: str | None = None, **options: Any) -> None:
        checks = [_presence(required), AtMost(EMAIL_LIMIT), one_line, address]
        super().__init__(label, checks, filters=[_trimmed], **options)


class _Understood(Field):
    """A value that is typed as people write it; `required` is said when nothing is there.

    What was understood is shown as the portal writes it, what was not stays as typed. `reads` says
    what a text means, or raises ValueError, whose message says what to write instead.
    """

    widget = TextInput()
    data: Any
    reads: "ClassVar[staticmethod[[str], Any]]"
    writes: "ClassVar[staticmethod[[Any], str]]"

    def __init__(self, label: str, *, required: str | None = None, **options: Any) -> None:
        presence = InputRequired(required) if required else Optional()
        super().__init__(label, [presence], **options)

    @property
    def is_empty(self) -> bool:
        return not self._value()

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.raw_data = [typed.strip() for typed in valuelist]
            self.data = None
            self.data = self.reads(self.raw_data[0]) if self.raw_data[0] else None

    def _value(self) -> str:
        if self.data is not None:
            return self.writes(self.data)
        return self.raw_data[0] if self.raw_data else ""


class Day(_Understood):
    """One day; the field shows its month as a word."""

    data: date | None
    reads = staticmethod(typed_day.read_day)
    writes = staticmethod(written.brief_day)

    @property
    def day(self) -> date:
        """The day, once it is known to be there."""
        assert self.data is not None
        return self.data

    @property
    def example(self) -> str:
        return typed_day.example()


class TimeOfDay(_Understood):
    """The time on the day in the field `on`: both are there or neither, and name one `instant` on
    the reader's clock.
    """

    data: time | None
    reads = staticmethod(typed_time.read_time)
    writes = staticmethod(written.clock)
    instant: datetime | None = None

    def __init__(self, label: str, *, on: str, **options: Any) -> None:
        super().__init__(label, **options)
        self.on = on

    @property
    def example(self) -> str:
        return typed_time.example()

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        is_right = super().validate(form, extra_validators)
        day: Day = form[self.on]
        if is_right and self.is_empty and not day.is_empty:
            self.errors = [_("Enter the time too, or leave the day empty.")]
        elif day.is_empty and not self.is_empty and not day.errors:
            day.errors = [_("Enter the day too, or leave the time empty.")]
            return False
        elif day.data is not None and self.data is not None:
            self._name_instant(day.data, self.data)
        return not self.errors

    def _name_instant(self, day: date, at: time) -> None:
        try:
            self.instant = typed_time.instant_on(reader_zone(), day, at)
        except typed_time.NoSuchTimeError as error:
            self.errors = [str(error)]


class Password(_Typed, PasswordField):
    """A password, taken exactly as typed."""

    def __init__(self, label: str, *, required: str, **options: Any) -> None:
        super().__init__(label, [Required(required)], **options)
        self.type = "PasswordField"


class Files(MultipleFileField):  # type: ignore[misc]
    """Several files; `chosen` are those that were really sent."""

    @property
    def chosen(self) -> list[Any]:
        return [file for file in self.data or [] if getattr(file, "filename", "")]


def _presence(required: str | None) -> Callable[[Any, Field], None]:
    check: Callable[[Any, Field], None] = Required(required) if required else Optional()
    return check


def _trimmed(text: str | None) -> str | None:
    return text.strip() if text else text


def _clean_lines(text: str | None) -> str | None:
    if not text:
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc").strip("\n")
