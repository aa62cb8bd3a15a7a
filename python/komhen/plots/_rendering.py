"""Pictures into files and text, without a browser: vl-convert draws them."""

from __future__ import annotations

import html
import json
import os
import re
from typing import TYPE_CHECKING, Any, Union

from .. import _files
from .._core import KomhenError
from .._labels import checked
from ._theme import format_locale

if TYPE_CHECKING:
    import altair as alt

    Picture = Union[alt.TopLevelMixin, dict[str, Any]]

_SUFFIXES = (".svg", ".png", ".pdf", ".html", ".json")


def library(module: str, name: str) -> Any:
    """A library that pictures need; a missing one is named in one sentence."""
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError:
        raise KomhenError(f"a picture needs {name}, which is not installed: pip install komhen[plots]") from None


def chart(spec: dict[str, Any]) -> alt.LayerChart:
    """A specification as an Altair chart, which holds it against Vega-Lite's schema when it is drawn."""
    altair = library("altair", "altair")
    # Made of its parts and not by from_dict(), which looks for the class of every value: ten times slower.
    layers = [
        altair.Chart(**{**layer, "encoding": altair.FacetedEncoding(**layer["encoding"])}) for layer in spec["layer"]
    ]
    found: alt.LayerChart = altair.LayerChart(**{**spec, "layer": layers})
    return found


def spec_of(picture: Picture) -> dict[str, Any]:
    """The Vega-Lite specification of a chart; a specification is its own."""
    if isinstance(picture, dict):
        return picture
    if not hasattr(picture, "to_dict"):
        raise TypeError(f"a picture is an Altair chart, not {type(picture).__name__}")
    found: dict[str, Any] = picture.to_dict(validate=False)
    return found


def _in_language(picture: Picture, lang: str | None) -> tuple[dict[str, Any], str]:
    """A specification whose numbers are written as a language writes them, and that language; nothing is changed in place."""
    spec = spec_of(picture)
    lang = language(spec, lang)
    config = spec.get("config", {})
    return {**spec, "config": {**config, "locale": {**config.get("locale", {}), "number": format_locale(lang)}}}, lang


def language(spec: dict[str, Any], lang: str | None) -> str:
    """The language that numbers are written in: the one asked for, else the picture's own."""
    if lang is not None:
        return checked(lang)
    return checked(spec.get("usermeta", {}).get("komhen", {}).get("lang", "da"))


def alt_text(chart: Picture) -> str:
    """The text that stands for a picture: what it shows, the highest and the lowest, made from the same rows.

    >>> import komhen
    >>> from komhen import plots
    >>> plots.alt_text({"description": "Selvbetjening: 55 %."})
    'Selvbetjening: 55 %.'
    """
    return str(spec_of(chart).get("description", ""))


def to_svg(chart: Picture, *, lang: str | None = None) -> str:
    """A picture as SVG text, numbers in the format of its language, with the alt text as its name.

    Parameters
    ----------
    chart : Altair chart or specification
        What a function of `komhen.plots` gave.
    lang : {"da", "en"}, optional
        Default: the language that the picture was made in.

    Raises
    ------
    KomhenError
        If vl-convert is not installed.
    """
    spec, lang = _in_language(chart, lang)
    svg: str = _convert("svg", spec, lang)
    title = spec.get("title", {}).get("text", "") if isinstance(spec.get("title"), dict) else spec.get("title", "")
    title = " ".join(title) if isinstance(title, list) else str(title)
    name = html.escape(alt_text(spec))
    head = f'<svg role="img" aria-label="{name}" lang="{lang}"'
    body = svg.replace("<svg", head, 1)
    return re.sub(r"(<svg[^>]*>)", lambda m: f"{m[1]}<title>{html.escape(title)}</title><desc>{name}</desc>", body, count=1)


def save(
    chart: Picture, path: str | os.PathLike[str], *, scale: float = 1, lang: str | None = None
) -> None:
    """Write a picture to a file: ``.svg``, ``.png``, ``.pdf``, ``.html`` (one file, no network) or ``.json`` (Vega-Lite).

    Parameters
    ----------
    chart : Altair chart or specification
        What a function of `komhen.plots` gave.
    path : path
        Its ending says the format.
    scale : float, optional
        How many pixels of a PNG a pixel of the picture becomes; 2 for print.
    lang : {"da", "en"}, optional
        Default: the language that the picture was made in.

    Raises
    ------
    KomhenError
        If the ending is none of those, vl-convert is not installed, or the file cannot be written; what had the name is then
        as it was.
    """
    name = os.fspath(path)
    suffix = os.path.splitext(name)[1].lower()
    if suffix not in _SUFFIXES:
        raise KomhenError(f"a picture is saved as one of {', '.join(_SUFFIXES)}, and the path ends in none of them")
    spec, lang = _in_language(chart, lang)
    if suffix == ".svg":
        data = to_svg(spec, lang=lang).encode()
    elif suffix == ".json":
        data = (json.dumps(spec, ensure_ascii=False, indent=1) + "\n").encode()
    elif suffix == ".html":
        data = _page(spec, lang).encode()
    elif suffix == ".png":
        data = _convert("png", spec, lang, scale=scale)
    else:
        data = _convert("pdf", spec, lang)
    _files.write(os.fsencode(name), data)


def _convert(kind: str, spec: dict[str, Any], lang: str, **more: Any) -> Any:
    convert = getattr(library("vl_convert", "vl-convert-python"), f"vegalite_to_{kind}")
    # Nothing is fetched: a picture holds its data, and no address in it is asked.
    return convert(spec, format_locale=format_locale(lang), allowed_base_urls=[], **more)


def _page(spec: dict[str, Any], lang: str) -> str:
    """A page with the picture, its alt text and the programs that draw it."""
    bundle = library("vl_convert", "vl-convert-python").javascript_bundle()
    # Inside a script "<" could end it: JSON can say it otherwise.
    said = json.dumps(spec, ensure_ascii=True).replace("<", "\\u003c")
    locale = json.dumps(format_locale(lang))
    name = html.escape(alt_text(spec))
    return f"""<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><title>komhen</title></head>
<body><div id="picture" role="img" aria-label="{name}"></div>
<script type="module">
{bundle}
vegaEmbed("#picture", {said}, {{formatLocale: {locale}, actions: false, renderer: "svg"}});
</script></body></html>
"""
