"""`portal search` with meaning: what is installed, what it would change, and a trial of it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from portal.search.meaning.weights import ModelFiles
from tests.running import environment, portal
from tests.search.meaning.models import write_model


@pytest.fixture
def model(installed: Path) -> ModelFiles:
    """A tiny model that the installation's settings name."""
    files = write_model(installed / "tiny")
    say(installed, search_model=str(files.folder), search_model_sha256=files.sha256)
    return files


def say(home: Path, **settings: str) -> None:
    with (home / "settings.toml").open("a", encoding="utf-8") as file:
        file.writelines(f"{name} = {json.dumps(value)}\n" for name, value in settings.items())


def publish_something(home: Path) -> None:
    folder = home / "written" / "accounts"
    folder.mkdir(parents=True)
    (folder / "_category.yaml").write_text("title: Accounts\n", encoding="utf-8")
    (folder / "passwords.md").write_text(
        "---\ntitle: How do I reset my password?\nsummary: Press the button.\ntype: how-to\n"
        "audience: public\nowner: Documentation\nstatus: published\n---\nPress it.\n",
        encoding="utf-8",
    )
    done = portal(home, "library", "import", str(home / "written"))
    assert done.returncode == 0, done.stderr + done.stdout
    assert portal(home, "search", "rebuild").returncode == 0


def test_the_check_says_what_is_installed_and_how_fast_it_is(
    installed: Path, model: ModelFiles
) -> None:
    publish_something(installed)
    said = portal(installed, "search", "model", "check").stdout
    assert f"model     {model.folder}" in said
    assert f"SHA-256   {model.sha256}" in said
    assert "runs on   onnxruntime, 8 bits" in said
    assert "encoded   0 of 1 articles" in said
    assert "PORTAL_SEARCH_MEANING=on switches it on" in said


def test_articles_can_be_encoded_at_once(installed: Path, model: ModelFiles) -> None:
    publish_something(installed)
    assert "encoded   1 of 1 articles" in portal(installed, "search", "model", "encode").stdout
    say(installed, search_meaning="on")
    assert "search by meaning: 1 of 1 articles encoded" in portal(installed, "check").stdout


def test_another_model_than_the_meant_one_is_refused(installed: Path) -> None:
    files = write_model(installed / "tiny")
    say(
        installed,
        search_model=str(files.folder),
        search_model_sha256="0" * 64,
        search_meaning="on",
    )
    done = portal(installed, "search", "model", "check")
    assert done.returncode == 2
    assert f"has the SHA-256 {files.sha256}" in done.stderr
    publish_something(installed)
    assert "How do I reset my password?" in portal(installed, "search", "query", "password").stdout
    assert "PROBLEM  search by meaning: words alone answer" in portal(installed, "check").stdout


def test_a_folder_needs_the_digest_that_it_must_have(installed: Path) -> None:
    say(installed, search_model="/somewhere")
    done = portal(installed, "search", "model", "check")
    assert done.returncode == 2
    assert "search_model_sha256 must be the 64 hexadecimal digits" in done.stderr


def test_golden_queries_are_judged_by_both_rankings(installed: Path, model: ModelFiles) -> None:
    publish_something(installed)
    portal(installed, "search", "model", "encode")
    pairs = installed / "golden.tsv"
    pairs.write_text("password\tpasswords\nsecret\tnowhere\n", encoding="utf-8")
    said = portal(installed, "search", "judge", str(pairs), "--compare").stdout
    assert "words   with meaning" in said
    assert "nDCG@10   0.5000  0.5000" in said


def test_a_trial_with_meaning_prints_a_standard_run(installed: Path, tmp_path: Path) -> None:
    docs, queries = tmp_path / "docs.jsonl", tmp_path / "queries.jsonl"
    rows = [
        {"id": "a", "title": "How do I reset my password?", "text": "On the sign-in page."},
        {"id": "b", "title": "Which backups are made?", "text": "Nightly copies."},
    ]
    docs.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    asked = {"id": "q", "text": "I forgot how to sign in to my account"}
    queries.write_text(json.dumps(asked), encoding="utf-8")
    files = ("--docs", str(docs), "--queries", str(queries))
    done = portal(installed, "search", "run", *files, "--engine", "tantivy", "--semantic")
    query, zero, found, place, _score, tag = done.stdout.splitlines()[0].split()
    assert (query, zero, found, place) == ("q", "Q0", "a", "1")
    assert tag == "answerfirst-tantivy-semantic"


def test_encoding_that_is_killed_again_and_again_goes_on_where_it_was(
    installed: Path, model: ModelFiles
) -> None:
    folder = installed / "written" / "accounts"
    publish_something(installed)
    for number in range(60):
        (folder / f"question-{number}.md").write_text(
            f"---\ntitle: What is question {number}?\nsummary: It is one.\ntype: how-to\n"
            "audience: public\nowner: Documentation\nstatus: published\n---\nAn answer.\n",
            encoding="utf-8",
        )
    assert portal(installed, "library", "import", str(folder.parent)).returncode == 0
    seen = [killed_after_a_line(installed) for _ in range(4)]
    assert seen == sorted(set(seen)), "each run goes on behind the one before"
    assert "encoded   61 of 61 articles" in portal(installed, "search", "model", "encode").stdout
    ended = portal(installed, "search", "model", "encode")
    assert "of 61 articles" not in ended.stderr


def killed_after_a_line(home: Path) -> int:
    """How many articles the command said were encoded, before it was killed."""
    with subprocess.Popen(
        [sys.executable, "-m", "portal", "search", "model", "encode"],
        env=environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        done = int(process.stderr.readline().split()[0])
        process.kill()
    return done
