"""What a mail says is understood, whoever's program wrote it; and no mail, however odd, harms."""

import email
import random
import string
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.mail.inbound.arrived import Arrived
from portal.mail.inbound.charsets import decoded, header_text
from portal.mail.inbound.folding import fold
from portal.mail.inbound.html_words import words_of
from portal.mail.inbound.reading import glimpse, read
from portal.mail.inbound.senders import Sender, sender_in
from portal.mail.inbound.understanding import UnreadableMailError, understand
from tests.mail.hostile_mails import HOSTILE
from tests.mail.written import message

Understood = Callable[[bytes], Arrived]


@pytest.fixture
def understood(tmp_path: Path) -> Understood:
    """Understand a mail in this process, without its limits."""

    def understand_it(raw: bytes) -> Arrived:
        return understand(email.message_from_bytes(raw), folder=tmp_path, envelope_sender=None)

    return understand_it


@pytest.mark.parametrize(
    ("header", "address", "name"),
    [
        ("ines@customer.example", "ines@customer.example", ""),
        ("Ines Okafor <Ines@Customer.Example>", "ines@customer.example", "Ines Okafor"),
        ('"Okafor, Ines" <ines@customer.example>', "ines@customer.example", "Okafor, Ines"),
        ("ines@customer.example (Ines)", "ines@customer.example", ""),
        ('"ines@customer.example" <eve@evil.example>', "eve@evil.example", ""),
        ("ines@customer.example <eve@evil.example>", "", ""),
        ("ines@customer.example, eve@evil.example", "", ""),
        ("<ines@customer.example> <eve@evil.example>", "", ""),
        ('"ines"@customer.example', "", ""),
        ("Undisclosed:;", "", ""),
        ("", "", ""),
        ("(" * 2_000 + "a@b.example", "", ""),
    ],
)
def test_exactly_one_address_is_the_sender(header: str, address: str, name: str) -> None:
    assert sender_in(header) == Sender(address, name)


@given(st.text(max_size=300))
def test_any_from_header_names_one_sender_or_none(header: str) -> None:
    found = sender_in(header)
    assert found.address == "" or found.address.count("@") == 1
    assert "@" not in found.name


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("größer".encode(), "utf-8", "größer"),
        ("größer".encode(), "us-ascii", "größer"),
        ("größer".encode(), "iso-8859-1", "größer"),
        ("größer".encode("latin-1"), "iso-8859-1", "größer"),
        ("“quoted”".encode("cp1252"), "iso-8859-1", "“quoted”"),
        ("größer".encode("latin-1"), "no-such-thing", "größer"),
        ("電話".encode("gb18030"), "gb2312", "電話"),
        ("電話".encode("iso2022_jp"), "iso-2022-jp", "電話"),
        (b"uryyb", "rot13", "uryyb"),
        (b"hello", "zlib", "hello"),
        (b"caf\xff", "utf-8", "caf�"),
    ],
)
def test_words_are_read_in_the_charset_they_are_really_in(
    data: bytes, charset: str, text: str
) -> None:
    assert decoded(data, charset) == text


@given(st.binary(max_size=400), st.text(max_size=30))
def test_any_bytes_in_any_charset_are_text(data: bytes, charset: str) -> None:
    assert isinstance(decoded(data, charset), str)


@given(st.text(max_size=300))
def test_any_header_is_one_printable_line(header: str) -> None:
    assert "\n" not in header_text(header)
    assert header_text(header).isprintable()


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("=?utf-8?b?R3LDvMOfZQ==?=", "Grüße"),
        ("=?iso-8859-1?q?Gr=FC=DFe?= =?utf-8?q?_an_alle?=", "Grüße an alle"),
        ("one\r\n two", "one two"),
        ("a\u202eb\x00c", "a b c"),
    ],
)
def test_headers_are_read_as_they_were_meant(raw: str, shown: str) -> None:
    assert header_text(raw) == shown


TOP = "It works now.\n\nThanks"
QUOTE = "> Which version?\n> 4.2 is old."


@pytest.mark.parametrize(
    "attribution",
    [
        "On Mon, 23 Nov 2026 at 10:00, Support <support@help.example> wrote:",
        "On Mon, 23 Nov 2026 at 10:00, Support\n<support@help.example> wrote:",
        "Am Mo., 23. Nov. 2026 um 10:00 Uhr schrieb Support:",
        "Le lun. 23 nov. 2026 à 10:00, Support a écrit :",
        "El lun, 23 nov 2026 a las 10:00, Support escribió:",
        "Il giorno lun 23 nov 2026 alle ore 10:00 Support ha scritto:",
        "Op ma 23 nov 2026 om 10:00 schreef Support:",
    ],
)
def test_what_is_quoted_below_is_folded_with_its_heading(attribution: str) -> None:
    folded = fold(f"{TOP}\n\n{attribution}\n{QUOTE}\n")
    assert folded.said == TOP
    assert folded.repeated == f"{attribution}\n{QUOTE}"


@pytest.mark.parametrize(
    "copy",
    [
        "-----Original Message-----\nFrom: Support\nSent: Monday\nTo: Ines\nSubject: Case",
        "________________________________\nFrom: Support\nSent: Monday\nTo: Ines\nSubject: Case",
        "Von: Support\nGesendet: Montag\nAn: Ines\nBetreff: Fall",
        "De : Support\nEnvoyé : lundi\nÀ : Ines\nObjet : Cas",
        "*From:* Support\n*Sent:* Monday\n*To:* Ines\n*Subject:* Case",
    ],
)
def test_a_mail_copied_below_is_folded(copy: str) -> None:
    folded = fold(f"{TOP}\n\n{copy}\n\nWhich version?")
    assert folded.said == TOP
    assert folded.repeated.startswith(copy.partition("\n")[0])


def test_an_answer_below_one_quote_stands_alone() -> None:
    folded = fold(f"Support wrote:\n{QUOTE}\n\n{TOP}")
    assert folded.said == TOP
    assert QUOTE in folded.repeated


def test_questions_answered_one_by_one_stay_together() -> None:
    text = "> Which version?\n4.2\n> Which phone?\nThe red one"
    assert fold(text).said == text
    assert fold(text).repeated == ""


@pytest.mark.parametrize("signature", ["-- \nInes Okafor\nHarbour Lines", "Sent from my iPhone"])
def test_signatures_are_folded(signature: str) -> None:
    assert fold(f"{TOP}\n\n{signature}").said == TOP


@pytest.mark.parametrize(
    "text",
    [
        "--\nonly a signature",
        "> only a quote",
        "From: me\nThe subject: phones",
        "    indented code\n    stays",
        "He wrote:\nthis is no quote",
    ],
)
def test_what_only_looks_repeated_is_not_folded_away(text: str) -> None:
    assert fold(text).said == text


@given(st.text(alphabet=st.sampled_from("> \nab-_:From wrote"), max_size=300))
def test_folding_loses_no_line(text: str) -> None:
    folded = fold(text)
    told = {line.strip() for line in f"{folded.said}\n{folded.repeated}".split("\n")}
    assert {line.strip() for line in text.split("\n")} <= told | {""}


def test_html_becomes_the_words_that_were_seen() -> None:
    html = """<html><head><title>x</title><style>p {color: red}</style></head><body>
      <script>alert(1)</script><p>Phones <b>don't</b>
      ring.</p><ul><li>one</li><li>two</li></ul>
      <table><tr><td>Site</td><td>Harbour</td></tr></table>
      See <a href="https://customer.example/log">the log</a><br>Thanks &amp; bye
      <div class="gmail_quote">On Monday, Support wrote:<blockquote>Which
      version?</blockquote></div></body></html>"""
    assert words_of(html).split("\n") == [
        "Phones don't ring.",
        "",
        "- one",
        "- two",
        "",
        "Site | Harbour",
        "",
        "See the log <https://customer.example/log>",
        "Thanks & bye",
        "> On Monday, Support wrote:",
        "> Which version?",
    ]


@given(st.text(max_size=400))
def test_any_html_becomes_text(html: str) -> None:
    assert "<script" not in words_of(html).casefold()


def test_plain_words_go_before_html_and_an_empty_one_does_not_count(understood: Understood) -> None:
    both = message("Plain words", html="<p>HTML words</p>")
    assert understood(both.as_bytes()).said == "Plain words"
    empty = message("\n", html="<p>HTML words</p>")
    assert understood(empty.as_bytes()).said == "HTML words"


def test_a_forwarded_mail_is_a_file_and_an_inline_picture_too(understood: Understood) -> None:
    outer = message("See below")
    outer.add_attachment(message("The inner words"))
    outer.add_attachment(b"\x89PNG\r\n\x1a\n", maintype="image", subtype="png", cid="<x>")
    inner, picture = understood(outer.as_bytes()).files
    assert inner.name.endswith(".eml")
    assert b"The inner words" in Path(inner.path).read_bytes()
    assert picture.name.endswith(".png")


def test_file_names_are_read_in_every_way_they_are_written(understood: Understood) -> None:
    raw = (
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n"
        b"--B\r\nContent-Type: text/csv; name==?utf-8?q?gr=C3=BCn.csv?=\r\n"
        b"Content-Disposition: attachment\r\n\r\na\r\n"
        b"--B\r\nContent-Type: text/csv\r\n"
        b"Content-Disposition: attachment; filename*=utf-8''gr%C3%BCn2.csv\r\n\r\nb\r\n--B--\r\n"
    )
    assert [file.name for file in understood(raw).files] == ["grün.csv", "grün2.csv"]


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_mail_is_read_or_refused_within_its_limits(name: str, tmp_path: Path) -> None:
    path = tmp_path / "mail"
    path.write_bytes(HOSTILE[name]())
    try:
        with read(path, envelope_sender=None) as arrived:
            assert len(arrived.subject) <= 300
            assert arrived.sender.count("@") <= 1
            assert not any(
                "/" in file.name and Path(file.path).parent == path for file in arrived.files
            )
    except UnreadableMailError:
        pass  # the administrator sees it whole
    glimpse(path)


def test_parameters_without_end_keep_nobody_from_the_words(understood: Understood) -> None:
    """Read one by one, they take longer than a mail may."""
    assert understood(HOSTILE["parameters"]()).said == "hello"


def test_after_a_hostile_mail_the_next_one_is_read(tmp_path: Path) -> None:
    hostile, good = tmp_path / "hostile", tmp_path / "good"
    hostile.write_bytes(HOSTILE["nested_rfc822"]())
    good.write_bytes(message("Good").as_bytes())
    with pytest.raises(UnreadableMailError), read(hostile, envelope_sender=None):
        pass
    with read(good, envelope_sender=None) as arrived:
        assert arrived.said == "Good"


HEADERS = st.sampled_from(
    ["From", "Subject", "Content-Type", "Content-Transfer-Encoding", "Message-ID", "References"]
)
VALUES = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        [
            "multipart/mixed; boundary=B",
            "multipart/alternative; boundary=B",
            "text/html; charset=utf-7",
            "text/plain; charset=rot13",
            "message/rfc822",
            "base64",
            "quoted-printable",
            "x-uuencode",
            "=?utf-8?q?=00?=",
        ]
    ),
)


@settings(max_examples=200)
@given(
    st.lists(st.tuples(HEADERS, VALUES), max_size=8),
    st.lists(st.one_of(st.binary(max_size=60), st.just(b"--B"), st.just(b"--B--")), max_size=12),
)
def test_any_message_is_understood_or_refused(
    understood: Understood, headers: list[tuple[str, str]], lines: list[bytes]
) -> None:
    head = b"".join(f"{name}: {value}\r\n".encode("utf-8", "replace") for name, value in headers)
    raw = head + b"\r\n" + b"\r\n".join(lines)
    try:
        arrived = understood(raw)
    except (UnreadableMailError, ValueError, LookupError, TypeError, AttributeError):
        return
    assert arrived.subject.isprintable()
    assert arrived.sender.count("@") <= 1


def test_a_thousand_random_mails_never_end_the_reader(tmp_path: Path) -> None:
    source = random.Random(5)
    path = tmp_path / "mail"
    for _ in range(100):
        path.write_bytes(source.randbytes(source.randrange(2_000)))
        with read(path, envelope_sender=None) as arrived:
            assert (
                set(arrived.message_id) <= set(string.printable) or arrived.message_id.isprintable()
            )
