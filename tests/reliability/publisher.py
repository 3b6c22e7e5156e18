"""A writer's process that publishes without end: python -m tests.reliability.publisher DATABASE.

Each line that it prints names a version after its commit.
"""

import sys

from sqlalchemy import select

import portal.entities  # noqa: F401  (the whole schema)
from portal.clock import now
from portal.database import Database
from portal.knowledge.article import Article
from portal.knowledge.publishing import publish
from portal.knowledge.rendering_core import Rendered
from portal.knowledge.versioning import save_version
from portal.knowledge.words import Words


def main(url: str) -> None:
    database = Database(url)
    while True:
        with database.writing() as db:
            article = db.scalars(select(Article)).one()
            number = article.versions[-1].number + 1
            text = f"Text {number}"
            version = save_version(
                db,
                article=article,
                words=Words(title=f"Title {number}", body=text),
                by=None,
                now=now(),
                rendered=Rendered(f"<p>{text}</p>", [], text, [], []),
            )
            publish(db, article=article, by=None, now=now(), version=version)
        print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
