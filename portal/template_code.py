"""What templates compile to: the code of Jinja, but for what it does anew at each output and call.

A page writes some hundred values and calls some hundred macros. Jinja wraps each value in a type of
its own, asks at each call whether the context is wanted, and passes each piece of an included
template on by itself. None of that shows on the page.
"""

from functools import partial
from keyword import iskeyword
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.runtime import Macro
from jinja2.utils import missing
from markupsafe import Markup, escape

_as_markup = partial(str.__new__, Markup)


def written(value: Any) -> str:
    """A value as it stands in a page: text escaped, markup as it is.

    The answer is a part of a page, to be joined with others; it is no value to escape again.
    """
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]
    if kind is str and not (
        "&" in value or "<" in value or ">" in value or "'" in value or '"' in value
    ):
        return value  # type: ignore[no-any-return]
    return escape(value)


class LeanMacro(Macro):
    """A macro that takes as given what it was not called with, not by an exception for each."""

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        if self.catch_varargs or self.catch_kwargs or self.explicit_caller:
            return super().__call__(*args, **kwargs)
        arguments = [*args]
        for name in self.arguments[len(args) :]:
            arguments.append(kwargs.pop(name, missing))
        if self.caller:
            arguments.append(kwargs.pop("caller", None) or self._no_caller())
        if kwargs or len(args) > len(self.arguments):
            raise TypeError(f"macro {self.name!r} does not take {args} with {sorted(kwargs)}")
        text: str = self._func(*arguments)
        return _as_markup(text) if self._default_autoescape else text

    def _no_caller(self) -> object:
        return self._environment.undefined("No caller defined", name="caller")


class LeanCode(CodeGenerator):
    """The code of a template. No function that templates call may ask for their context."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        self.writeline(f"from {__name__} import {LeanMacro.__name__}, {written.__name__}")
        super().visit_Template(node, frame)

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:  # noqa: ARG002
        node = macro_ref.node
        names = "".join(f"{each.name!r}, " for each in node.args)
        self.write(
            f"{LeanMacro.__name__}(environment, macro, {getattr(node, 'name', None)!r}, ({names}), "
            f"{macro_ref.accesses_kwargs}, {macro_ref.accesses_varargs}, "
            f"{macro_ref.accesses_caller}, context.eval_ctx.autoescape)"
        )

    def visit_Call(  # noqa: N802
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        """A call is a call, where Jinja first looks whether the callee wants its context."""
        if node.dyn_args or node.dyn_kwargs or any(iskeyword(each.key) for each in node.kwargs):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for value in (*node.args, *node.kwargs):
            self.visit(value, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802
        """An included template is written as one piece."""
        if node.ignore_missing or not node.with_context or not _is_named(node.template):
            super().visit_Include(node, frame)
            return
        self.writeline("template = environment.get_template(", node)
        self.visit(node.template, frame)
        self.write(f", {self.name!r})")
        values = self.dump_local_context(frame)
        context = f"template.new_context(context.get_all(), True, {values})"
        self.simple_write(f"concat(template.root_render_func({context}))", frame)

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        """Macros are the same for every page, as all templates have the same globals."""
        if node.with_context:
            super()._import_common(node, frame)
            return
        self.write("environment.get_template(")
        self.visit(node.template, frame)
        self.write(f", {self.name!r}).module")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write(f"{written.__name__}(")
        else:
            super()._output_child_pre(node, frame, finalize)


def _is_named(template: nodes.Expr) -> bool:
    return isinstance(template, nodes.Const) and isinstance(template.value, str)
