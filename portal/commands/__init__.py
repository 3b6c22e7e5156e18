"""The `portal` command: everything an operator, a manager or a writer does from a shell.

Each sub-command stands in a module of its own and is loaded only when it is called, so that the
command answers at once.
"""

from importlib import import_module

import click

COMMANDS = {
    "init": "Make an empty, real installation.",
    "demo": "Make, or bring up to date, the demonstration.",
    "serve": "Serve the portal, its worker included.",
    "work": "Send mail, bring the search index up to date, tidy up.",
    "migrate": "Bring the database's schema up to date.",
    "check": "Say what is wrong with this installation, and the remedy.",
    "people": "Add and list people; take in and write tables of customers.",
    "policy": "Check, preview, try and adopt policy files.",
    "mail": "Take in a mail by pipe.",
    "library": "Import, export and check articles.",
    "insight": "Make the deflection figures from the log.",
    "search": "Rebuild the search index and try it.",
}


class _Portal(click.Group):
    """A group that knows its commands by name and loads only the one that is called."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"portal.commands.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=_Portal, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="answerfirst", prog_name="portal")
def portal() -> None:
    """Answerfirst: find an answer, or open a case and be told when you will hear.

    All state lies in one folder: var/ here, or the one that PORTAL_HOME names.
    """
