"""A learning curve becomes one HTML page with its plot."""

from balise.bootstrap import Estimate
from balise.model.curve_figures import Curve
from balise.pages import render_page, show_difference

_LEFT, _RIGHT, _TOP, _BOTTOM = 50.0, 600.0, 10.0, 300.0
_STEPS = 60


def render_curve(curve: Curve) -> str:
    """Turn a learning curve into an HTML page that needs nothing from elsewhere."""
    last = curve.points[-1].articles + curve.forecast.more
    estimates = [*(point.f1 for point in curve.points), curve.forecast.f1]
    # Where every score is 1 the axis still needs a height.
    floor = min(0.9, max(0.0, int(10 * min(_lowest(each) for each in estimates)) / 10))

    def x(articles: float) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * articles / last, 1)

    def y(score: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * (score - floor) / (1 - floor), 1)

    sizes = [1 + (last - 1) * step / _STEPS for step in range(_STEPS + 1)]
    fitted = [(size, curve.a - curve.b * size**-curve.c) for size in sizes]
    return render_page(
        "model/page",
        "curve.html.jinja",
        curve=curve,
        last=last,
        x=x,
        y=y,
        gain=show_difference(curve.forecast.gain),
        ticks=[floor + (1 - floor) * step / 4 for step in range(5)],
        line=" ".join(f"{x(size)},{y(score)}" for size, score in fitted if score >= floor),
    )


def _lowest(estimate: Estimate) -> float:
    if estimate.interval is not None:
        return estimate.interval.low
    return estimate.value or 0.0
