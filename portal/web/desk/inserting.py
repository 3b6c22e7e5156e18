"""Canned answers and article links for a reply, found by their words.

An article that the customer may not read can't be inserted, and it is said why.
"""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.cases.case import Case
from portal.desk.canning import canned_answers, filled_in
from portal.knowledge.article import Article
from portal.knowledge.queries import readable_articles
from portal.knowledge.reader import ANYONE, STAFF, Reader
from portal.locale import N_
from portal.search.searching import search
from portal.web.access import Who, allow
from portal.web.addresses import absolute
from portal.web.desk import blueprint
from portal.web.desk.beside import Finding, Insertion
from portal.web.desk.case import case_page
from portal.web.desk.conversation import UPLOAD_LIMIT_BYTES
from portal.web.desk.forms import ReplyForm
from portal.web.desk.loading import load_case, worker
from portal.web.parts import parts
from portal.web.transaction import db

_MOST_ARTICLES = 6
_MOST_CANNED = 12


@blueprint.get("/desk/cases/<reference>/insertions")
@allow(Who.AGENT, is_use=False)
def insertions(reference: str) -> str:
    """What can be inserted, for the script; a fragment."""
    found = _found(load_case(reference), request.args.get("q", "")[:100])
    return render_template("desk/_insertions.html", insertions=found)


@blueprint.post("/desk/cases/<reference>/insertions")
@allow(Who.AGENT, limit_bytes=UPLOAD_LIMIT_BYTES)
def insert(reference: str) -> ResponseReturnValue:
    """The same without script: what was typed stays, and the chosen text is put under it."""
    case, form = load_case(reference), ReplyForm()
    words = request.form.get("find", "")[:100]
    found = _found(case, words)
    chosen = next((one for one in found if one.value == request.form.get("insert")), None)
    if chosen and chosen.text:
        form.body.data = "\n\n".join(filter(None, [form.body.text.strip(), chosen.text]))
    return case_page(case, filled=form, finding=Finding(words, found))


def _found(case: Case, words: str) -> list[Insertion]:
    canned = [
        Insertion(
            f"canned-{answer.id}",
            answer.title,
            N_("Canned answer"),
            filled_in(answer.body, case=case, by=worker()),
        )
        for answer in canned_answers(db(), words=words, limit=_MOST_CANNED)
    ]
    return canned + (_articles(case, words) if words.strip() else [])


def _articles(case: Case, words: str) -> list[Insertion]:
    results = search(db(), parts().index, text=words, reader=STAFF)
    ids = [result.article_id for result in results.items[:_MOST_ARTICLES]]
    allowed = {one.id for one in readable_articles(db(), reader=_reader_of(case), ids=ids)}
    articles = readable_articles(db(), reader=STAFF, ids=ids)
    return [_article(one, may_be_read=one.id in allowed) for one in articles]


def _article(article: Article, *, may_be_read: bool) -> Insertion:
    assert article.published is not None
    title = article.published.title
    text = f"{title}: {absolute('help.article', slug=article.slug)}" if may_be_read else ""
    return Insertion(f"article-{article.id}", title, N_("Article"), text)


def _reader_of(case: Case) -> Reader:
    """A guest reads what anybody may; a contact what their organisation may."""
    return Reader("contact", case.organisation_id) if case.contact_id else ANYONE
