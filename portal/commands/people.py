"""`portal people`: take people up and list them. Nobody gets a password; they get a link."""

from datetime import timedelta

import click
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import now
from portal.commands.context import opened
from portal.commands.inviting import invite
from portal.commands.people_tables import export_kind, import_file
from portal.commands.remedy import Remedy
from portal.people.organisation import Organisation
from portal.people.person import Person, Role
from portal.people.queries import find_by_email, find_organisation, organisations
from portal.people.registering import EmailTakenError, add_person

LINK_LASTS = timedelta(hours=72)


@click.group()
def people() -> None:
    """Add people and list them; take in and write tables of customers."""


people.add_command(import_file)
people.add_command(export_kind)


@people.command()
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), default="contact")
@click.option("--organisation", default="", help="The slug of a contact's organisation.")
@click.option("--emergency-contact", is_flag=True, help="May ask for emergency cover.")
@click.option("--technical-contact", is_flag=True)
def add(
    email: str,
    name: str,
    role: str,
    organisation: str,
    emergency_contact: bool,
    technical_contact: bool,
) -> None:
    """Take up a person, and mail and print the link for the first sign-in."""
    address = _checked_address(email)
    with opened() as portal, portal.database.writing() as db:
        try:
            person = add_person(
                db,
                email=address,
                name=name,
                role=Role(role),
                organisation=_organisation(db, organisation),
                is_emergency_contact=emergency_contact,
                is_technical_contact=technical_contact,
                now=now(),
            )
        except EmailTakenError:
            raise Remedy(f"{email} is taken up already: `portal people link {email}`.") from None
        link = invite(db, person, settings=portal.settings, now=now(), lasts=LINK_LASTS)
    click.echo(f"{name} was added. The first sign-in, once, within 72 hours:\n  {link}")


@people.command()
@click.argument("email")
def link(email: str) -> None:
    """Mail and print a new link by which a person signs in once."""
    with opened() as portal, portal.database.writing() as db:
        person = find_by_email(db, email)
        if person is None or not person.may_sign_in:
            raise Remedy(f"Nobody here signs in as {email}: see `portal people list`.")
        made = invite(db, person, settings=portal.settings, now=now(), lasts=LINK_LASTS)
    click.echo(f"Works once, within 72 hours:\n  {made}")


@people.command("list")
def list_people() -> None:
    """Everybody who may sign in."""
    with opened() as portal, portal.database.reading() as db:
        for person in db.scalars(select(Person).order_by(Person.email)):
            where = f" at {person.organisation.name}" if person.organisation else ""
            ended = " (disabled)" if person.disabled_at else ""
            click.echo(f"{person.email:<36} {person.name}, {person.role.value}{where}{ended}")


def _checked_address(email: str) -> str:
    try:
        found = validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Remedy(f"{email} is no e-mail address: {error}") from None
    return found.normalized


def _organisation(db: Session, slug: str) -> Organisation | None:
    if not slug:
        return None
    found = find_organisation(db, slug)
    if found is None:
        known = ", ".join(each.slug for each in organisations(db)) or "none yet"
        raise Remedy(f"There is no organisation {slug}; there is {known}.")
    return found
