"""What managers type about organisations, contracts, installations and people."""

from datetime import date
from typing import Any

from wtforms import BooleanField, DateField, SelectField
from wtforms.validators import InputRequired, ValidationError

from portal.people.enrolling import LONGEST_SLUG, SLUG
from portal.people.person import Role
from portal.web.editing import EditForm
from portal.web.forms import Email, Form, Line, Text
from portal.web.zones import ZoneField

ROLE_WORDS = {
    Role.CONTACT: "Contact of a customer",
    Role.WRITER: "Writer: writes articles",
    Role.AGENT: "Agent: works cases",
    Role.MANAGER: "Manager: works cases, writes, keeps organisations and policies",
    Role.ADMINISTRATOR: "Administrator: all that, and who else is one",
}


def short_name(_form: Any, field: Any) -> None:
    """Refuse a short name that could not stand in an address."""
    if not SLUG.fullmatch(field.data or ""):
        raise ValidationError("Use small letters, figures and single hyphens, like harbour-lines.")


class Day(DateField):
    """One day, as the browser's calendar gives it or typed; `required` is said when it is empty."""

    def __init__(self, label: str, *, required: str, **options: Any) -> None:
        super().__init__(label, [InputRequired(required)], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Enter the day as year-month-day, like 2026-12-31.") from None


class SearchForm(Form):
    """What a list is narrowed to; all of it stands in the address."""

    q = Line("Name", limit=100)


class OrganisationForm(EditForm):
    """What is known of a customer."""

    name = Line("Name", required="Enter the organisation's name.")
    liaison_name = Line(
        "Liaison", description="Who at support is there for this customer. Customers see the name."
    )
    partner = SelectField(
        "Partner", description="The partner files cases for this customer, and sees them."
    )


class NewOrganisationForm(OrganisationForm):
    """The same, and the short name, which stays."""

    slug = Line(
        "Short name",
        limit=LONGEST_SLUG,
        validators=(short_name,),
        description="Stands in addresses and in imported files. Left empty, it is made of the "
        "name. It can't be changed later.",
    )


class ContractForm(EditForm):
    """What a customer is entitled to."""

    name = Line("Name of the contract", required="Enter the name that stands on the contract.")
    plan = Line("Plan", limit=100, description="Such as standard or premium.")
    starts_on = Day("First day", required="Enter the first day of the contract.")
    ends_on = Day("Last day", required="Enter the last day of the contract.")
    entitlements = Text(
        "What it covers besides what the policy says",
        limit=4_000,
        description="One thing a line. Customers read it.",
    )

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.entitlements.text.splitlines() if line.strip()]

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day, once both are known to be there."""
        assert self.starts_on.data is not None
        assert self.ends_on.data is not None
        return self.starts_on.data, self.ends_on.data


class PersonForm(EditForm):
    """What is known of a person, and what a contact may."""

    name = Line("Name", required="Enter the person's name.")
    email = Email("Email address", required="Enter the person's email address.")
    phone = Line("Telephone number", limit=60)
    time_zone = ZoneField("Time zone")
    organisation = SelectField("Organisation")
    is_emergency_contact = BooleanField(
        "Named contact for emergencies",
        description="May ask for help outside hours where the policy keeps it for named contacts.",
    )
    is_technical_contact = BooleanField(
        "Technical contact", description="Is told of upgrades, and corrects installations."
    )
    is_organisation_manager = BooleanField(
        "Looks after the organisation's details",
        description="Corrects installations, and asks for accounts of colleagues.",
    )
    sees_organisation_cases = BooleanField(
        "Sees all cases of the organisation", description="Else only the own ones."
    )


class NewPersonForm(PersonForm):
    """The same, and the role."""

    role = SelectField("Role")


class RoleForm(Form):
    """Another role."""

    role = SelectField("Role")
