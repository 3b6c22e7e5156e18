"""How templates of pages and letters say the portal's own words: `{% trans %}` and `_( )`."""

from collections.abc import MutableMapping
from typing import Any

from jinja2 import Environment, Template, nodes
from jinja2.compiler import Frame
from jinja2.ext import Extension
from jinja2.visitor import NodeTransformer

from portal import locale
from portal.template_code import LeanCode
from portal.written import by_number

_LANGUAGE = "portal.language"
_SENTENCE = frozenset({"_", "gettext"})


class KeepLineEnds(Extension):
    """On pages the end of the line after a sentence stays: it is the blank before the next one."""

    def preprocess(self, source: str, name: str | None, _filename: str | None = None) -> str:
        is_page = name is None or name.endswith(".html")
        return source.replace("{% endtrans %}", "{% endtrans +%}") if is_page else source


class SpokenCode(LeanCode):
    """The code of a template in one language: its sentences are found once, not for each reader."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        tag = self.environment.policies.get(_LANGUAGE)
        if tag is not None:
            with locale.speaking(tag):
                node = _Sentences().visit(node)
        super().visit_Template(node, frame)


class _Sentences(NodeTransformer):
    """Puts the words themselves where a template asks for a sentence that stands in it."""

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        match node:
            case nodes.Call(
                node=nodes.Name(name=name),
                args=[nodes.Const(value=str(message))],
                dyn_args=None,
                dyn_kwargs=None,
            ) if name in _SENTENCE:
                words = nodes.Const(locale.gettext(message), lineno=node.lineno)
                return _with_values(words, node.kwargs) if node.kwargs else words
            case nodes.Call(
                node=nodes.Name(name="by_number"),
                args=[nodes.Const(value=str(one)), nodes.Const(value=str(many))],
            ):
                return nodes.Const(by_number(one, many), lineno=node.lineno)
        return node


def _with_values(words: nodes.Const, values: list[nodes.Keyword]) -> nodes.Expr:
    named = [nodes.Pair(nodes.Const(each.key), each.value) for each in values]
    return nodes.Mod(words, nodes.Dict(named), lineno=words.lineno)


class SpokenTemplates(Environment):
    """Templates that are compiled once for each language that is spoken."""

    code_generator_class = SpokenCode

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.languages: dict[str, SpokenTemplates] = {}
        self.compiled: dict[str, Template] = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """The template in the language that is spoken now; what it includes speaks the same."""
        spoken = self if self.overlayed else self._spoken()
        if isinstance(name, str) and name in spoken.compiled and not globals:
            return spoken.compiled[name]
        found = Environment.get_template(spoken, name, parent, globals)
        if isinstance(name, str) and not self.auto_reload:
            spoken.compiled[name] = found
        return found

    def _spoken(self) -> "SpokenTemplates":
        tag = locale.language()
        if tag not in self.languages:
            spoken = self.overlay()
            assert isinstance(spoken, SpokenTemplates)
            spoken.policies = {**self.policies, _LANGUAGE: tag}
            spoken.compiled = {}
            self.languages[tag] = spoken
        return self.languages[tag]


def give_words(environment: Environment) -> None:
    """Make these templates speak by the same catalogues as the code."""
    environment.policies["ext.i18n.trimmed"] = True
    environment.add_extension("jinja2.ext.i18n")
    environment.add_extension(KeepLineEnds)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        locale.gettext, locale.form_for, newstyle=False, pgettext=locale.pgettext
    )
    environment.globals.update(_=locale.gettext, by_number=by_number)
