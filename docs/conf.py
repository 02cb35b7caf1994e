"""Sphinx: the pages of this folder as HTML. Warnings are errors (`make docs`)."""

project = "ste_theory"
author = "The ste_theory authors"
extensions = ["myst_parser"]
exclude_patterns = ["examples"]
myst_heading_anchors = 3
html_theme = "alabaster"
html_theme_options = {
    "page_width": "72rem",
    "fixed_sidebar": True,
    "description": "Statements about straight-through estimators",
}
html_show_copyright = False
# Nothing is asked of the network when the pages are built or read.
intersphinx_mapping: dict[str, object] = {}
nitpicky = True
