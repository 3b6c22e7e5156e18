"""How templates of pages and letters say the portal's own words: `{% trans %}` and `_( )`."""

from jinja2 import Environment
from jinja2.ext import Extension

from portal import locale


class KeepLineEnds(Extension):
    """On pages the end of the line after a sentence stays: it is the blank before the next one."""

    def preprocess(self, source: str, name: str | None, _filename: str | None = None) -> str:
        is_page = name is None or name.endswith(".html")
        return source.replace("{% endtrans %}", "{% endtrans +%}") if is_page else source


def give_words(environment: Environment) -> None:
    """Make these templates speak by the same catalogues as the code."""
    environment.policies["ext.i18n.trimmed"] = True
    environment.add_extension("jinja2.ext.i18n")
    environment.add_extension(KeepLineEnds)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        locale.gettext, locale.form_for, newstyle=False, pgettext=locale.pgettext
    )
    environment.globals.update(_=locale.gettext)
