"""Publishes until it is ended: one article and back again, four times a second; or, with
`--new WRITER COUNT`, so many new articles, each as soon as it reads a line that the last was found.
"""

import sys
import time

from sqlalchemy import select

from portal.clock import now
from portal.commands.context import Opened, opened
from portal.knowledge.article import Article, ArticleType, Audience, Category, Status
from portal.knowledge.publishing import publish
from portal.knowledge.versioning import add_article
from portal.knowledge.withdrawing import unpublish
from portal.knowledge.words import Facts, Words


def main() -> None:
    with opened() as portal:
        if sys.argv[1:2] == ["--new"]:
            _publish_new(portal, writer=sys.argv[2], count=int(sys.argv[3]))
        else:
            _publish_one_again_and_again(portal)


def _publish_one_again_and_again(portal: Opened) -> None:
    newest = select(Article).order_by(Article.id.desc()).limit(1)
    while True:
        with portal.database.writing() as db:
            article = db.scalars(newest).one()
            act = unpublish if article.status is Status.PUBLISHED else publish
            act(db, article=article, by=None, now=now())
        time.sleep(0.25)


def _publish_new(portal: Opened, *, writer: str, count: int) -> None:
    for number in range(count):
        word = f"quokka{writer}x{number}"
        words = Words(title=f"About {word}", body="Its burrow is deep.")
        with portal.database.writing() as db:
            shelf = db.scalars(select(Category).limit(1)).one()
            facts = Facts(category=shelf, type=ArticleType.FAQ, audience=Audience.PUBLIC)
            made = add_article(db, slug=word, words=words, facts=facts, by=None, now=now())
            publish(db, article=made, by=None, now=now())
        print(word, time.time(), flush=True)
        sys.stdin.readline()


if __name__ == "__main__":
    main()
