"""Sentences in templates are said in the reader's language and keep what stands around them."""

from jinja2 import DictLoader
from markupsafe import Markup

from portal.locale import gettext, speaking
from portal.template_words import SpokenTemplates, give_words


def _templates(**sources: str) -> SpokenTemplates:
    templates = SpokenTemplates(
        loader=DictLoader({name.replace("_", "."): text for name, text in sources.items()}),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    give_words(templates)
    return templates


def test_two_sentences_in_a_row_are_parted_on_pages_and_lines_stay_lines_in_letters() -> None:
    words = "{% trans %}One.{% endtrans %}\n{% trans %}Two.{% endtrans %}\n"
    templates = _templates(page_html=words, letter_txt=words)
    assert templates.get_template("page.html").render().split() == ["One.", "Two."]
    assert templates.get_template("letter.txt").render() == "One.Two."


def test_one_template_speaks_each_readers_language_in_turn() -> None:
    page = "{% macro said() %}{{ _('Reply') }}{% endmacro %}"
    templates = _templates(
        ui_html=page,
        page_html="{% from 'ui.html' import said %}{{ said() }} {% trans %}Status{% endtrans %}",
    )
    heard = []
    for tag in ("en", "de", "en"):
        with speaking(tag):
            heard.append(templates.get_template("page.html").render())
            assert heard[-1] == f"{gettext('Reply')} {gettext('Status')}"
    assert heard[0] == heard[2] != heard[1]


def test_values_are_put_in_for_each_reader_and_stay_text_on_pages() -> None:
    templates = _templates(
        page_html="{{ _('Reopen case %(case)s?', case=case) }}",
        letter_txt="{{ _('Reopen case %(case)s?', case=case) }}",
        trans_html="{% trans day=day %}You proposed {{ day }}{% endtrans %}",
    )
    page = templates.get_template("page.html")
    assert page.render(case="<b>") == "Reopen case &lt;b&gt;?"
    assert page.render(case="100%") == "Reopen case 100%?"
    assert templates.get_template("letter.txt").render(case="<b>") == "Reopen case <b>?"
    proposed = templates.get_template("trans.html")
    assert proposed.render(day="<b>") == "You proposed &lt;b&gt;"
    assert proposed.render(day=Markup("<b>1</b>")) == "You proposed <b>1</b>"


def test_forms_for_scripts_are_those_of_the_language() -> None:
    templates = _templates(
        page_html="{{ by_number('%(number)s byte', '%(number)s bytes')|tojson }}"
    )
    with speaking("de"):
        assert "Byte" in templates.get_template("page.html").render()
    assert templates.get_template("page.html").render() == (
        '{"one": "%(number)s byte", "other": "%(number)s bytes"}'
    )


def test_a_sentence_that_is_not_known_before_is_said_when_it_is_read() -> None:
    templates = _templates(page_html="{{ _(words) }}")
    with speaking("de"):
        said = templates.get_template("page.html").render(words="Reply")
        assert said == gettext("Reply") != "Reply"
