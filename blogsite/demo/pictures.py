"""The sample blog's pictures, computed. The same every time, so that they are stored once."""

from collections.abc import Callable
from math import cos, radians
from random import Random

from blogsite.demo.drawing import Sheet, on_circle

INK = "#1f2a33"
NIGHT = "#172026"
SEA = "#24424d"
CHALK = "#e6dccb"
CREAM = "#f4efe4"
RED = "#b8432a"
OCHRE = "#c9974a"
#: The five clocks of the essay: metres, degrees an hour, lag.
CLOCKS = [
    (1.21, 28.9841, 104.0),
    (0.42, 30.0000, 151.5),
    (0.24, 28.4397, 81.2),
    (0.11, 15.0411, 172.8),
    (0.09, 13.9430, 20.4),
]


def tide_height(hours: float) -> float:
    return sum(size * cos(radians(speed * hours - lag)) for size, speed, lag in CLOCKS)


def tide() -> Sheet:
    """Chalk-white waves on dark water, row below row, each a little later than the one above.
    One of them is red."""
    sheet = Sheet(SEA)
    for row in range(-2, 28):
        level = 20 + row * 38
        curve = [(x, level - 34 * tide_height(row * 11 + x / 24)) for x in range(0, 1601, 8)]
        is_tonight = row == 17
        sheet.line(curve, RED if is_tonight else CHALK, 6.5 if is_tonight else 2)
    return sheet


def timetable() -> Sheet:
    """Thirteen rows of dark bars like a page of departures; a few bars are red."""
    sheet = Sheet("#cfd6cf")
    chance = Random(640)
    for row in range(13):
        x = 92.0
        while x < 1500:
            width = min(chance.choice([24, 46, 70, 94, 128]), 1508 - x)
            colour = RED if chance.random() < 0.07 else INK
            sheet.box(x, 92 + row * 63, width, 27, colour)
            x += width + chance.choice([16, 28, 28, 78])
    return sheet


def weave() -> Sheet:
    """A basket weave of brown cord, three strands over and three under."""
    sheet = Sheet("#c7a58c")
    for column in range(16):
        for row in range(10):
            x, y = column * 100, row * 100
            for strand in (8, 41, 74):
                if (column + row) % 2:
                    sheet.box(x, y + strand, 100, 17, "#5a3b26")
                else:
                    sheet.box(x + strand, y, 17, 100, "#5a3b26")
    return sheet


def contour() -> Sheet:
    """The height lines of a low hill, ring around ring. One line is red."""
    sheet = Sheet(CHALK)
    for level in range(1, 20):
        summit = (1010 - level * 17, 400 + level * 9)
        uneven = [
            (turn, 1 + 0.17 * cos(radians(2 * turn + 8 * level)) + 0.1 * cos(radians(3 * turn)))
            for turn in range(0, 361, 3)
        ]
        line = [on_circle(summit, (25 + level * 60) * wide, turn) for turn, wide in uneven]
        sheet.line(line, RED if level == 8 else INK, 3.5 if level == 8 else 1.7)
    return sheet


def beam() -> Sheet:
    """A red and white lighthouse at night; one beam reaches up, a fainter one down."""
    sheet = Sheet(NIGHT)
    chance = Random(1858)
    for _star in range(70):
        place = chance.uniform(0, 1600), chance.uniform(0, 620)
        sheet.disc(place, chance.choice([2, 2, 2.8, 3.4]), "#a9a49a")
    sheet.polygon([(320, 500), (1600, 160), (1600, 387)], "#bf9048")
    sheet.polygon([(320, 500), (1600, 693), (1600, 933)], "#5d5034")
    sheet.box(273, 400, 94, 600, CREAM)
    sheet.box(273, 560, 94, 93, RED)
    sheet.box(273, 746, 94, 93, RED)
    sheet.box(253, 387, 134, 24, "#33424c")
    return sheet


def dial() -> Sheet:
    """A dark dial without numbers. Its one red hand points just below the right."""
    sheet = Sheet(NIGHT)
    middle = (800, 500)
    for minute in range(60):
        is_hour = minute % 15 == 0
        inner = on_circle(middle, 256 if is_hour else 284, minute * 6)
        sheet.line([inner, on_circle(middle, 300, minute * 6)], CHALK, 6 if is_hour else 2.2)
    sheet.disc(middle, 230, CHALK, 2.2)
    sheet.disc(middle, 120, CHALK, 2.2)
    sheet.line([on_circle(middle, 70, 277), on_circle(middle, 218, 97)], RED, 11)
    sheet.disc(middle, 16, CHALK)
    return sheet


def cards() -> Sheet:
    """Six ruled index cards and a red divider, one before the other."""
    sheet = Sheet("#8d9a7b")
    for number in range(7):
        x, y = 110 + 146 * number, 150 + 64 * number
        is_divider = number == 4
        sheet.box(x - 3, y - 3, 516, 326, INK)
        sheet.box(x, y, 510, 320, RED if is_divider else CREAM)
        for line in range(0 if is_divider else 6):
            sheet.box(x, y + 64 + line * 40, 510, 2, "#9fb2b5" if line else RED)
    return sheet


def curve() -> Sheet:
    """A curve that rises and falls twice a day. Its swings shrink towards the middle of the
    fortnight and grow again."""
    sheet = Sheet("#ebe4d7", height=560)
    sheet.line([(80, 40), (80, 520)], "#a39c90", 1.5)
    for level in (80, 280, 480):
        sheet.line([(80, level), (1560, level)], "#a39c90", 1.5)
    quarters = 14 * 24 * 4
    points = [
        (80 + 1480 * n / quarters, 280 - 96 * tide_height(n / 4 + 380)) for n in range(quarters)
    ]
    sheet.line(points, SEA, 3)
    return sheet


def staff() -> Sheet:
    """A measuring staff in red and white, standing half under water."""
    sheet = Sheet("#c7a58c", height=800)
    for decimetre in range(10):
        sheet.box(740, decimetre * 80, 120, 80, CREAM if decimetre % 2 else RED)
        for centimetre in range(1, 10):
            length = 60 if centimetre == 5 else 36
            sheet.box(740, decimetre * 80 + centimetre * 8 - 1, length, 2, INK)
    sheet.polygon([(838, 152), (861, 130), (861, 196)], "#c7a58c")
    for row in range(10):
        wave = [(x, 470 + row * 36 + 7 * cos(x / 64 + row * 1.9)) for x in range(0, 1601, 10)]
        sheet.polygon([*wave, (1600, 800), (0, 800)], SEA if row % 2 else "#2d525f")
    return sheet


def portrait(paper: str, head: str, shoulders: str) -> Callable[[], Sheet]:
    def draw() -> Sheet:
        sheet = Sheet(paper, 400, 400)
        sheet.disc((200, 164), 76, head)
        sheet.polygon([on_circle((200, 420), 152, turn) for turn in range(-90, 91, 3)], shoulders)
        return sheet

    return draw


#: What a drawing says of itself is read to those who do not see it; portraits only decorate.
DRAWINGS = {
    draw.__name__: draw
    for draw in (tide, timetable, weave, contour, beam, dial, cards, curve, staff)
} | {
    "ines": portrait("#d9cfbc", RED, INK),
    "tomasz": portrait("#5d7f86", CHALK, SEA),
    "amara": portrait(OCHRE, INK, "#7b3b22"),
    "jun": portrait("#8d9a7b", CREAM, "#44513a"),
}
