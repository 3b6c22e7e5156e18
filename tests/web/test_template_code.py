"""Templates write what Jinja would write, whatever their code compiles to."""

from inspect import isroutine
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup, escape

from portal.template_code import LeanCode, written


class _Lean(Environment):
    code_generator_class = LeanCode


def _both(values: dict[str, Any], **sources: str) -> tuple[str, str]:
    """The page as Jinja writes it, and as we do."""
    loader = DictLoader({name.replace("_", "."): text for name, text in sources.items()})
    made = (
        kind(loader=loader, autoescape=lambda name: bool(name and name.endswith(".html")))
        for kind in (Environment, _Lean)
    )
    first, second = (each.get_template("page.html").render(values) for each in made)
    return first, second


@given(st.one_of(st.text(), st.text().map(Markup), st.integers(), st.none(), st.floats()))
def test_values_are_escaped_as_by_markupsafe(value: object) -> None:
    assert written(value) == escape(value)


@given(st.text(), st.text().map(Markup))
def test_text_is_escaped_once_and_markup_not_at_all(text: str, markup: Markup) -> None:
    said, wrapped = "{% macro said(what) %}{{ what }}{% endmacro %}", "{{ said(text) }}{{ markup }}"
    jinjas, ours = _both(
        {"text": text, "markup": markup},
        ui_html=said,
        page_html="{% from 'ui.html' import said %}" + wrapped + "{% set s %}" + wrapped
        + "{% endset %}{{ s }}{{ s ~ text }}",
    )  # fmt: skip
    assert ours == jinjas


@pytest.mark.parametrize(
    "page",
    [
        "{{ f(1, *[2], **{'c': 3}) }}",
        "{{ f(1, c=3) }}{{ f(c=4) }}",
        "{% macro m(a, b=2) %}{{ a }}{{ b }}{{ caller(a) }}{% endmacro %}"
        "{% call(x) m('<', b='>') %}{{ x }}&{% endcall %}",
        "{% macro m() %}{{ kwargs['class'] }}{{ varargs[0] }}{% endmacro %}{{ m(1, class='<') }}",
        "{% for x in 'ab' %}{{ loop.index }}{{ loop.cycle('<', '>') }}{% include 'part.html' %}"
        "{% endfor %}",
        "{% include 'part.txt' %}{% include 'part.html' without context %}",
        "{% include 'none.html' ignore missing %}{% include ['none.html', 'part.html'] %}",
        "{% set name = 'part.html' %}{% include name %}",
        "{% extends 'base.html' %}{% block b %}{{ super() }}{{ self.c() }}{% endblock %}"
        "{% block c %}<c>{{ x }}{% endblock %}",
    ],
)
def test_calls_and_included_parts_come_out_the_same(page: str) -> None:
    jinjas, ours = _both(
        {"f": lambda *a, **k: f"<{a}{k}>", "x": "<x>"},
        page_html=page,
        part_html="<p>{{ x }}",
        part_txt="<t>{{ x }}",
        base_html="{% block b %}<b>{{ x }}{% endblock %}{% block c %}{% endblock %}",
    )
    assert ours == jinjas


def test_a_missing_value_is_told_when_it_is_written() -> None:
    page = _Lean(autoescape=True, undefined=StrictUndefined).from_string("{{ missing }}")
    with pytest.raises(UndefinedError):
        page.render()


def test_no_function_of_the_portals_templates_asks_for_its_context(app: Flask) -> None:
    functions = {name: value for name, value in app.jinja_env.globals.items() if isroutine(value)}
    assert {"url_for", "csrf_token", "_"} <= functions.keys()
    assert [name for name, value in functions.items() if hasattr(value, "jinja_pass_arg")] == []
