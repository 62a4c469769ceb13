"""Colours of labels: what can be read on them."""

BLACK, WHITE = "#000000", "#ffffff"


def contrasting_colour(background: str) -> str:
    """Choose black or white, whichever contrasts more with a `#rrggbb` colour (WCAG 2.1, 1.4.3)."""
    luminance = _luminance(background)
    against_black, against_white = (luminance + 0.05) / 0.05, 1.05 / (luminance + 0.05)
    return BLACK if against_black > against_white else WHITE


def _luminance(colour: str) -> float:
    """Compute the relative luminance of a `#rrggbb` colour as WCAG 2.1 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
