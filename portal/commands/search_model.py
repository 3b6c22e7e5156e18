"""`portal search model`: what search by meaning needs, whether it is there, and how fast it is."""

from importlib.util import find_spec
from time import perf_counter
from typing import TYPE_CHECKING

import click

from portal.commands.context import Opened, opened
from portal.commands.remedy import Remedy

if TYPE_CHECKING:
    from portal.search.meaning.encoder import Encoder

_QUESTION = "how can i change the password that i forgot"
_PASSAGE = f"Passwords\n{'Choose the account page and set another one. ' * 14}"
_TRIALS = 9


@click.group()
def model() -> None:
    """The sentence model of search by meaning."""
    if find_spec("numpy") is None:
        raise Remedy("Search by meaning needs NumPy: `pip install answerfirst[semantic]`.")


@model.command()
def check() -> None:
    """Say what is installed, its licence and digest, how fast it is here, what is encoded."""
    from portal.search.meaning import opening
    from portal.search.meaning.weights import ModelUnavailableError

    with opened() as portal:
        try:
            files = opening.files_of(portal.settings)
            click.echo(f"model     {files.folder}")
            click.echo(f"licence   {files.licence}")
            click.echo(f"SHA-256   {files.digest()}")
            encoder = opening.open_encoder(files, portal.settings.meaning_folder)
        except ModelUnavailableError as error:
            raise Remedy(f"Words alone answer: {error}.") from None
        click.echo("          as it must be")
        click.echo(f"runs on   {'onnxruntime, 8 bits' if 'int8' in encoder.name else 'NumPy'}")
        click.echo(f"question  {_milliseconds(encoder, _QUESTION):.1f} ms")
        click.echo(f"passage   {_milliseconds(encoder, _PASSAGE):.1f} ms")
        _say_encoded(portal, encoder)


@model.command()
def encode() -> None:
    """Encode now what the worker would encode by and by; what is there stays."""
    from portal.search.meaning.following import follow_all
    from portal.search.meaning.opening import open_mind
    from portal.search.meaning.weights import ModelUnavailableError

    with opened() as portal:
        try:
            mind = open_mind(portal.settings)
        except ModelUnavailableError as error:
            raise Remedy(f"Nothing can be encoded: {error}.") from None
        if not follow_all(portal.database, mind, _show_progress):
            raise Remedy("Another machine is encoding: it goes on by itself.")
        _say_encoded(portal, mind.encoder)


def _say_encoded(portal: Opened, encoder: "Encoder") -> None:
    from portal.search.meaning.following import counts
    from portal.search.meaning.opening import open_meanings

    done, total = counts(portal.database, open_meanings(portal.settings, encoder))
    click.echo(f"encoded   {done} of {total} articles")
    if not portal.settings.search_meaning:
        click.echo("in use    no: PORTAL_SEARCH_MEANING=on switches it on")


def _show_progress(done: int, total: int) -> None:
    click.echo(f"{done} of {total} articles", err=True)


def _milliseconds(encoder: "Encoder", text: str) -> float:
    """The median of some trials."""
    taken = []
    for _ in range(_TRIALS):
        started = perf_counter()
        encoder.encode([text])
        taken.append(perf_counter() - started)
    return sorted(taken)[_TRIALS // 2] * 1000
