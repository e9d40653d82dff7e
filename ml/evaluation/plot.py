"""The reliability plot as a small SVG: confidence against the share of liked tracks."""

from xml.sax.saxutils import escape

from ml.metrics import Reliability

SIZE, MARGIN = 360, 48
SIDE = SIZE - 2 * MARGIN
STYLE = "font-family='sans-serif' font-size='11' fill='#444'"
MIN_SHARE = 1e-4  # of all pairs; a bin with fewer has no point


def reliability_plot(reliability: Reliability, title: str) -> str:
    """Draw one point for each bin of confidence: the more pairs, the larger.

    On the diagonal, eight of ten tracks with a confidence of 0.8 are liked.

    Args:
        reliability: Sums of the shape (bins,).
        title: Plain text; it is escaped.

    Returns:
        SVG text.
    """
    title = escape(title, {"'": "&#39;"})
    weight = reliability.weight
    held = weight > MIN_SHARE * weight.sum()
    confidence = reliability.confidence[held] / weight[held]
    liked = reliability.liked[held] / weight[held]
    share = weight[held] / weight.sum()
    points = [(_x(x), _y(y)) for x, y in zip(confidence, liked, strict=True)]
    ticks = [
        f"<text x='{_x(t):.0f}' y='{SIZE - MARGIN + 16}' text-anchor='middle' {STYLE}>{t:g}</text>"
        f"<text x='{MARGIN - 8}' y='{_y(t) + 4:.0f}' text-anchor='end' {STYLE}>{t:g}</text>"
        for t in (0, 0.2, 0.4, 0.6, 0.8, 1)
    ]
    circles = [
        f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{3 + 9 * size**0.5:.1f}' fill='#1db954' "
        "fill-opacity='0.55' stroke='#11803a'/>"
        for (x, y), size in zip(points, share, strict=True)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    middle = SIZE / 2
    return "\n".join(
        [
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {SIZE} {SIZE}' width='{SIZE}' "
            f"height='{SIZE}' role='img' aria-label='{title}'>",
            f"<rect width='{SIZE}' height='{SIZE}' fill='#fff'/>",
            f"<rect x='{MARGIN}' y='{MARGIN}' width='{SIDE}' height='{SIDE}' fill='none' "
            "stroke='#bbb'/>",
            f"<line x1='{_x(0)}' y1='{_y(0)}' x2='{_x(1)}' y2='{_y(1)}' stroke='#999' "
            "stroke-dasharray='4 4'/>",
            *ticks,
            f"<polyline points='{line}' fill='none' stroke='#11803a'/>",
            *circles,
            f"<text x='{middle}' y='24' text-anchor='middle' {STYLE}>{title}</text>",
            f"<text x='{middle}' y='{SIZE - 10}' text-anchor='middle' {STYLE}>confidence</text>",
            f"<text x='14' y='{middle}' text-anchor='middle' {STYLE} "
            f"transform='rotate(-90 14 {middle})'>share liked, 1 liked : 1 random</text>",
            "</svg>\n",
        ]
    )


def _x(share: float) -> float:
    return MARGIN + SIDE * share


def _y(share: float) -> float:
    return SIZE - MARGIN - SIDE * share
