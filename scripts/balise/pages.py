"""Templates become pages that need nothing from elsewhere; scores are written one way."""

from functools import partial
from importlib.resources import files

from balise.bootstrap import Estimate


def render_page(folder: str, name: str, **values: object) -> str:
    """Fill a template of one of the package's folders (`model/page`); every text is escaped."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(partial(_read, folder)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["score"] = show_score
    environment.filters["bounds"] = show_bounds
    return environment.get_template(name).render(values)


def _read(folder: str, name: str) -> str:
    return files("balise").joinpath(folder, name).read_text(encoding="utf-8")


def show_score(estimate: Estimate) -> str:
    """Write a score with three decimals, or a dash where it is undefined."""
    return "–" if estimate.value is None else f"{estimate.value:.3f}"


def show_bounds(estimate: Estimate) -> str:
    """Write a score's interval, or nothing where there is none."""
    bounds = estimate.interval
    return "" if bounds is None else f"{bounds.low:.3f}–{bounds.high:.3f}"


def show_estimate(estimate: Estimate) -> str:
    """Write a score and its interval in brackets."""
    bounds = show_bounds(estimate)
    return f"{show_score(estimate)} ({bounds})" if bounds else show_score(estimate)


def show_difference(estimate: Estimate) -> str:
    """Write a difference with its sign; its bounds may be negative, hence « to »."""
    if estimate.value is None:
        return "–"
    bounds = estimate.interval
    shown = f"{estimate.value:+.3f}"
    return shown if bounds is None else f"{shown} ({bounds.low:+.3f} to {bounds.high:+.3f})"
