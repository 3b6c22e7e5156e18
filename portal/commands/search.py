"""`portal search`: rebuild the index, try it as a reader would, and measure how good it is."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from portal.commands.context import Opened, opened
from portal.commands.remedy import Remedy
from portal.commands.search_model import model
from portal.knowledge.reader import ANYONE, Reader
from portal.search import indexing, judging, searching, trials
from portal.search.engine import Thinks
from portal.search.index import Index
from portal.search.opening import open_index
from portal.settings import Settings

READERS = {"anyone": ANYONE, "customer": Reader("contact"), "staff": Reader("staff")}


@click.group()
def search() -> None:
    """Rebuild the search index, ask it as a reader would (query), and measure it (judge, run)."""


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
    """Ask this portal's library, as a reader would, and print what they are shown.

    `run` asks a library made of files instead, to measure an engine.
    """
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


@search.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "who", type=click.Choice(sorted(READERS)), default="anyone", help="Who asks.")
@click.option("--compare", is_flag=True, help="By words alone beside words with meaning.")
def judge(file: Path, who: str, compare: bool) -> None:
    """Say how well the library answers golden queries: lines of a query, a tab and a slug."""
    try:
        wanted = judging.read_pairs(file.read_text(encoding="utf-8").splitlines())
    except (judging.UnreadablePairsError, UnicodeDecodeError) as error:
        raise Remedy(f"{file}: {error}") from None
    with opened() as installation:
        if compare:
            _compare(installation, wanted, READERS[who])
            return
        found = _found(installation, open_index(installation.settings), wanted, READERS[who])
    said = judging.judge(found, wanted)
    click.echo(f"queries   {said.queries}")
    click.echo(f"nDCG@10   {said.ndcg:.4f}")
    click.echo(f"MRR@10    {said.mrr:.4f}")
    click.echo(f"recall@3  {said.recall:.4f}")
    click.echo(f"misses    {len(said.misses)}")
    for text in said.misses:
        click.echo(f"  {text}  (wanted: {', '.join(sorted(wanted[text]))})")


Wanted = dict[str, set[str]]


def _found(
    installation: Opened, index: Index, wanted: Wanted, reader: Reader
) -> dict[str, list[str]]:
    """The slugs that each query finds, best first."""
    with installation.database.reading() as db:
        return {
            text: [
                item.slug for item in searching.search(db, index, text=text, reader=reader).items
            ]
            for text in wanted
        }


def _compare(installation: Opened, wanted: Wanted, reader: Reader) -> None:
    """Both rankings side by side, and each query whose first right answer changes its place."""
    by_words = _found(installation, open_index(installation.settings, thinks=False), wanted, reader)
    with_meaning = _found(installation, _thinking_index(installation.settings), wanted, reader)
    before, after = judging.judge(by_words, wanted), judging.judge(with_meaning, wanted)
    click.echo(f"queries   {before.queries}")
    click.echo("          words   with meaning")
    click.echo(f"nDCG@10   {before.ndcg:.4f}  {after.ndcg:.4f}")
    click.echo(f"MRR@10    {before.mrr:.4f}  {after.mrr:.4f}")
    click.echo(f"recall@3  {before.recall:.4f}  {after.recall:.4f}")
    click.echo(f"misses    {len(before.misses):<7} {len(after.misses)}")
    for text, right in wanted.items():
        was, is_now = (
            judging.first_place(found[text], right) for found in (by_words, with_meaning)
        )
        if was != is_now:
            click.echo(f"  {was or '-':>2} -> {is_now or '-':>2}  {text}")


def _thinking_index(settings: Settings) -> Index:
    """The installation's index with meaning, whether it is switched on or not."""
    index = open_index(settings, thinks=False)
    with _model_or_remedy():
        from portal.search.meaning.opening import open_thinking

        index.think(open_thinking(settings, waits=True))
    return index


@contextmanager
def _model_or_remedy() -> Iterator[None]:
    """Raises Remedy where the model can't be used."""
    try:
        from portal.search.meaning.weights import ModelUnavailableError
    except ImportError:
        raise Remedy(
            "Search by meaning needs NumPy: `pip install answerfirst[semantic]`."
        ) from None
    try:
        yield
    except ModelUnavailableError as error:
        raise Remedy(f"{error}.") from None


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _trial(command: Callable[..., None]) -> Callable[..., None]:
    """The options of everything that builds a library for one trial."""
    for option in (
        click.option("--database", help="For postgres: a PostgreSQL that lends a schema."),
        click.option("--top", default=10, show_default=True, help="Answers a query."),
        click.option("--engine", type=click.Choice(trials.ENGINES), default="whoosh"),
        click.option("--queries", type=_FILE, required=True, help='{"id", "text"} lines.'),
        click.option("--docs", type=_FILE, required=True, help='{"id", "title", "text"} lines.'),
    ):
        command = option(command)
    return command


@search.command()
@_trial
@click.option("--semantic", is_flag=True, help="Let meaning have its say.")
def run(**asked: Any) -> None:
    """Measure an engine on files: build a library of --docs for this once, ask it all of --queries,
    and print a standard run (query Q0 doc rank score tag).

    This portal's own articles are not asked; `query` and `judge` ask those.
    """
    _print_run(trials.run, **asked)


@search.command("suggest-run")
@_trial
def suggest_run(**asked: Any) -> None:
    """Like `run`, for what is suggested while each query is typed."""
    _print_run(trials.suggest_run, **asked)


def _print_run(
    ask: Callable[..., Iterator[str]],
    docs: Path,
    queries: Path,
    engine: str,
    top: int,
    database: str | None,
    semantic: bool = False,
) -> None:
    tag = f"answerfirst-{engine}{'-semantic' if semantic else ''}"
    try:
        with trials.trial_index(engine, database) as index, ExitStack() as stack:
            names = trials.fill(index, docs)
            if semantic:
                index.think(stack.enter_context(_thinking_over(docs)))
            for line in ask(index, names, queries, top=top):
                click.echo(f"{line} {tag}")
    except (ValueError, KeyError) as error:
        raise Remedy(f"The trial could not be made: {error}") from None
    except ImportError:
        raise Remedy(f"{engine} is not installed: `pip install answerfirst[fast]`.") from None


@contextmanager
def _thinking_over(docs: Path) -> Iterator[Thinks]:
    """Meaning over the trial's library, which it encodes first."""
    with _model_or_remedy():
        from portal.search.meaning.trial import thinking_over

        with thinking_over(trials.documents(docs), _show_progress) as thinking:
            yield thinking


search.add_command(model)
