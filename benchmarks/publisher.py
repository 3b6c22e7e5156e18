"""Publishes one article and withdraws it again, four times a second, until it is ended."""

import time

from sqlalchemy import select

from portal.clock import now
from portal.commands.context import opened
from portal.knowledge.article import Article, Status
from portal.knowledge.publishing import publish, unpublish


def main() -> None:
    with opened() as portal:
        newest = select(Article).order_by(Article.id.desc()).limit(1)
        while True:
            with portal.database.writing() as db:
                article = db.scalars(newest).one()
                act = unpublish if article.status is Status.PUBLISHED else publish
                act(db, article=article, by=None, now=now())
            time.sleep(0.25)


if __name__ == "__main__":
    main()
