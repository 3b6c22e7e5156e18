"""Each control is labelled, explained and, when wrong, says so in words."""

import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Form,
    MultipleFileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional

from portal.locale import interface_languages
from portal.template_words import give_words

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
NOON = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


class CaseForm(Form):
    subject = StringField("Subject", [InputRequired("Enter a subject")], description="One line.")
    details = TextAreaField("Details", [Optional()])
    product = SelectField("Product", choices=[("r", "Recorder")])
    password = PasswordField("Password")
    impact = RadioField(
        "Impact", [InputRequired("Choose the impact")], choices=[("1", "All"), ("2", "Some")]
    )
    sites = SelectMultipleField("Sites", choices=[("n", "North"), ("s", "South")])
    agree = BooleanField("I agree")
    upload = MultipleFileField("Files")


@pytest.fixture
def environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    env.globals.update(
        has_language_choice=lambda: False,
        page_language=lambda: "en",
        page_direction=lambda: "",
        url_for=lambda endpoint, **kw: "/" + endpoint.replace(".", "/"),
        asset=lambda name: f"/static/{name}",
        csrf_token=lambda: "token-1",
        request=SimpleNamespace(endpoint="help.home"),
    )
    give_words(env)
    env.filters.update(
        iso=lambda at: at.isoformat(),
        when=lambda at: at.strftime("%a %d %b %Y, %H:%M UTC"),
        time_element=lambda at: Markup('<time datetime="{}">{}</time>').format(
            at.isoformat(), at.strftime("%a %d %b %Y, %H:%M UTC")
        ),
        relative=lambda at: "in 3 hours",
        size=lambda count: f"{count} bytes",
    )
    return env


@pytest.fixture
def say(environment):
    """Calls one macro of one file and returns its HTML with single spaces."""

    def call(component: str, macro: str, *args, **kwargs) -> str:
        module = environment.get_template(f"ui/{component}.html").module
        return re.sub(r"\s+", " ", str(getattr(module, macro)(*args, **kwargs)))

    return call


@pytest.fixture
def form() -> CaseForm:
    return CaseForm()


@pytest.fixture
def wrong_form() -> CaseForm:
    form = CaseForm(MultiDict({"subject": "", "product": "r"}))
    form.validate()
    return form


def attributes(html: str, tag: str) -> str:
    return re.search(rf"<{tag}\b[^>]*>", html).group(0)


def test_a_field_is_labelled_and_described_by_its_hint(say, form):
    html = say("field", "field", form.subject)
    assert '<label class="label" for="subject">Subject</label>' in html
    assert 'aria-describedby="subject-hint"' in attributes(html, "input")
    assert "aria-invalid" not in html


def test_the_browser_never_speaks_before_the_form_does(say, form):
    assert " required" not in say("field", "field", form.subject)


def test_an_optional_field_says_so_in_words(say, form):
    assert "(optional)" in say("field", "field", form.details)
    assert "(optional)" not in say("field", "field", form.subject)


def test_a_wrong_field_tells_hint_and_error(say, wrong_form):
    html = say("field", "field", wrong_form.subject)
    assert 'aria-describedby="subject-hint subject-error"' in html
    assert 'aria-invalid="true"' in html
    assert '<span class="visually-hidden">Error:</span> Enter a subject' in html


def test_what_was_typed_is_escaped_and_kept(say):
    typed = CaseForm(MultiDict({"subject": '"><script>x</script>'}))
    html = say("field", "field", typed.subject)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    ("name", "tag"), [("details", "textarea"), ("product", "select"), ("password", "input")]
)
def test_each_kind_of_field_gets_its_control(say, form, name, tag):
    assert f'id="{name}"' in attributes(say("field", "field", form[name]), tag)


def test_further_attributes_reach_the_control(say, form):
    html = say(
        "field", "field", form.details, autocomplete="off", attrs={"data-autosave": "reply-1"}
    )
    assert 'data-autosave="reply-1"' in attributes(html, "textarea")
    assert 'autocomplete="off"' in attributes(html, "textarea")


def test_radios_stand_in_a_fieldset_whose_first_choice_has_the_fields_id(say, wrong_form):
    html = say("choices", "radios", wrong_form.impact, descriptions={"1": "Nobody can work."})
    assert '<fieldset class="field invalid" aria-describedby="impact-error">' in html
    assert html.index('id="impact"') < html.index('id="impact-1"')
    assert 'aria-describedby="impact-about"' in html
    assert "checked" not in html


def test_a_legend_can_be_the_heading_of_the_page(say, form):
    assert "<h1>Impact</h1>" in say("choices", "radios", form.impact, legend_is_heading=True)


def test_chosen_answers_stay_chosen(say):
    kept = CaseForm(MultiDict([("sites", "s"), ("agree", "y")]))
    assert re.search(r'value="s" checked', say("choices", "checkboxes", kept.sites))
    assert "checked" in say("choices", "checkbox", kept.agree)


def test_files_say_limits_first_and_can_be_removed_by_name(say, form):
    attached = [SimpleNamespace(id=7, name="log.txt", size=2048, url=None, thumbnail_url=None)]
    html = say("files", "files", form.upload, attached, "Up to 10 files of 20 MB.")
    assert html.index("Up to 10 files") < html.index('type="file"')
    assert 'name="remove_file" value="7"' in html
    assert 'Remove<span class="visually-hidden"> log.txt</span>' in html


def test_enter_in_a_form_with_files_does_not_remove_one(say, form):
    attached = [SimpleNamespace(id=7, name="log.txt", size=2048, url=None, thumbnail_url=None)]
    html = say("files", "files", form.upload, attached)
    assert "remove_file" not in attributes(html, "button")


def test_the_error_summary_leads_to_each_field_in_its_own_words(say, wrong_form):
    html = say("errors", "error_summary", wrong_form)
    assert "There is a problem" in html
    assert 'role="alert" tabindex="-1"' in html
    assert '<a href="#subject">Enter a subject</a>' in html
    assert '<a href="#impact">Choose the impact</a>' in html


def test_without_errors_there_is_no_summary(say, form):
    assert say("errors", "error_summary", form).strip() == ""


def test_a_time_shows_the_exact_form_and_the_relative_beside_it(say):
    html = say("time", "time_at", NOON)
    assert '<time datetime="2026-11-23T20:00:00+00:00">Mon 23 Nov 2026, 20:00 UTC</time>' in html
    assert "(in 3 hours)" in html
    assert "(in 3 hours)" not in say("time", "time_at", NOON, relative=False)


def test_a_missing_time_is_nothing(say):
    assert say("time", "time_at", None).strip() == ""


def test_an_unanswered_question_reads_not_provided(say):
    html = say("summary", "summary_list", [("Version", "", "/change", "version")])
    assert "Not provided" in html
    assert 'Change<span class="visually-hidden"> version</span>' in html


def test_the_pager_marks_the_page_and_skips_the_middle(say):
    page = SimpleNamespace(number=6, count=12, url=lambda n: f"?page={n}")
    html = say("pager", "pager", page)
    assert re.search(r'href="\?page=6" aria-current="page"', html)
    assert [n for n in range(1, 13) if f'href="?page={n}"' in html] == [1, 5, 6, 7, 12]
    assert html.count("…") == 2
    single = SimpleNamespace(number=1, count=1, url=None)
    assert say("pager", "pager", single).strip() == ""


def test_the_search_works_as_a_plain_form(say):
    html = say("search", "search_box", 'a "b"', category="accounts")
    assert 'action="/help/search"' in html
    assert 'name="q" value="a &#34;b&#34;"' in html
    assert '<label class="label" for="search-large">' in html
    assert '<input type="hidden" name="category" value="accounts">' in html


def test_the_promise_says_when_why_and_what_it_measures(say):
    span = SimpleNamespace(starts=NOON, ends=NOON, counted=False, because="closed on Sunday")
    promise = SimpleNamespace(
        headline="We will first answer by",
        instant=NOON,
        elsewhere=None,
        reason="Because it is Sunday.",
        strength="Expected",
        measures="First answer, not the fix",
        notes=["Update every 4 hours."],
        ledger=[span],
    )
    html = say("promise", "promise", promise)
    for text in ("20:00 UTC", "Because it is Sunday.", "First answer, not the fix"):
        assert text in html
    assert "Not counted: closed on Sunday" in html


def test_an_internal_note_is_named_in_words(say):
    note = SimpleNamespace(
        id=3,
        anchor=None,
        at=NOON,
        author="Mo",
        role="Support",
        side="note",
        title=None,
        body="<b>x</b>",
        files=[],
    )
    html = say("timeline", "timeline", [note])
    assert "Internal note" in html
    assert "&lt;b&gt;" in html


def test_a_destructive_act_asks_once_and_carries_the_token(say):
    html = say("confirm", "confirm", "/close", "Close case", "Close case AF-1?")
    assert "<details" in html
    assert 'value="token-1"' in html
    assert "Close case AF-1?" in html


def test_table_cells_carry_their_column_for_phones(say):
    html = say("table", "table", "Cases", ["Case", ("Hours", "number")], [[Markup("<a>1</a>"), 4]])
    assert '<th scope="row"><a>1</a></th>' in html
    assert '<td data-label="Hours" class="number">4</td>' in html


SITE = SimpleNamespace(
    name="Northwind",
    logo_url=None,
    phone="1",
    phone_href="tel:1",
    phone_option="",
    email=None,
    desk_name="Desk",
)


@pytest.mark.parametrize("code", [400, 403, 404, 410, 413, 429, 500])
def test_an_error_page_keeps_the_frame_and_offers_the_next_step(environment, code):
    html = environment.get_template(f"errors/{code}.html").render(
        site=SITE, person=None, notices=[], incident="7F3A"
    )
    assert html.count("<h1>") == 1
    assert 'role="search"' in html
    assert "7F3A" in html
    assert "/support/start_case" in html
    assert html.index('href="#main"') < html.index("<header")


def test_the_last_error_page_is_ready_in_each_language_before_anything_fails(app):
    pages = app.extensions["plain_error"]
    assert tuple(pages) == interface_languages()
    for tag, html in pages.items():
        assert f'<html lang="{tag}">' in html
        assert "<h1>" in html
        assert "{" not in html


def test_a_failed_form_says_so_in_the_title(environment, wrong_form):
    page = environment.from_string('{% extends "layouts/question.html" %}')
    html = page.render(site=SITE, person=None, notices=[], form=wrong_form)
    assert "<title>Error: " in html


def test_the_desk_shows_each_role_its_own_places(environment):
    page = environment.from_string('{% extends "layouts/desk.html" %}')

    def places(role: str) -> set[str]:
        works = role != "writer"
        person = SimpleNamespace(
            name="P", role=role, is_staff=True, may_work_cases=works, has_shortcuts=False
        )
        html = page.render(site=SITE, person=person, notices=[])
        nav = html[html.index('aria-label="Desk"') : html.index("<main")]
        return set(re.findall(r'href="/([\w/]+)"', nav))

    shared = {"writing/library", "writing/deflection", "writing/work_list"}
    agents = {*shared, "desk/queue", "desk/known_issues"} | {
        "directory/organisation_list",
        "directory/people_list",
    }
    assert places("writer") == shared
    assert places("agent") == agents
    managers = {*agents, "desk/policies", "desk/service_report", "desk/team_list"}
    assert places("manager") == managers
    assert places("administrator") == {*managers, "desk/mail_in", "desk/outbox"}


def test_no_template_holds_inline_script_or_style():
    for path in [*TEMPLATES.glob("ui/*.html"), *TEMPLATES.glob("layouts/*.html")]:
        text = path.read_text()
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", text), path
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path


def test_styles_and_scripts_stay_light_and_at_home():
    styles = sorted((ROOT / "static/css").glob("*.css"))
    scripts = sorted((ROOT / "static/js").glob("*.js"))
    assert styles[0].read_text().index("@layer reset, tokens, base") > 0
    for path in [*styles, *scripts]:
        text = path.read_text()
        assert len(text.splitlines()) <= 150, path
        assert not re.search(r"https?://(?!www\.w3\.org)|url\(|@import|^import ", text, re.M), path
