"""`portal serve`: the portal as it runs in earnest, web server and worker, on one address."""

import ipaddress
import os

import click

from portal.commands import serving
from portal.commands.holding import held
from portal.commands.remedy import Remedy, refuse_missing_database, settings_or_remedy
from portal.settings import Settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--processes",
    default=min(os.cpu_count() or 1, 4),
    show_default="one for each processor, at most 4",
    type=click.IntRange(1, 64),
    help="How many web processes.",
)
def serve(host: str, port: int, processes: int) -> None:
    """Serve the portal, its worker included, until Ctrl-C or SIGTERM."""
    settings = settings_or_remedy()
    _refuse_open_demonstration(settings, host)
    refuse_missing_database(settings)
    here = _address(host, port)
    with held(settings.home), serving.listen(host, port) as listener:
        shown = here if settings.demonstration else settings.base_url
        environment = serving.environment_for(here if settings.demonstration else None)
        status = serving.run(
            serving.children(listener, processes, environment),
            listener,
            health_url=f"{_address('127.0.0.1' if _is_any(host) else host, port)}/healthz",
            host=shown.partition("://")[2],
            when_up=lambda: _greet(settings, shown, here),
        )
    raise SystemExit(status)


def _refuse_open_demonstration(settings: Settings, host: str) -> None:
    """The demonstration's passwords are public: only this machine may reach it."""
    if settings.demonstration and not _is_loopback(host):
        raise Remedy(
            f"{settings.home} is a demonstration with public passwords; it is served on loopback "
            "only. Make a real installation: PORTAL_HOME=/another/folder portal init"
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_any(host: str) -> bool:
    return host in {"0.0.0.0", "::", ""}  # noqa: S104


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _greet(settings: Settings, shown: str, here: str) -> None:
    click.echo(f"{settings.name} is served at {shown}")
    if not settings.demonstration:
        if here != shown:
            click.echo(f"It listens on {here}.")
        return
    from portal.commands.demonstration.people import SIGN_INS  # loads much, so only now

    click.echo("\nSign in (a demonstration: these passwords are public):")
    for person in SIGN_INS:
        click.echo(f"  {person.email:<32} {person.password:<24} {person.what}")
    click.echo("\nCtrl-C ends it.")
