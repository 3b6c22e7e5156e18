"""Fields: every limit has a message that says what to do, and what was typed stays."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.web.forms import Email, Form, Line, Text


class _Form(Form):
    line = Line("Subject", required="Enter a subject.", limit=10)
    more = Line("More")
    text = Text("Text", limit=20)
    email = Email("Email address", required="Enter your email address.")


GOOD = {"line": "Hello", "email": "ada@customer.example"}


def _filled(app: Flask, **changes: str) -> _Form:
    with app.test_request_context("/", method="POST"):
        form = _Form(MultiDict(GOOD | changes))
        form.validate()
    return form


def test_good_answers_pass(app: Flask) -> None:
    form = _filled(app, line="  Hello ", text="one\r\ntwo\rthree", email=" Ada@EXAMPLE.COM")
    assert not form.errors
    assert form.line.text == "Hello"
    assert form.text.text == "one\ntwo\nthree"
    assert form.email.text == "Ada@example.com"
    assert form.more.text == ""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"line": ""}, "Enter a subject."),
        ({"line": "   "}, "Enter a subject."),
        ({"line": "x" * 12}, "Shorten this to 10 characters; it has 2 too many."),
        ({"line": "a\x00b"}, "invisible characters"),
        ({"line": "a\nb"}, "invisible characters"),
        ({"line": "a\u202eb"}, "invisible characters"),
        ({"text": "y" * 25}, "Shorten this to 20 characters; it has 5 too many."),
        ({"email": ""}, "Enter your email address."),
    ],
)
def test_a_refusal_says_what_to_do(app: Flask, change: dict[str, str], told: str) -> None:
    errors: dict[str, Any] = _filled(app, **change).errors
    assert told in errors[next(iter(change))][0]


@pytest.mark.parametrize(
    "address",
    [
        "ada",
        "ada@",
        "@customer.example",
        "ada@customer",
        "ada@@customer.example",
        "ada@customer..example",
        "ada@customer.example\r\nBcc: eve@evil.example",
        "ada@customer.example,eve@evil.example",
        "ada@customer.example eve@evil.example",
        "Ada <ada@customer.example>",
        '"<script>alert(1)</script>"@customer.example',
        '"a b"@customer.example',
        "ada@[127.0.0.1]",
        "ada@customer.example\u202e",
        "<script>@customer.example",
        "a" * 250 + "@customer.example",
    ],
)
def test_what_is_no_plain_address_is_refused(app: Flask, address: str) -> None:
    assert _filled(app, email=address).errors["email"]


def test_names_in_any_script_pass_unchanged(app: Flask) -> None:
    for name in ("Zo\u00eb", "\u5c71\u7530", "\u0639\u0644\u064a", "O'Brien", "<b>", "=1+1"):
        assert _filled(app, line=name).line.text == name
