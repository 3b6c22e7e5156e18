"""`portal init`: an empty, real installation. It has no default password and no default secret;
the first administrator gets a link that works once.
"""

from datetime import timedelta

import click

from portal.cases.policies import adopt
from portal.clock import now
from portal.commands.context import opened
from portal.commands.inviting import invite
from portal.commands.migrate import brought_up_to_date
from portal.commands.remedy import Remedy, settings_or_remedy
from portal.commands.settings_file import policy_source, write_settings
from portal.people.person import Role
from portal.people.registering import add_person
from portal.settings import home_folder

FIRST_LINK = timedelta(hours=24)


@click.command()
@click.option("--name", prompt="Name of the organisation, as customers know it")
@click.option("--base-url", prompt="Address of the portal (https://help.example.com)")
@click.option("--administrator", prompt="E-mail address of the first administrator")
@click.option("--administrator-name", prompt="Name of the first administrator")
@click.option(
    "--policy",
    default="communicado",
    show_default=True,
    help="What customers are promised: one of the portal's own policies, or a file.",
)
def init(
    name: str, base_url: str, administrator: str, administrator_name: str, policy: str
) -> None:
    """Make an empty, real installation in PORTAL_HOME (else var/)."""
    source = policy_source(policy)
    home = home_folder()
    host = base_url.partition("://")[2].partition(":")[0] or "localhost"
    values: dict[str, str | bool] = {
        "name": name,
        "base_url": base_url.rstrip("/"),
        "mail_from": f"support@{host}",
    }
    path = write_settings(home, values)
    try:
        settings = settings_or_remedy()
    except Remedy:
        path.unlink()
        raise
    brought_up_to_date(settings)
    with opened() as portal, portal.database.writing() as db:
        moment = now()
        adopt(db, source=source, now=moment)
        person = add_person(
            db,
            email=administrator,
            name=administrator_name,
            role=Role.ADMINISTRATOR,
            now=moment,
        )
        link = invite(db, person, settings=settings, now=moment, lasts=FIRST_LINK)
    click.echo(f"{home} holds a new installation; its settings are in {path}.")
    click.echo(f"{administrator_name} signs in once, within 24 hours, by this link:\n  {link}")
    click.echo("Next: `portal library import DIR` for articles, then `portal serve`.")
