"""Rules that no type checker knows: each names what it forbids and the one place that may."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PORTAL = ROOT / "portal"
SOURCES = sorted(path for path in PORTAL.rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted((ROOT / "templates").rglob("*"))


def _where(pattern: str, paths: list[Path], *, allowed: tuple[str, ...] = ()) -> list[str]:
    found = []
    for path in paths:
        name = path.relative_to(ROOT).as_posix()
        if path.is_file() and name not in allowed:
            text = path.read_text(encoding="utf-8")
            found += [f"{name}: {m.group()}" for m in re.finditer(pattern, text)]
    return found


def _web() -> list[Path]:
    return [path for path in SOURCES if "web" in path.relative_to(PORTAL).parts[:1]]


def test_the_scan_sees_the_sources() -> None:
    assert len(SOURCES) > 80
    assert len(_web()) > 30
    assert len(TEMPLATES) > 50


def test_only_the_clock_reads_the_system_clock() -> None:
    pattern = r"datetime\.now\(|datetime\.utcnow|date\.today\(|datetime\.today"
    assert _where(pattern, SOURCES, allowed=("portal/clock.py",)) == []


def test_only_one_module_builds_absolute_addresses() -> None:
    assert (
        _where(r"_external\s*=|force_external", SOURCES, allowed=("portal/web/addresses.py",)) == []
    )
    assert _where(r"_external\s*=", TEMPLATES) == []


def test_no_template_switches_escaping_off_but_where_clean_html_is_shown() -> None:
    assert (
        _where(r"\|\s*safe\b|autoescape\s+false", TEMPLATES, allowed=("templates/ui/prose.html",))
        == []
    )


def test_no_template_holds_script_or_style_of_its_own() -> None:
    inline = (
        r"<script(?![^>]*\bsrc=)(?![^>]*application/ld\+json)[^>]*>|<style|\sstyle=\"|\son[a-z]+=\""
    )
    pages = [path for path in TEMPLATES if "mail" not in path.parts]
    assert _where(inline, pages) == []


def test_the_web_holds_no_sql() -> None:
    for path in _web():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
                names = {alias.name for alias in node.names}
                assert names <= {"Session", "OperationalError", "SQLAlchemyError"}, (path, names)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr not in {"exec_driver_sql", "scalars", "scalar"}, path


def test_nobody_commits_below_the_places_that_may() -> None:
    allowed = ("portal/web/transaction.py", "portal/database.py")
    domain = [
        path
        for path in SOURCES
        if path.relative_to(PORTAL).parts[0] in {"people", "cases", "knowledge", "policy", "web"}
    ]
    assert _where(r"\b(db|session)\.commit\(", domain, allowed=allowed) == []


def test_only_one_check_decides_on_redirects() -> None:
    """Whatever comes from a visitor and goes into a redirect passes `safe_next`."""
    suspicious = r"redirect\(\s*request\.(args|form|values|referrer|headers|url)"
    assert _where(suspicious, _web()) == []


@pytest.mark.parametrize("word", ["pickle", "marshal", "yaml.load(", "eval(", "exec(", "os.system"])
def test_nothing_from_outside_is_ever_run(word: str) -> None:
    assert _where(rf"(?<![\w.]){re.escape(word)}", SOURCES) == []


def test_a_field_written_in_a_page_is_dressed_like_every_other() -> None:
    """A field without the class is the browser's own: another height, another grey, no error."""
    macros = ("templates/ui/field.html", "templates/ui/choices.html")
    dressed = r'class="[^"]*\b(?:input|file-input)\b|type="(?:hidden|checkbox|radio)"'
    assert _where(rf"<input\b(?![^>]*(?:{dressed}))", TEMPLATES, allowed=macros) == []
