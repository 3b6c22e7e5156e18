"""How templates of pages and letters say the portal's own words: `{% trans %}` and `_( )`."""

from jinja2 import Environment

from portal import locale


def give_words(environment: Environment) -> None:
    """Make these templates speak by the same catalogues as the code."""
    environment.policies["ext.i18n.trimmed"] = True
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        locale.gettext, locale.form_for, newstyle=False, pgettext=locale.pgettext
    )
    environment.globals.update(_=locale.gettext)
