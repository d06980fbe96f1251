"""Lines over an axis, as SVG: enough to show whether something grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, log10
from typing import Final

WIDTH, HEIGHT = 860, 380
LEFT, RIGHT, TOP, BOTTOM = 64, 20, 44, 58
STEPS: Final = 5
MOST_POINTS: Final = 400
COLORS: Final = ("#2f81f7", "#d29922", "#3fb950", "#f85149")
STYLE: Final = (
    'text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d7dae0}'
    ".d{fill:#7d8590}.g{stroke:#30363d}polyline{fill:none;stroke-width:1.6}"
)

Points = Sequence[tuple[float, float]]


def lines(series: Mapping[str, Points], *, title: str, across: str, up: str) -> str:
    """An SVG document. Both axes begin at 0; `across` and `up` name them."""
    right = _round_up(max((x for points in series.values() for x, _ in points), default=1))
    top = _round_up(max((y for points in series.values() for _, y in points), default=1))

    def place(x: float, y: float) -> str:
        return (
            f"{LEFT + x / right * (WIDTH - LEFT - RIGHT):.1f},{HEIGHT - BOTTOM - y / top * (HEIGHT - TOP - BOTTOM):.1f}"
        )

    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{escape(title)}">'
    )
    parts = [
        opening,
        f'<style>{STYLE}</style><rect width="100%" height="100%" rx="10" fill="#161b22"/>',
        f'<text x="{LEFT}" y="22">{escape(title)}</text><text class="d" x="8" y="{TOP - 6}">{escape(up)}</text>',
        f'<text class="d" x="{WIDTH - RIGHT}" y="{HEIGHT - BOTTOM + 36}" text-anchor="end">{escape(across)}</text>',
    ]
    for step in range(STEPS + 1):
        y, x = top * step / STEPS, right * step / STEPS
        across_at, up_at = place(x, 0).split(",")[0], place(0, y).split(",")[1]
        parts.append(f'<path class="g" d="M{LEFT} {up_at}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text class="d" x="{LEFT - 8}" y="{up_at}" dy="4" text-anchor="end">{y:,.0f}</text>')
        # The last figure would reach over the edge.
        anchor = "end" if step == STEPS else "middle"
        parts.append(
            f'<text class="d" x="{across_at}" y="{HEIGHT - BOTTOM + 18}" text-anchor="{anchor}">{x:,.0f}</text>'
        )
    for n, (name, points) in enumerate(series.items()):
        color = COLORS[n % len(COLORS)]
        drawn = " ".join(place(x, y) for x, y in thinned(points))
        parts.append(f'<polyline stroke="{color}" points="{drawn}"/>')
        parts.append(f'<text x="{LEFT + n * 185}" y="{HEIGHT - 12}" style="fill:{color}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def thinned(points: Points) -> Points:
    """Evenly chosen, the last one with them, so that a long run draws no larger a picture than a short one."""
    step = ceil(len(points) / MOST_POINTS)
    return [*points[::step], points[-1]] if step > 1 else points


def _round_up(most: float) -> float:
    """The next 1, 2, 2.5 or 5 with zeros, so that five steps have plain figures."""
    size = 10.0 ** int(log10(most)) if most >= 1 else 1.0
    return next(nice * size for nice in (1, 2, 2.5, 5, 10) if nice * size >= most)
