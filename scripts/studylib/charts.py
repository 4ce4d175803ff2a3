"""Charts as SVG, each on a light ground of its own."""

from __future__ import annotations

from html import escape

INK, GREY, GRID, GROUND = "#1d2733", "#5b6773", "#e4e8ec", "#ffffff"
BLUE, ORANGE, GREEN, RED, VIOLET, LIGHT = (
    "#2f6fb0", "#d9761b", "#2f8f5b", "#b3202c", "#7a4fa3", "#8aa4bd")
FONT = "system-ui, 'Segoe UI', Helvetica, Arial, sans-serif"


def place(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


class Chart:
    """A drawing of 960 by 540 with a title and what it shows below it."""

    def __init__(self, title: str, about: str, height: int = 540) -> None:
        self.height = height
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="960" height="{height}" viewBox="0 0 960 {height}" '
            f'font-family="{FONT}" font-size="15" role="img">',
            f"<title>{escape(title)}</title>",
            f'<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>',
        ]
        self.text(30, 40, title, size=21, weight=600)
        self.text(30, 66, about, colour=GREY)

    def text(self, x, y, words, anchor="start", colour=INK, size=15, weight=400, turn=None) -> None:
        turned = f' transform="rotate({turn} {place(x)} {place(y)})"' if turn else ""
        halo = f' stroke="{GROUND}" stroke-width="4" paint-order="stroke"'
        self.parts.append(
            f'<text x="{place(x)}" y="{place(y)}" text-anchor="{anchor}" fill="{colour}" font-size="{size}" '
            f'font-weight="{weight}"{turned}{halo}>{escape(words)}</text>')

    def line(self, points, colour=INK, width=2.0, dash=None) -> None:
        way = "M" + "L".join(f"{place(x)} {place(y)}" for x, y in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<path d="{way}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"{dashed}/>')

    def dot(self, x, y, colour=INK, radius=5.0, opacity=1.0) -> None:
        self.parts.append(
            f'<circle cx="{place(x)}" cy="{place(y)}" r="{radius}" fill="{colour}" fill-opacity="{opacity}"/>')

    def box(self, x, y, width, height, colour) -> None:
        self.parts.append(
            f'<rect x="{place(x)}" y="{place(y)}" width="{place(width)}" height="{place(height)}" fill="{colour}"/>')

    def legend(self, entries, y: float, x: float = 30, gap: float = 26) -> None:
        """Colours with their names, side by side."""
        for colour, name in entries:
            self.line([(x, y - 5), (x + 26, y - 5)], colour, 4)
            self.text(x + 34, y, name)
            x += 34 + 7.6 * len(name) + gap

    def svg(self) -> str:
        return "\n".join([*self.parts, "</svg>"]) + "\n"


class Frame:
    """Axes of a part of a chart."""

    def __init__(self, chart: Chart, left, top, right, bottom, across, up) -> None:
        self.chart = chart
        self.left, self.top, self.right, self.bottom = left, top, right, bottom
        self.across, self.up = across, up

    def x(self, value: float) -> float:
        low, high = self.across
        return self.left + (value - low) / (high - low) * (self.right - self.left)

    def y(self, value: float) -> float:
        low, high = self.up
        return self.bottom - (value - low) / (high - low) * (self.bottom - self.top)

    def rows(self, values, show) -> None:
        for value in values:
            y = self.y(value)
            self.chart.line([(self.left, y), (self.right, y)], GREY if value == 0 else GRID, 1)
            self.chart.text(self.left - 8, y + 5, show(value), "end", GREY)

    def columns(self, values, show) -> None:
        for value in values:
            x = self.x(value)
            self.chart.line([(x, self.bottom), (x, self.bottom + 6)], GREY, 1)
            self.chart.text(x, self.bottom + 24, show(value), "middle", GREY)
        self.chart.line([(self.left, self.bottom), (self.right, self.bottom)], GREY, 1)

    def names(self, across: str, up: str) -> None:
        middle = (self.left + self.right) / 2
        self.chart.text(middle, self.bottom + 48, across, "middle")
        self.chart.text(self.left - 88, (self.top + self.bottom) / 2, up, "middle", turn=-90)

    def curve(self, points, colour, width=2.2, dash=None) -> None:
        self.chart.line([(self.x(x), self.y(y)) for x, y in points], colour, width, dash)


def steps(low: float, high: float, most: int = 6) -> list[float]:
    """Round values between two."""
    size = 1e-6
    while True:
        for factor in (1, 2, 5):
            step = size * factor
            if (high - low) / step <= most:
                first = int(-(-low // step))
                return [round(n * step, 9) for n in range(first, int(high // step) + 1)]
        size *= 10
