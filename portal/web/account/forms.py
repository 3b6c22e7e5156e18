"""What people type to sign in and about themselves."""

import functools

from portal.web.forms import Email, Form, Line, Password
from portal.web.zones import ZoneField, zone_names

_REGIONS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


class LinkForm(Form):
    """Where to mail a sign-in link."""

    email = Email("Email address", required="Enter your email address.")


class SignInForm(LinkForm):
    """Address and password."""

    password = Password(
        "Password", required="Enter your password, or have a sign-in link mailed to you."
    )


class ProfileForm(Form):
    """What people may change about themselves."""

    name = Line("Name", required="Enter your name.")
    phone = Line(
        "Telephone number", limit=60, description="With the country code, like +49 30 5550100."
    )
    time_zone = ZoneField("Time zone", description="All times are shown to you in this zone.")


class PasswordForm(Form):
    """A new password, by whoever knows the present one."""

    current = Password("Current password", required="Enter your current password.")
    password = Password(
        "New password",
        required="Enter a new password.",
        description="8 characters or more. A short sentence that only you would think of is best.",
    )


@functools.cache
def zone_choices() -> list[tuple[str, str]]:
    """Every zone by the name of a city in it; the first choice leaves it to support's zone."""
    names = sorted(name for name in zone_names() if name.startswith(_REGIONS))
    shown = [(name, name.replace("_", " ").replace("/", " / ")) for name in names]
    return [("", "Support's time zone"), *shown, ("UTC", "UTC")]
