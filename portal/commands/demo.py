"""`portal demo`: a portal to try out. Running it again brings it up to date and adds nothing
twice.
"""

from datetime import timedelta
from pathlib import Path

import click
from sqlalchemy import select

from portal import resources
from portal.cases.case import PolicyVersion
from portal.cases.policies import adopt, policy_in_force
from portal.clock import now
from portal.commands.context import Opened, opened
from portal.commands.demonstration.cases import tell_stories
from portal.commands.demonstration.people import add_everybody
from portal.commands.demonstration.shelves import fill_shelves
from portal.commands.holding import held
from portal.commands.migrate import brought_up_to_date
from portal.commands.remedy import Remedy, settings_or_remedy
from portal.commands.settings_file import policy_source, write_settings
from portal.people.person import Person
from portal.policy.loading import load_policy
from portal.search.indexing import catch_up
from portal.search.opening import open_index
from portal.settings import Settings, home_folder

LOOPBACK = "http://127.0.0.1:8000"
POLICY = "communicado"
LONGEST_STORY = timedelta(days=30)


@click.command()
@click.option("--policy", help=f"One of the portal's own policies, or a file. [default: {POLICY}]")
def demo(policy: str | None) -> None:
    """Make, or bring up to date, the demonstration in PORTAL_HOME (else var/)."""
    if policy:
        policy_source(policy)
    settings = _settings(home_folder())
    with held(settings.home):
        brought_up_to_date(settings)
        with opened() as portal:
            _adopt(portal, policy)
            _fill(portal)
            fill_shelves(portal, resources.folder("articles"))
            catch_up(portal.database, open_index(settings))
    click.echo(f"The demonstration stands in {settings.home}.")


def _settings(home: Path) -> Settings:
    if not (home / "settings.toml").exists():
        name, address = "Answerfirst", LOOPBACK
        write_settings(home, {"name": name, "base_url": address, "demonstration": True})
    settings = settings_or_remedy()
    if not settings.demonstration:
        raise Remedy(f"{home} is a real installation; a demonstration needs a folder of its own.")
    return settings


def _adopt(portal: Opened, policy: str | None) -> None:
    """Take a policy into force if there is none yet. Raises Remedy when another one is in force."""
    with portal.database.writing() as db:
        if db.scalar(select(PolicyVersion.id).limit(1)) is None:
            adopt(db, source=policy_source(policy or POLICY), now=now())
        elif (
            policy and policy_in_force(db, now=now())[1].id != load_policy(policy_source(policy)).id
        ):
            raise Remedy(
                f"The demonstration in {portal.settings.home} runs on another policy already: "
                "remove that folder first, or name another one in PORTAL_HOME."
            )


def _fill(portal: Opened) -> None:
    """People and their cases, once."""
    with portal.database.writing() as db:
        if db.scalar(select(Person.id).limit(1)) is not None:
            return
        click.echo("Making invented people and their cases ...")
        people = add_everybody(db, now=now() - LONGEST_STORY)
        tell_stories(db, people, settings=portal.settings, now=now())
