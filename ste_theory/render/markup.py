"""HTML in which nothing is forgotten to be escaped: text is escaped when it becomes a child of an element."""

from collections.abc import Iterable
from html import escape


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


Child = str | None | Iterable["Child"]
_VOID = frozenset({"br", "hr", "input", "link", "meta", "wbr"})


def tag(name: str, /, *children: Child, **attributes: str | float | bool | None) -> Html:
    """An element. A trailing _ of an attribute's name is dropped, other ones become -; ``None`` and ``False`` leave the
    attribute out.

    >>> tag("a", "x < y", href="#1", class_="plain", hidden=False)
    '<a href="#1" class="plain">x &lt; y</a>'
    """
    written = "".join(_attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{joined(*children)}</{name}>")


def joined(*children: Child) -> Html:
    """The children one after the other, text escaped."""
    return Html("".join(_written(child) for child in children))


def _written(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Html):
        return child
    if isinstance(child, str):
        return escape(child, quote=False)
    return joined(*child)


def _attribute(name: str, value: str | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    return f' {name}="{escape(shown)}"'
