"""Sentences in templates keep what stands around them as it was."""

from jinja2 import DictLoader, Environment

from portal.template_words import give_words


def test_two_sentences_in_a_row_are_parted_on_pages_and_lines_stay_lines_in_letters() -> None:
    words = "{% trans %}One.{% endtrans %}\n{% trans %}Two.{% endtrans %}\n"
    templates = Environment(
        loader=DictLoader({"page.html": words, "letter.txt": words}),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    give_words(templates)
    assert templates.get_template("page.html").render().split() == ["One.", "Two."]
    assert templates.get_template("letter.txt").render() == "One.Two."
