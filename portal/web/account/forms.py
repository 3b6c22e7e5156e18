"""What people type to sign in and about themselves."""

from wtforms import SelectField

from portal.locale import N_
from portal.web.forms import Email, Form, Line, Password, Telephone
from portal.web.zones import ZoneField


class LinkForm(Form):
    """Where to mail a sign-in link."""

    email = Email(N_("Email address"), required=N_("Enter your email address."))


class SignInForm(LinkForm):
    """Address and password."""

    password = Password(
        N_("Password"), required=N_("Enter your password, or have a sign-in link mailed to you.")
    )


class ProfileForm(Form):
    """What people may change about themselves."""

    name = Line(N_("Name"), required=N_("Enter your name."))
    phone = Telephone(
        N_("Telephone number"), description=N_("With the country code, like +49 30 5550100.")
    )
    language = SelectField(
        N_("Language"), description=N_("Pages and mail are in this language."), validate_choice=True
    )
    time_zone = ZoneField(
        N_("Time zone"), description=N_("All times are shown to you in this zone.")
    )


class PasswordForm(Form):
    """A new password, by whoever knows the present one."""

    current = Password(N_("Current password"), required=N_("Enter your current password."))
    password = Password(
        N_("New password"),
        required=N_("Enter a new password."),
        description=N_(
            "8 characters or more. A short sentence that only you would think of is best."
        ),
    )
