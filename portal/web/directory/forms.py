"""What managers type about organisations, contracts, installations and people."""

from datetime import date
from typing import Any

from wtforms import BooleanField, SelectField
from wtforms.validators import ValidationError

from portal.locale import N_
from portal.locale import gettext as _
from portal.people.enrolling import LONGEST_SLUG, SLUG
from portal.people.person import Role
from portal.web.editing import EditForm
from portal.web.forms import Day, Email, Form, Line, Telephone, Text
from portal.web.zones import ZoneField

ROLE_WORDS = {
    Role.CONTACT: N_("Contact of a customer"),
    Role.WRITER: N_("Writer: writes articles"),
    Role.AGENT: N_("Agent: works cases"),
    Role.MANAGER: N_("Manager: works cases, writes, keeps organisations and policies"),
    Role.ADMINISTRATOR: N_("Administrator: all that, and who else is one"),
}
ROLE_NAMES = {
    Role.CONTACT: N_("contact"),
    Role.WRITER: N_("writer"),
    Role.AGENT: N_("agent"),
    Role.MANAGER: N_("manager"),
    Role.ADMINISTRATOR: N_("administrator"),
}


def capital(word: str) -> str:
    """A marked word, translated, as it begins a line."""
    said = _(word)
    return said[:1].upper() + said[1:]


def short_name(_form: Any, field: Any) -> None:
    """Refuse a short name that could not stand in an address."""
    if not SLUG.fullmatch(field.data or ""):
        raise ValidationError(
            _("Use small letters, figures and single hyphens, like harbour-lines.")
        )


class SearchForm(Form):
    """What a list is narrowed to; all of it stands in the address."""

    q = Line(N_("Name"), limit=100)


class OrganisationForm(EditForm):
    """What is known of a customer."""

    name = Line(N_("Name"), required=N_("Enter the organisation's name."))
    liaison_name = Line(
        N_("Liaison"),
        description=N_("Who at support is there for this customer. Customers see the name."),
    )
    partner = SelectField(
        N_("Partner"), description=N_("The partner files cases for this customer, and sees them.")
    )


class NewOrganisationForm(OrganisationForm):
    """The same, and the short name, which stays."""

    slug = Line(
        N_("Short name"),
        limit=LONGEST_SLUG,
        validators=(short_name,),
        description=N_(
            "Stands in addresses and in imported files. Left empty, it is made of the "
            "name. It can't be changed later."
        ),
    )


class ContractForm(EditForm):
    """What a customer is entitled to."""

    name = Line(
        N_("Name of the contract"), required=N_("Enter the name that stands on the contract.")
    )
    plan = Line(N_("Plan"), limit=100, description=N_("Such as standard or premium."))
    starts_on = Day(N_("First day"), required=N_("Enter the first day of the contract."))
    ends_on = Day(N_("Last day"), required=N_("Enter the last day of the contract."))
    entitlements = Text(
        N_("What it covers besides what the policy says"),
        limit=4_000,
        description=N_("One thing a line. Customers read it."),
    )

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.entitlements.text.splitlines() if line.strip()]

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day, once both are known to be there."""
        return self.starts_on.day, self.ends_on.day


class PersonForm(EditForm):
    """What is known of a person, and what a contact may."""

    name = Line(N_("Name"), required=N_("Enter the person's name."))
    email = Email(N_("Email address"), required=N_("Enter the person's email address."))
    phone = Telephone(N_("Telephone number"))
    time_zone = ZoneField(N_("Time zone"))
    organisation = SelectField(N_("Organisation"))
    is_emergency_contact = BooleanField(
        N_("Named contact for emergencies"),
        description=N_(
            "May ask for help outside hours where the policy keeps it for named contacts."
        ),
    )
    is_technical_contact = BooleanField(
        N_("Technical contact"),
        description=N_("Is told of upgrades, and corrects installations."),
    )
    is_organisation_manager = BooleanField(
        N_("Looks after the organisation's details"),
        description=N_("Corrects installations, and asks for accounts of colleagues."),
    )
    sees_organisation_cases = BooleanField(
        N_("Sees all cases of the organisation"), description=N_("Else only the own ones.")
    )


class NewPersonForm(PersonForm):
    """The same, and the role."""

    role = SelectField(N_("Role"))


class RoleForm(Form):
    """Another role."""

    role = SelectField(N_("Role"))
