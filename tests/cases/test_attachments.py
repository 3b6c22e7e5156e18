import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.attachments import (
    KeptFile,
    Limits,
    RefusedFile,
    Upload,
    keep_files,
    shown_name,
)
from portal.files import FileStore
from tests.casework import zipped

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20
LIMITS = Limits(each_bytes=1024, count=3)


def upload(name: str, data: bytes = PNG) -> Upload:
    return Upload(name, io.BytesIO(data))


def tried(tmp_path: Path, *uploads: Upload) -> tuple[list[KeptFile], list[RefusedFile]]:
    return keep_files(FileStore(tmp_path), uploads, limits=LIMITS)


def test_a_refused_file_is_named_with_the_remedy_and_the_rest_is_kept(tmp_path: Path) -> None:
    kept, refused = tried(
        tmp_path, upload("one.png"), upload("big.png", PNG * 100), upload("note.txt", b"hello")
    )
    assert [k.name for k in kept] == ["one.png", "note.txt"]
    assert [r.name for r in refused] == ["big.png"]
    assert "Compress it" in refused[0].reason


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("picture.svg", b"<svg onload=alert(1)>"),
        ("run.exe", b"MZ\x90\x00"),
        ("hidden.PNG.HTML", b"<p>"),
        ("movie.png", b"\x00\x01\x02\x03 no picture"),
        ("empty.txt", b""),
        ("x.html\u200b", b"<p>"),
        ("x.html.", b"<p>"),
        ("x.hta", b"text"),
    ],
)
def test_what_could_run_or_is_not_what_it_seems_is_refused(
    tmp_path: Path, name: str, data: bytes
) -> None:
    kept, refused = tried(tmp_path, upload(name, data))
    assert kept == []
    assert len(refused) == 1
    assert refused[0].reason.endswith((".", "file.", "again."))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("photo.png", b"not a picture"),
        ("photo.jpg", b"<svg onload=alert(1)>"),
        ("invoice.pdf", PNG),
        ("logs.zip", b"hello"),
        ("logs.zip", zipped()[:-30]),
        ("report.docx", b"hello"),
        ("logs.tar.gz", zipped()),
    ],
)
def test_a_broken_file_is_refused_while_its_sender_can_still_choose_another(
    tmp_path: Path, name: str, data: bytes
) -> None:
    kept, refused = tried(tmp_path, upload(name, data), upload("note.txt", b"hello"))
    assert [k.name for k in kept] == ["note.txt"]
    assert [r.name for r in refused] == [name]
    assert "damaged" in refused[0].reason


@pytest.mark.parametrize("name", ["logs.zip", "report.docx", "table.XLSX", "letter.odt", "unknown"])
def test_a_whole_zip_file_is_kept_by_any_of_its_names(tmp_path: Path, name: str) -> None:
    kept, refused = tried(tmp_path, upload(name, zipped()))
    assert (kept[0].stored.media_type, refused) == ("application/zip", [])


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_log_is_text_whatever_code_its_program_writes(tmp_path: Path, code: str) -> None:
    data = ("12:00 Dienst läuft nicht\r\n" * 12).encode(code)
    kept, refused = tried(tmp_path, upload("service.log", data))
    assert [(k.stored.media_type, refused) for k in kept] == [("text/plain", [])]


def test_a_log_is_text_wherever_the_look_at_it_cuts_a_letter(tmp_path: Path) -> None:
    data = b"bell \x07 and back \x08 " + "ä".encode() * 400
    for first in (b"", b"x"):
        kept, refused = tried(tmp_path, upload("service.log", first + data))
        assert [(k.stored.media_type, refused) for k in kept] == [("text/plain", [])]


def test_a_file_is_judged_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    kept, _ = tried(tmp_path, upload("photo.jpg", PNG))
    assert kept[0].stored.media_type == "image/png"


def test_no_more_than_the_limit_are_kept(tmp_path: Path) -> None:
    kept, refused = tried(tmp_path, *(upload(f"{n}.png", PNG + bytes([n])) for n in range(5)))
    assert len(kept) == 3
    assert [r.name for r in refused] == ["3.png", "4.png"]
    _, all_refused = keep_files(FileStore(tmp_path), [upload("x.png")], limits=LIMITS, already=3)
    assert "at most 3 files" in all_refused[0].reason


def test_accepted_bytes_are_kept_exactly(tmp_path: Path) -> None:
    data = PNG + bytes(range(256))
    kept, _ = tried(tmp_path, upload("x.png", data))
    assert FileStore(tmp_path).path(kept[0].stored.content_hash).read_bytes() == data


@given(st.text(max_size=300))
def test_a_shown_name_is_one_harmless_line(name: str) -> None:
    shown = shown_name(name)
    assert 1 <= len(shown) <= 120
    assert shown.isprintable()
    assert not set(shown) & set("/\\\u202e\u200b\u2066")


def test_path_parts_and_direction_tricks_disappear() -> None:
    assert shown_name("../../etc/passwd") == "passwd"
    assert shown_name("C:\\temp\\a.png") == "a.png"
    assert shown_name("gpj.\u202egnp.exe") == "gpj.gnp.exe"
    assert shown_name("") == "file"
    assert shown_name("a" * 300 + ".png").endswith(".png")
