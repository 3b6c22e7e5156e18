"""`portal demo`: a portal to try out. Running it again brings it up to date and adds nothing
twice; where nothing has changed since, it is done at once.
"""

import click

from portal import resources
from portal.commands.demonstration import stamp
from portal.commands.remedy import settings_or_remedy
from portal.settings import home_folder

POLICY = "communicado"


@click.command()
@click.option("--policy", help=f"One of the portal's own policies, or a file. [default: {POLICY}]")
def demo(policy: str | None) -> None:
    """Make, or bring up to date, the demonstration in PORTAL_HOME (else var/)."""
    home, articles = home_folder(), resources.folder("articles")
    is_made = policy is None and (home / "settings.toml").exists()
    if not (is_made and stamp.holds(settings_or_remedy(), articles)):
        from portal.commands.demonstration.making import make  # loads much, so only now

        make(home, articles, policy=policy, otherwise=POLICY)
    click.echo(f"The demonstration stands in {home}.")
