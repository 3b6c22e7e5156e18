"""How many attempts were answered by an article: the figures, what they mean, and their log."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.insight.attempt_log import HEADS, log_between, rows_of
from portal.insight.deflection import Figures
from portal.insight.report import ArticleRow, report
from portal.locale import N_
from portal.locale import gettext as _
from portal.spreadsheet import table
from portal.web.access import Who, allow
from portal.web.filters import day
from portal.web.shares import percent
from portal.web.transaction import db
from portal.web.writing import blueprint

TIMES = {28: N_("Four weeks"), 91: N_("Three months"), 365: N_("A year")}
WIDTH, HEIGHT, MARGIN = 640, 160, 24
ARTICLE_HEADS = (
    "Article",
    "Shown",
    "Opened",
    "Read",
    "Confirmed",
    "Filed anyway",
    "Confirmed of shown, at least (95%)",
    "Confirmed of shown, at most (95%)",
)


@dataclass(frozen=True)
class Point:
    """A week on the chart: its place, and how high its rate and its interval stand."""

    x: float
    y: float
    low: float
    high: float
    words: str


@blueprint.get("/writing/deflection")
@allow(Who.STAFF)
def deflection() -> str:
    """Rate, count, interval, trend; by category and by article."""
    days = _days()
    found = report(db(), since=now() - timedelta(days), until=now(), now=now())
    times = [
        (_(words), url_for("writing.deflection", days=each), each == days)
        for each, words in TIMES.items()
    ]
    return render_template(
        "writing/deflection.html",
        report=found,
        days=days,
        times=times,
        percent=percent,
        share=share,
        points=_points(found.weeks),
        size=(WIDTH, HEIGHT, MARGIN),
    )


@blueprint.get("/writing/deflection/log.csv")
@allow(Who.STAFF)
def deflection_log() -> ResponseReturnValue:
    """Every sign behind the figures; the command line makes the same figures of it."""
    log = log_between(db(), since=now() - timedelta(_days()), until=now())
    return _sheet(table(HEADS, rows_of(log)), "deflection-log")


@blueprint.get("/writing/deflection/articles.csv")
@allow(Who.STAFF)
def deflection_articles() -> ResponseReturnValue:
    """The table of articles for a spreadsheet."""
    found = report(db(), since=now() - timedelta(_days()), until=now(), now=now())
    return _sheet(table(ARTICLE_HEADS, map(_cells, found.articles)), "deflection-articles")


def share(found: Figures) -> str:
    """A rate with its count and its 95% interval, in words."""
    if found.rate is None:
        return "–"
    low, high = found.interval
    return _(
        "%(rate)s (%(low)s to %(high)s, n = %(count)s)",
        rate=percent(found.rate),
        low=percent(low),
        high=percent(high),
        count=found.attempts,
    )


def _days() -> int:
    asked = request.args.get("days", 28, type=int)
    return asked if asked in TIMES else 28


def _points(weeks: list[tuple[datetime, Figures]]) -> list[Point]:
    """The weeks from left to right; 0 % at the bottom, 100 % at the top."""
    step = (WIDTH - 2 * MARGIN) / max(len(weeks) - 1, 1)
    return [
        Point(
            x=round(MARGIN + place * step, 1),
            y=_height(week.rate or 0.0),
            low=_height(week.interval[0]),
            high=_height(week.interval[1]),
            words=f"{day(monday.date())}: {share(week)}",
        )
        for place, (monday, week) in enumerate(weeks)
        if week.attempts
    ]


def _height(value: float) -> float:
    return round(HEIGHT - MARGIN - value * (HEIGHT - 2 * MARGIN), 1)


def _cells(row: ArticleRow) -> tuple[str, ...]:
    one = row.counts
    numbers = (one.shown, one.opened, one.read, one.confirmed, one.filed)
    return (row.title, *map(str, numbers), *(f"{share:.4f}" for share in one.interval))


def _sheet(text: str, name: str) -> Response:
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
