"""Pictures of cost against size, both logarithmic, as SVG."""
import math
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from .bench_rows import TIME, Figures, Quantity, show

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 40, 50
COLOURS = {"lvsd": "#0b6e4f", "ipvsadm": "#c0392b", "keepalived": "#d98e04", "limit": "#555555"}


@dataclass(frozen=True)
class Picture:
    """Of each program, the subject and quantity that are shown."""
    name: str
    title: str
    curves: dict[str, tuple[str, str]]


PICTURES = [
    Picture("import", "Filling an empty kernel", {"lvsd": ("lvsd", "import"), "ipvsadm": ("ipvsadm", "program"),
                                                  "keepalived": ("keepalived", "program"), "limit": ("limit", "program")}),
    Picture("start", "Start of the daemon, empty kernel", {"lvsd": ("restore", "start-empty"), "keepalived": ("keepalived", "program"),
                                                           "limit": ("limit", "program")}),
    Picture("reload", "One weight changed in a whole configuration", {"lvsd": ("lvsd", "reapply"), "keepalived": ("keepalived", "reload")}),
    Picture("list", "Listing everything", {"lvsd": ("lvsd", "list"), "ipvsadm": ("listing", "list"), "limit": ("limit", "dump")}),
    Picture("change", "One weight changed", {"lvsd": ("lvsd", "change"), "ipvsadm": ("ipvsadm", "change"), "limit": ("limit", "change")}),
]


@dataclass(frozen=True)
class Axis:
    """Powers of ten from the one below the least to the one above the most."""
    low: int
    high: int
    start: float
    end: float

    @staticmethod
    def around(values: list[float], start: float, end: float) -> "Axis":
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        return Axis(low, max(high, low + 1), start, end)

    def place(self, value: float) -> float:
        return self.start + (self.end - self.start) * (math.log10(value) - self.low) / (self.high - self.low)

    def marks(self) -> list[float]:
        return [10.0 ** power for power in range(self.low, self.high + 1)]


def _text(x: float, y: float, text: str, anchor: str = "middle", colour: str = "#222222") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#dddddd"/>'


def _curve(name: str, points: list[tuple[float, float]]) -> list[str]:
    colour = COLOURS[name]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
            *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points),
            _text(points[-1][0] + 8, points[-1][1] + 4, name, "start", colour)]


def draw(picture: Picture, figures: Figures) -> str:
    curves: dict[str, list[Quantity]] = {
        name: sorted(quantity for quantity in figures.samples if (quantity[0], quantity[2]) == curve)
        for name, curve in picture.curves.items()}
    across = Axis.around([services for found in curves.values() for _, services, _ in found], LEFT, WIDTH - RIGHT)
    up = Axis.around([figures[quantity] for found in curves.values() for quantity in found], HEIGHT - BOTTOM, TOP)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>', _text(WIDTH / 2, 22, picture.title)]
    for mark in across.marks():
        parts += [_line(across.place(mark), TOP, across.place(mark), HEIGHT - BOTTOM),
                  _text(across.place(mark), HEIGHT - BOTTOM + 18, f"{mark:,.0f}")]
    for mark in up.marks():
        parts += [_line(LEFT, up.place(mark), WIDTH - RIGHT, up.place(mark)), _text(LEFT - 6, up.place(mark) + 4, show(mark, TIME), "end")]
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, "services, ten destinations each"))
    for name, found in curves.items():
        if found:
            parts += _curve(name, [(across.place(quantity[1]), up.place(figures[quantity])) for quantity in found])
    return "\n".join([*parts, "</svg>"]) + "\n"


def draw_all(folder: Path, figures: Figures) -> list[str]:
    """Write them; how the page shows them."""
    shown = []
    for picture in PICTURES:
        (folder / f"benchmark-{picture.name}.svg").write_text(draw(picture, figures))
        shown.append(f"![{picture.title}](benchmark-{picture.name}.svg)")
    return shown
