"""`portal search`: rebuild the index and try it as a reader would."""

import click

from portal.commands.context import opened
from portal.knowledge.reader import ANYONE, Reader
from portal.search import indexing, searching
from portal.search.opening import open_index

READERS = {"anyone": ANYONE, "customer": Reader("contact"), "staff": Reader("staff")}


@click.group()
def search() -> None:
    """Rebuild the search index and try it."""


@search.command()
def rebuild() -> None:
    """Build the index anew beside the one in use, which answers until the new one is ready."""
    with opened() as installation:
        index = open_index(installation.settings)
        count = indexing.rebuild(installation.database, index, _show_progress)
        click.echo(f"The index holds {count} article{'' if count == 1 else 's'}.")


@search.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--as", "who", type=click.Choice(sorted(READERS)), default="anyone", help="Who asks.")
@click.option("--category", help="Stay within the category with this slug.")
def query(words: tuple[str, ...], who: str, category: str | None) -> None:
    """Search as somebody would, and print what they are shown."""
    with opened() as installation, installation.database.reading() as db:
        results = searching.search(
            db,
            open_index(installation.settings),
            text=" ".join(words),
            reader=READERS[who],
            category=category,
        )
    if results.is_plain:
        click.echo("There is no index yet: this is the plain search of the database.", err=True)
    if results.read_as:
        click.echo(f"Read as: {results.read_as}")
    for place, item in enumerate(results.items, start=1):
        click.echo(f"{place:2}. {item.title}  /articles/{item.slug}")
        click.echo("    " + "".join(text for text, _is_marked in item.excerpt))
    click.echo(f"{results.total} found.")


def _show_progress(done: int, total: int) -> None:
    click.echo(f"{done} of {total} articles", err=True)
