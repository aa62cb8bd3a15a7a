"""Text that is safe on a page."""

from __future__ import annotations

import html
import json
from typing import Any

from .._text import on_a_page


def escaped(text: str) -> str:
    """Text for an element or a quoted attribute; what is no character of a page is shown as missing."""
    return html.escape(on_a_page(text))


def script_json(value: Any) -> str:
    """JSON inside a script element: nothing in it can end the element or begin another."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
