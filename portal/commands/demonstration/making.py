"""Making the demonstration: settings, schema, policy, people and their cases, articles."""

from datetime import timedelta
from pathlib import Path

import click
from sqlalchemy import select

from portal.cases.case import PolicyVersion
from portal.cases.policies import adopt, policy_in_force
from portal.clock import now
from portal.commands.context import Opened, opened
from portal.commands.demonstration import stamp
from portal.commands.demonstration.cases import tell_stories
from portal.commands.demonstration.desk import man_the_desk, take_mail_in
from portal.commands.demonstration.people import add_everybody
from portal.commands.demonstration.readers import look_for_answers
from portal.commands.demonstration.shelves import fill_shelves
from portal.commands.demonstration.together import put_together
from portal.commands.holding import held
from portal.commands.migrate import brought_up_to_date
from portal.commands.remedy import Remedy, settings_or_remedy
from portal.commands.settings_file import policy_source, write_settings
from portal.people.person import Person
from portal.policy.loading import load_policy
from portal.search.indexing import catch_up
from portal.search.opening import open_index
from portal.settings import Settings

LOOPBACK = "http://127.0.0.1:8000"
LONGEST_STORY = timedelta(days=30)


def make(home: Path, articles: Path, *, policy: str | None, otherwise: str) -> None:
    """Make the demonstration, or bring it up to date, under `policy`, else under its own policy,
    else under `otherwise`.

    Raises Remedy when it can't be made, or when articles were refused.
    """
    if policy:
        policy_source(policy)
    settings = _settings(home)
    with held(settings.home):
        brought_up_to_date(settings)
        with opened() as portal:
            _adopt(portal, policy, otherwise)
            _fill(portal)
            refused = fill_shelves(portal, articles)
            index = open_index(settings)
            catch_up(portal.database, index)
            with portal.database.writing() as db:
                look_for_answers(db, index, now=now())
        if refused:
            raise _RefusedError(f"{refused} articles were refused, as said above: run it again.")
        stamp.put(settings, articles)


class _RefusedError(Remedy):
    exit_code = 1


def _settings(home: Path) -> Settings:
    if not (home / "settings.toml").exists():
        name, address = "Answerfirst", LOOPBACK
        write_settings(home, {"name": name, "base_url": address, "demonstration": True})
    settings = settings_or_remedy()
    if not settings.demonstration:
        raise Remedy(f"{home} is a real installation; a demonstration needs a folder of its own.")
    return settings


def _adopt(portal: Opened, policy: str | None, otherwise: str) -> None:
    """Take a policy into force if there is none yet. Raises Remedy when another one is in force."""
    with portal.database.writing() as db:
        if db.scalar(select(PolicyVersion.id).limit(1)) is None:
            adopt(db, source=policy_source(policy or otherwise), now=now())
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
        man_the_desk(db, people, now=now() - LONGEST_STORY)
        cases = tell_stories(db, people, settings=portal.settings, now=now())
        put_together(db, cases, people, settings=portal.settings, now=now())
    take_mail_in(portal, now=now())
