"""Before a case is sent: at most three articles that may already answer it, never a wall.

They are looked for once, when step 1 is left. What was shown and opened stays with the case, so
that staff don't repeat it and writers see what did not help.
"""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.cases import drafting
from portal.cases.draft import Draft
from portal.clock import now
from portal.knowledge.article import Article
from portal.knowledge.queries import readable_articles
from portal.search.deflection import articles_for
from portal.web.access import Who, allow
from portal.web.identity import reader
from portal.web.parts import parts
from portal.web.support import blueprint
from portal.web.support.steps import address, back_of, enter, onward
from portal.web.transaction import db

MOST_ARTICLES = 3


def offer(draft: Draft, text: str) -> bool:
    """Look for articles that may answer `text` and remember them; whether there are any."""
    found = _found(text)
    shown = [(article.id, article.title) for article in found]
    drafting.show_articles(db(), draft=draft, articles=shown, now=now())
    return bool(found)


@blueprint.get("/cases/answers")
@allow(Who.ANYONE, is_use=False)
def answers_while_typing() -> ResponseReturnValue:
    """The list beside the subject; a fragment."""
    found = _found(request.args.get("q", "")[:200])
    return render_template("support/_answers_while_typing.html", articles=found)


@blueprint.get("/cases/drafts/<public_id>/answers")
@allow(Who.HOLDER)
def answers(public_id: str) -> ResponseReturnValue:
    draft, _ = enter(public_id, "effect")
    ids = [shown["article_id"] for shown in draft.shown_articles]
    found = readable_articles(db(), reader=reader(), ids=ids)[:MOST_ARTICLES]
    if not found:
        return redirect(address("effect", draft), 303)
    return render_template(
        "support/answers.html",
        draft=draft,
        articles=[_shown(article) for article in found],
        back=address("question", draft),
    )


@blueprint.post("/cases/drafts/<public_id>/answers")
@allow(Who.HOLDER)
def judge_answers(public_id: str) -> ResponseReturnValue:
    """Solved, or on with the case: one press either way."""
    draft, _ = enter(public_id, "effect")
    for article_id in request.form.getlist("opened")[:MOST_ARTICLES]:
        if article_id.isdecimal():
            drafting.open_article(db(), draft=draft, article_id=int(article_id), now=now())
    if request.form.get("outcome") == "solved":
        drafting.solve_draft(db(), draft=draft, now=now())
        return redirect(url_for("support.solved", public_id=public_id), 303)
    return onward(draft, "question")


@blueprint.get("/cases/drafts/<public_id>/solved")
@allow(Who.HOLDER)
def solved(public_id: str) -> ResponseReturnValue:
    """Thanks; the draft can be taken up again for some days."""
    draft, _ = enter(public_id, "question")
    return render_template(
        "support/solved.html", draft=draft, continue_url=address("effect", draft)
    )


def _found(text: str) -> list[Article]:
    return list(
        articles_for(db(), parts().index, text=text, reader=reader(), limit=MOST_ARTICLES)
    )


def _shown(article: Article) -> dict[str, object]:
    version = article.published_version
    return {
        "id": article.id,
        "slug": article.slug,
        "title": article.title,
        "summary": getattr(version, "summary", ""),
        "html": Markup(getattr(version, "html", "")),
    }
