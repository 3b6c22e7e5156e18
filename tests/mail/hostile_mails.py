"""Mails of our own making that are meant to hurt whoever reads them."""

from collections.abc import Callable

HEAD = b"From: Eve <eve@evil.example>\r\nSubject: Hello\r\nMessage-ID: <x@evil.example>\r\n"
HOSTILE: dict[str, Callable[[], bytes]] = {}


def _mail(make: Callable[[], bytes]) -> Callable[[], bytes]:
    HOSTILE[make.__name__] = make
    return make


def _with(kind: str, body: bytes, encoding: str = "8bit") -> bytes:
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return HEAD + head.encode() + body


@_mail
def nothing() -> bytes:
    return b""


@_mail
def only_headers() -> bytes:
    return HEAD


@_mail
def no_headers() -> bytes:
    return b"\r\n\r\nhello"


@_mail
def null_bytes() -> bytes:
    return HEAD + b"\r\n" + b"\x00" * 100_000


@_mail
def one_long_line() -> bytes:
    return HEAD + b"\r\n" + b"a" * 5_000_000


@_mail
def million_lines() -> bytes:
    return HEAD + b"\r\n" + b"\n" * 1_000_000


@_mail
def long_subject() -> bytes:
    return b"From: a@b.example\r\nSubject: " + b"x" * 2_000_000 + b"\r\n\r\n"


@_mail
def many_headers() -> bytes:
    return HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(200_000)) + b"\r\nhi"


@_mail
def folded_header() -> bytes:
    return b"From: a@b.example\r\nSubject: a" + b"\r\n b" * 300_000 + b"\r\n\r\nhi"


@_mail
def encoded_words() -> bytes:
    return b"From: a@b.example\r\nSubject: " + b"=?utf-8?q?a?= " * 200_000 + b"\r\n\r\nhi"


@_mail
def open_encoded_words() -> bytes:
    return b"From: a@b.example\r\nSubject: " + b"=?utf-8?q?" * 200_000 + b"\r\n\r\nhi"


@_mail
def nested_comments() -> bytes:
    return b"From: " + b"(" * 100_000 + b" a@b.example\r\nSubject: x\r\n\r\nhi"


@_mail
def many_addresses() -> bytes:
    return b"From: a@b.example\r\nTo: " + b"a@b.example, " * 200_000 + b"\r\n\r\nhi"


@_mail
def angle_brackets() -> bytes:
    return b"From: " + b"<" * 200_000 + b"a@b.example>\r\n\r\nhi"


@_mail
def many_references() -> bytes:
    return HEAD + b"References: " + b"<a@b> " * 300_000 + b"\r\n\r\nhi"


@_mail
def nested_multiparts() -> bytes:
    return HEAD + b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(5_000)
    )


@_mail
def nested_rfc822() -> bytes:
    return HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 20_000


@_mail
def many_parts() -> bytes:
    part = b"--B\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    return _with("multipart/mixed; boundary=B", part * 20_000 + b"--B--\r\n")


@_mail
def many_files() -> bytes:
    part = b'--B\r\nContent-Disposition: attachment; filename="a.txt"\r\n\r\nx\r\n'
    return _with("multipart/mixed; boundary=B", part * 250 + b"--B--\r\n")


@_mail
def boundary_without_end() -> bytes:
    return _with("multipart/mixed; boundary=B", b"--B\r\n" * 100_000)


@_mail
def boundary_like_lines() -> bytes:
    return _with("multipart/mixed; boundary=" + "-" * 60, b"-" * 70 + b"\r\n" + b"-\r\n" * 300_000)


@_mail
def no_boundary() -> bytes:
    return _with("multipart/mixed", b"hello")


@_mail
def long_boundary() -> bytes:
    return _with('multipart/mixed; boundary="' + "b" * 100_000 + '"', b"hello")


@_mail
def parameters() -> bytes:
    return _with("text/plain" + "; a=b" * 100_000, b"hello")


@_mail
def continued_parameters() -> bytes:
    more = "".join(f"; name*{n}*=a" for n in range(20_000))
    return _with(f"text/plain{more}", b"hello")


@_mail
def quoted_parameter() -> bytes:
    return _with('text/plain; charset="' + '\\"' * 200_000, b"hello")


@_mail
def codec_rot13() -> bytes:
    return _with("text/plain; charset=rot13", b"hello")


@_mail
def codec_zlib() -> bytes:
    return _with("text/plain; charset=zlib", b"hello" * 1_000)


@_mail
def codec_punycode() -> bytes:
    return _with("text/plain; charset=punycode", b"a" * 100_000 + b"-b" * 50_000)


@_mail
def codec_unknown() -> bytes:
    return _with("text/plain; charset=klingon", b"h\xe4llo")


@_mail
def codec_with_nul() -> bytes:
    return _with("text/plain; charset=a\x00b", b"hello")


@_mail
def utf7() -> bytes:
    return _with("text/html; charset=utf-7", b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-" * 1_000)


@_mail
def bad_base64() -> bytes:
    return _with("text/plain", b"====A" * 100_000, "base64")


@_mail
def base64_bomb() -> bytes:
    return _with("text/plain", b"QUFB" * 2_000_000, "base64")


@_mail
def bad_quoted_printable() -> bytes:
    return _with("text/plain", b"=Z=" * 500_000, "quoted-printable")


@_mail
def uuencode() -> bytes:
    return _with("text/plain", b"begin 644 x\r\n" + b"M" * 500_000, "x-uuencode")


@_mail
def unknown_encoding() -> bytes:
    return _with("text/plain", b"hello", "x-none-such")


@_mail
def html_nested() -> bytes:
    return _with("text/html", b"<div>" * 150_000)


@_mail
def html_nested_quotes() -> bytes:
    return _with("text/html", b"<blockquote>" * 50_000 + b"x")


@_mail
def html_formatting() -> bytes:
    return _with("text/html", b"<b><i><u><font>" * 50_000)


@_mail
def html_tables() -> bytes:
    return _with("text/html", b"<table><tr><td>" * 50_000)


@_mail
def html_attributes() -> bytes:
    return _with("text/html", b"<p " + b"a=b " * 200_000 + b">x")


@_mail
def html_open_comment() -> bytes:
    return _with("text/html", b"<!--" * 200_000)


@_mail
def html_entities() -> bytes:
    return _with("text/html", b"&" * 500_000)


@_mail
def html_links() -> bytes:
    return _with("text/html", b'<a href="http://evil.example/">x' * 30_000)


@_mail
def html_scripts() -> bytes:
    return _with("text/html", b"<script>alert(1)</script><svg onload=alert(1)>" * 10_000)


@_mail
def quote_marks() -> bytes:
    return _with("text/plain", b">" * 1_000_000 + b"\r\n" + b"> x\r\n" * 100_000)


@_mail
def attributions() -> bytes:
    return _with("text/plain", b"On Monday, x wrote:\r\n> x\r\n" * 40_000)


@_mail
def copied_heads() -> bytes:
    return _with("text/plain", b"From: x\r\n" * 200_000)


@_mail
def spaces() -> bytes:
    return _with("text/plain", b" " * 3_000_000 + b"\r\n" + b" \r\n" * 200_000)


@_mail
def file_names() -> bytes:
    names = [b"../../etc/passwd", b"C:\\x\\y.exe", b"a" * 5_000, b"\xe2\x80\xaegpj.exe", b""]
    parts = [
        b'--B\r\nContent-Disposition: attachment; filename="%b"\r\n\r\nx\r\n' % n for n in names
    ]
    return _with("multipart/mixed; boundary=B", b"".join(parts) + b"--B--\r\n")


@_mail
def report_of_reports() -> bytes:
    status = (
        b"--B\r\nContent-Type: message/delivery-status\r\n\r\n" + b"Action: failed\r\n\r\n" * 20_000
    )
    return _with("multipart/report; report-type=delivery-status; boundary=B", status + b"--B--\r\n")


@_mail
def injected_headers() -> bytes:
    return b"From: a@b.example\r\nSubject: =?utf-8?q?x=0D=0ABcc:_c@d.example?=\r\n\r\nhi"


@_mail
def bare_carriage_returns() -> bytes:
    return b"From: a@b.example\rSubject: x\rBcc: c@d.example\r\rhi" + b"\r" * 200_000


@_mail
def surrogates() -> bytes:
    return b"From: a@b.example\r\nSubject: \xed\xa0\x80\xff\xfe\r\n\r\n\xed\xa0\x80"


@_mail
def wide_charset() -> bytes:
    return _with("text/plain; charset=utf-16", b"\xff\xfe" + b"\x00\xd8" * 100_000)


@_mail
def winmail() -> bytes:
    return _with('application/ms-tnef; name="winmail.dat"', b"\x78\x9f\x3e\x22" + b"\x00" * 1_000)


@_mail
def alternatives() -> bytes:
    part = (
        b"--B\r\nContent-Type: multipart/alternative; boundary=C\r\n\r\n--C\r\n\r\nx\r\n--C--\r\n"
    )
    return _with("multipart/alternative; boundary=B", part * 100 + b"--B--\r\n")


@_mail
def huge() -> bytes:
    line = b"QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\r\n"
    kind = b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n"
    part = b"--B\r\n" + kind + b"\r\n"
    return _with("multipart/mixed; boundary=B", part + line * 480_000 + b"--B--\r\n")
