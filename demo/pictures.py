"""Pictures for the demo, drawn here: a street, what is wrong in it, and how it was
put right. Nobody's photograph, nobody's face."""

from functools import cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 480, 360
# Drawn twice as large and made small again: soft edges.
ZOOM = 2
HORIZON = 170
KERB = 228

SKIES = [
    ((146, 200, 232), (226, 240, 246)),
    ((176, 208, 224), (244, 236, 220)),
    ((150, 178, 196), (212, 222, 226)),
]
NIGHT = ((22, 30, 54), (58, 66, 96))
WALLS = [(232, 214, 178), (214, 222, 214), (236, 200, 176), (206, 212, 226)]
ROOFS = [(176, 92, 70), (150, 106, 84), (120, 128, 140)]
ROAD, PAVEMENT, LINE = (104, 108, 114), (190, 186, 178), (238, 238, 232)
GREEN, DARK_GREEN, TRUNK = (96, 150, 84), (66, 118, 66), (112, 82, 60)
WATER, MUD, SAND = (132, 150, 152), (140, 118, 88), (206, 184, 140)
WINDOW, DARK = (128, 142, 150), (52, 54, 58)
ORANGE, RED, BLUE = (232, 116, 48), (196, 60, 52), (62, 110, 168)


@cache
def draw(scene, after=False, seed=0):
    """Draw a scene as a small JPEG.

    :param scene: a function of this module whose name is drawn_<scene>
    :param after: once it has been dealt with
    :param seed: varies houses, sky and small things
    :return: bytes
    """
    paint = globals()[f"drawn_{scene}"]
    picture = Picture(Random(f"{scene}{seed}"))
    paint(picture, after)
    return picture.jpeg()


class Picture:
    """A canvas measured in points of the finished picture."""

    def __init__(self, random):
        self.random = random
        self.night = False
        self.image = Image.new("RGB", (WIDTH * ZOOM, HEIGHT * ZOOM))
        self.pen = ImageDraw.Draw(self.image)

    # Shapes -----------------------------------------------------------

    def box(self, left, top, right, bottom, fill, radius=0):
        box = self._scaled(left, top, right, bottom)
        self.pen.rounded_rectangle(box, radius * ZOOM, fill=fill)

    def oval(self, x, y, across, down, fill):
        box = self._scaled(x - across, y - down, x + across, y + down)
        self.pen.ellipse(box, fill=fill)

    def shape(self, *points, fill):
        self.pen.polygon([(x * ZOOM, y * ZOOM) for x, y in points], fill=fill)

    def line(self, *points, fill, width=2):
        self.pen.line(
            [(x * ZOOM, y * ZOOM) for x, y in points],
            fill=fill,
            width=int(width * ZOOM),
            joint="curve",
        )

    def arc(self, x, y, across, down, start, end, fill, width=2):
        box = self._scaled(x - across, y - down, x + across, y + down)
        self.pen.arc(box, start, end, fill=fill, width=int(width * ZOOM))

    def blob(self, x, y, across, down, fill, bumps=9):
        """An uneven round thing: a crown, a puddle, smoke."""
        self.oval(x, y, across * 0.85, down * 0.85, fill)
        for _bump in range(bumps):
            dx = self.random.uniform(-0.6, 0.6) * across
            dy = self.random.uniform(-0.45, 0.45) * down
            self.oval(x + dx, y + dy, across * 0.42, down * 0.5, fill)

    def glow(self, x, y, reach, fill, strength=150):
        """Light around a lamp or a fire."""
        mask = Image.new("L", self.image.size)
        core = reach / 2
        box = self._scaled(x - core, y - core, x + core, y + core)
        ImageDraw.Draw(mask).ellipse(box, fill=strength)
        mask = mask.filter(ImageFilter.GaussianBlur(core * ZOOM / 2))
        self.image.paste(fill, (0, 0), mask)

    def _scaled(self, *numbers):
        return [number * ZOOM for number in numbers]

    # Scenery ----------------------------------------------------------

    def sky(self):
        top, bottom = NIGHT if self.night else self.random.choice(SKIES)
        for y in range(HORIZON + 40):
            share = y / (HORIZON + 40)
            colour = tuple(
                round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True)
            )
            self.box(0, y, WIDTH, y + 1, colour)

    def street(self):
        """Houses, pavement and road."""
        self.sky()
        left = -self.random.randint(0, 40)
        while left < WIDTH:
            width = self.random.randint(64, 110)
            self._house(left, width)
            left += width + self.random.choice((0, 0, 6, 14))
        self.box(0, KERB - 22, WIDTH, KERB, self._dim(PAVEMENT))
        self.box(0, KERB, WIDTH, KERB + 4, self._dim((160, 156, 150)))
        self.box(0, KERB + 4, WIDTH, HEIGHT, self._dim(ROAD))
        for x in range(-20, WIDTH, 110):
            self.shape(
                (x, 330),
                (x + 54, 330),
                (x + 50, 336),
                (x - 6, 336),
                fill=self._dim(LINE),
            )

    def _house(self, left, width):
        top = HORIZON - self.random.randint(30, 110)
        self.box(left, top, left + width, KERB - 20, self._dim(self._pick(WALLS)))
        roof = self._dim(self._pick(ROOFS))
        self.box(left - 3, top - 8, left + width + 3, top + 2, roof)
        glass = (250, 214, 120) if self.night else (150, 178, 190)
        for y in range(top + 14, KERB - 66, 34):
            for x in range(left + 10, left + width - 20, 28):
                lit = self.random.random() < 0.4
                self.box(x, y, x + 15, y + 18, glass if lit else self._dim(WINDOW), 1)
        door = left + width // 2 - 13
        self.box(door, KERB - 58, door + 26, KERB - 20, roof)

    def field(self):
        """Open country with a path."""
        self.sky()
        self.box(0, HORIZON - 10, WIDTH, HEIGHT, (150, 178, 104))
        self.blob(90, HORIZON - 14, 80, 22, DARK_GREEN)
        self.blob(380, HORIZON - 12, 110, 20, GREEN)
        self.shape(
            (180, HORIZON), (220, HORIZON), (330, HEIGHT), (90, HEIGHT), fill=SAND
        )

    def _pick(self, colours):
        return self.random.choice(colours)

    def _dim(self, colour):
        return tuple(part * 2 // 5 for part in colour) if self.night else colour

    # Things -----------------------------------------------------------

    def tree(self, x, ground, size=1.0):
        self.box(x - 7 * size, ground - 80 * size, x + 7 * size, ground, TRUNK)
        self.blob(x, ground - 110 * size, 58 * size, 46 * size, DARK_GREEN)
        self.blob(x - 10 * size, ground - 120 * size, 44 * size, 34 * size, GREEN)

    def lamp_post(self, x, ground, lit):
        post = (90, 96, 104) if not self.night else (60, 64, 76)
        self.box(x - 3, ground - 170, x + 3, ground, post)
        self.line((x, ground - 168), (x + 46, ground - 176), fill=post, width=4)
        self.box(x + 36, ground - 180, x + 66, ground - 172, post, 2)
        if lit:
            self.glow(x + 51, ground - 165, 60, (255, 232, 160))
            self.oval(x + 51, ground - 171, 12, 4, (255, 246, 210))

    def cone(self, x, ground):
        self.shape((x, ground - 34), (x + 13, ground), (x - 13, ground), fill=ORANGE)
        self.shape(
            (x - 5, ground - 20), (x + 5, ground - 20), (x + 8, ground - 12),
            (x - 8, ground - 12), fill=LINE,
        )  # fmt: skip

    def bike(self, x, ground, colour):
        for wheel in (x - 26, x + 26):
            self.oval(wheel, ground - 14, 14, 14, DARK)
            self.oval(wheel, ground - 14, 7, 7, (170, 174, 178))
        self.shape(
            (x - 30, ground - 22), (x - 16, ground - 36), (x + 8, ground - 32),
            (x + 20, ground - 48), (x + 27, ground - 46), (x + 18, ground - 18),
            (x - 10, ground - 14), fill=colour,
        )  # fmt: skip
        self.line((x + 20, ground - 48), (x + 14, ground - 54), fill=DARK, width=3)

    def bags(self, x, ground, count):
        colours = [(60, 64, 70), (88, 120, 150), (206, 206, 200), (150, 96, 80)]
        for index in range(count):
            dx = self.random.randint(-64, 64)
            dy = self.random.randint(0, 34) * (1 - abs(dx) / 80)
            size = self.random.randint(13, 22)
            self.blob(x + dx, ground - dy - 8, size, size * 0.8, colours[index % 4], 4)

    def jpeg(self):
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        data = BytesIO()
        small.save(data, "JPEG", quality=78, optimize=True)
        return data.getvalue()


# --- scenes --------------------------------------------------------------------------


def drawn_pothole(picture, after):
    picture.street()
    if after:
        picture.shape((170, 280), (318, 276), (334, 316), (158, 320), fill=(72, 76, 80))
        return
    picture.blob(244, 296, 84, 22, (82, 82, 84))
    picture.blob(244, 298, 68, 15, (60, 56, 52))
    picture.oval(236, 301, 40, 6, WATER)
    for x, y in ((150, 280), (340, 286), (322, 318), (168, 322)):
        picture.oval(x, y, 5, 3, (70, 70, 72))


def drawn_manhole(picture, after):
    picture.street()
    picture.oval(240, 298, 58, 20, (78, 80, 84))
    if after:
        picture.oval(240, 298, 52, 17, (128, 132, 136))
        for dy in (-8, 0, 8):
            picture.line((200, 298 + dy), (280, 298 + dy), fill=(96, 100, 104))
        return
    picture.oval(240, 298, 50, 16, (26, 26, 28))
    picture.shape((240, 314), (292, 304), (286, 288), (262, 300), fill=(128, 132, 136))
    picture.line((236, 300), (220, 212), fill=TRUNK, width=4)
    picture.blob(218, 206, 22, 16, GREEN, 5)


def drawn_lamp(picture, after):
    picture.night = True
    picture.street()
    for x in (60, 220, 380):
        picture.lamp_post(x, KERB, lit=after)
    if after:
        for x in (111, 271, 431):
            picture.glow(x, 270, 110, (255, 226, 150), 60)


def drawn_rubbish(picture, after):
    picture.street()
    if after:
        picture.box(186, 206, 214, 252, (64, 132, 92), 4)
        picture.box(182, 200, 218, 208, (48, 104, 72), 3)
        for x in range(250, 360, 22):
            picture.blob(x, 234, 12, 9, GREEN, 4)
            picture.oval(x, 229, 3, 3, (232, 120, 150))
        return
    picture.oval(240, 262, 112, 20, (96, 92, 84))
    picture.bags(240, 258, 26)
    for x in (120, 178, 322, 356):
        picture.box(x, 270, x + 12, 276, (214, 206, 190))


def drawn_flood(picture, after):
    picture.street()
    if after:
        picture.box(206, KERB + 6, 274, KERB + 18, (60, 62, 66), 2)
        for x in range(212, 272, 10):
            picture.line((x, KERB + 7), (x, KERB + 17), fill=(140, 144, 148))
        return
    picture.box(0, KERB - 4, WIDTH, HEIGHT, WATER)
    for y in range(KERB + 8, HEIGHT, 17):
        for x in range(picture.random.randint(-30, 10), WIDTH, 74):
            picture.arc(x, y, 26, 5, 200, 340, (176, 192, 194), 1.5)
    picture.bike(320, 300, RED)
    picture.box(282, 288, 362, 304, WATER)
    picture.blob(96, 318, 16, 6, GREEN, 4)


def drawn_tree(picture, after):
    picture.street()
    if after:
        picture.box(104, 214, 136, 224, (138, 104, 76))
        picture.tree(380, KERB - 2, 0.8)
        picture.line((250, 226), (250, 168), fill=TRUNK, width=4)
        picture.blob(250, 160, 20, 16, GREEN, 5)
        return
    picture.shape((84, 230), (110, 206), (330, 262), (322, 276), fill=TRUNK)
    picture.blob(352, 270, 84, 52, DARK_GREEN, 14)
    picture.blob(372, 258, 60, 36, GREEN, 12)
    picture.blob(92, 224, 26, 18, (120, 96, 72), 6)
    picture.cone(60, 300)


def drawn_pavement(picture, after):
    picture.street()
    if after:
        picture.line((0, 212), (WIDTH, 212), fill=(240, 200, 60), width=3)
        return
    for x, colour in ((70, RED), (214, BLUE), (356, ORANGE)):
        for leg in (x - 44, x + 44):
            picture.line((leg, 168), (leg, 244), fill=DARK, width=2)
        picture.shape(
            (x - 60, 176), (x + 60, 176), (x + 42, 150), (x - 42, 150), fill=colour
        )
        picture.box(x - 40, 214, x + 40, 246, (196, 160, 110), 2)
        for dx in range(-32, 34, 13):
            fruit = picture.random.choice([RED, (240, 190, 60), GREEN])
            picture.oval(x + dx, 213, 6, 5, fruit)
    picture.bike(300, 288, BLUE)
    picture.bike(140, 294, (90, 140, 96))


def drawn_sand(picture, after):
    picture.street()
    if after:
        return
    picture.shape((90, 300), (170, 224), (262, 300), fill=SAND)
    picture.shape((240, 306), (310, 244), (396, 306), fill=(150, 150, 148))
    for _stone in range(30):
        x, y = picture.random.randint(258, 378), picture.random.randint(280, 306)
        picture.oval(x, y, 4, 3, (120, 122, 124))
    picture.box(402, 278, 452, 304, (188, 96, 70))


def drawn_speaker(picture, after):
    picture.street()
    picture.box(150, 176, 330, 228, (228, 206, 120), 2)
    picture.box(150, 160, 330, 180, BLUE)
    picture.box(206, 188, 262, 228, (96, 70, 56))
    if after:
        return
    picture.box(352, 178, 392, 250, DARK, 3)
    picture.oval(372, 198, 11, 11, (130, 134, 140))
    picture.oval(372, 229, 15, 15, (130, 134, 140))
    for reach in (26, 44, 62):
        picture.arc(388, 214, reach, reach, -40, 40, RED, 4)


def drawn_tap(picture, after):
    picture.sky()
    picture.box(0, 0, WIDTH, HEIGHT, (214, 226, 230))
    for x in range(0, WIDTH, 60):
        picture.line((x, 0), (x, 262), fill=(194, 208, 214), width=1)
    for y in range(22, 262, 60):
        picture.line((0, y), (WIDTH, y), fill=(194, 208, 214), width=1)
    picture.box(0, 262, WIDTH, HEIGHT, (176, 170, 160))
    steel = (138, 146, 154)
    picture.box(120, 92, 268, 116, steel, 6)
    picture.box(246, 92, 270, 156, steel, 6)
    picture.box(178, 70, 198, 96, steel)
    picture.box(156, 58, 220, 74, RED, 7)
    picture.shape((196, 244), (320, 244), (304, 330), (212, 330), fill=BLUE)
    picture.oval(258, 244, 62, 13, (40, 78, 124))
    if after:
        picture.box(250, 156, 266, 246, (150, 200, 226), 3)
        picture.oval(258, 246, 52, 9, (150, 200, 226))
    else:
        for y in (172, 204, 228):
            picture.oval(258, y, 3, 5, (150, 186, 206))


def drawn_leak(picture, after):
    picture.street()
    if after:
        picture.box(196, KERB - 20, 290, KERB - 2, (206, 202, 194))
        return
    picture.blob(240, 262, 130, 26, WATER)
    for dx in (-26, -12, 0, 12, 26):
        picture.line(
            (240, 216), (240 + dx, 176 + abs(dx)), fill=(176, 208, 226), width=3
        )
        picture.oval(240 + dx * 1.6, 186 + abs(dx), 4, 4, (176, 208, 226))
    picture.oval(240, 220, 30, 8, (96, 84, 72))


def drawn_wires(picture, after):
    picture.street()
    for x in (50, 420):
        picture.box(x - 5, 60, x + 5, KERB, (120, 112, 104))
        picture.box(x - 26, 74, x + 26, 80, (120, 112, 104))
    sags = (10, 16, 22) if after else (24, 96, 130)
    for index, sag in enumerate(sags):
        top = 76 + index * 6
        points = [
            (50 + 370 * step / 20, top + sag * (1 - (step / 10 - 1) ** 2))
            for step in range(21)
        ]
        picture.line(*points, fill=(36, 36, 40), width=2)
    picture.bike(240, 296, RED)


def drawn_fire(picture, after):
    picture.street()
    if after:
        picture.blob(240, 236, 74, 16, (70, 68, 66))
        return
    for index in range(9):
        shade = 66 + index * 9
        picture.blob(
            250 + index * 9, 206 - index * 23, 26 + index * 6, 20 + index * 3,
            (shade, shade, shade + 4), 5,
        )  # fmt: skip
    picture.glow(240, 220, 90, (255, 150, 60), 140)
    picture.blob(240, 238, 80, 16, (70, 60, 54))
    for x, height in ((196, 34), (218, 56), (242, 74), (266, 52), (286, 30)):
        picture.shape(
            (x - 15, 238), (x + 3, 238 - height), (x + 15, 238), fill=(238, 120, 40)
        )
        picture.shape(
            (x - 8, 238), (x + 2, 240 - height // 2), (x + 8, 238), fill=(255, 206, 80)
        )


def drawn_smoke(picture, after):
    picture.field()
    if after:
        picture.blob(330, 240, 40, 12, (226, 206, 130), 6)
        return
    for index in range(10):
        shade = 150 + index * 8
        picture.blob(
            300 - index * 24, 222 - index * 9, 34 + index * 4, 22 + index * 2,
            (shade, shade, shade), 6,
        )  # fmt: skip
    picture.blob(310, 244, 52, 12, (110, 96, 70), 7)
    for x in range(276, 344, 13):
        picture.shape((x - 6, 242), (x + 2, 224), (x + 7, 242), fill=(238, 132, 50))


def drawn_accident(picture, after):
    picture.street()
    if after:
        picture.bike(320, 300, BLUE)
        return
    picture.bike(180, 292, RED)
    picture.oval(296, 310, 15, 9, DARK)
    picture.oval(350, 304, 15, 9, DARK)
    picture.shape((286, 302), (360, 292), (366, 304), (300, 314), fill=BLUE)
    for x in (96, 420):
        picture.cone(x, 318)
    for x, y in ((236, 308), (252, 316), (262, 304)):
        picture.shape((x, y), (x + 8, y - 3), (x + 5, y + 5), fill=(200, 214, 220))


drawn_bikes = drawn_accident
drawn_bin = drawn_rubbish
drawn_branch = drawn_tree
drawn_drain = drawn_flood


def drawn_sign(picture, after):
    picture.street()
    picture.box(238, 120, 244, KERB, (130, 134, 138))
    picture.oval(241, 108, 30, 30, RED)
    picture.oval(241, 108, 23, 23, LINE)
    picture.line((252, 122), (252, 104), (232, 104), fill=DARK, width=4)
    picture.line((222, 90), (260, 127), fill=RED, width=5)
    if after:
        return
    picture.box(196, 66, 372, 150, (240, 196, 70), 3)
    for y, end in ((84, 340), (104, 318), (124, 332)):
        picture.box(212, y, end, y + 9, (180, 92, 60))


def drawn_wall(picture, after):
    picture.street()
    picture.box(0, 120, WIDTH, KERB - 14, (226, 204, 150))
    picture.box(0, 110, WIDTH, 124, (170, 92, 70))
    for x in range(30, WIDTH, 120):
        picture.box(x, 104, x + 18, KERB - 14, (206, 180, 124))
    if after:
        return
    for colour, x in ((BLUE, 92), (RED, 210), ((70, 120, 84), 330)):
        points = [
            (x + step * 14, 168 + picture.random.randint(-26, 26)) for step in range(6)
        ]
        picture.line(*points, fill=colour, width=7)


def drawn_fence(picture, after):
    picture.street()
    if after:
        return
    for x in range(130, 350, 18):
        picture.shape(
            (x, 290), (x, 214), (x + 6, 206), (x + 12, 214), (x + 12, 290),
            fill=(150, 116, 84),
        )  # fmt: skip
    for y in (228, 268):
        picture.box(124, y, 352, y + 7, (128, 96, 70))


def drawn_crossing(picture, after):
    picture.street()
    stripe = LINE if after else (122, 126, 130)
    for x in range(120, 360, 40):
        picture.shape(
            (x + 4, 240), (x + 24, 240), (x + 18, 344), (x - 8, 344), fill=stripe
        )
    if after:
        picture.box(400, 150, 405, KERB, (130, 134, 138))
        picture.shape((402, 104), (428, 150), (376, 150), fill=(240, 200, 60))


def drawn_ditch(picture, after):
    picture.field()
    picture.shape(
        (150, HORIZON), (186, HORIZON), (250, HEIGHT), (20, HEIGHT),
        fill=(120, 160, 176) if after else (92, 96, 74),
    )  # fmt: skip
    if after:
        return
    picture.shape((176, 214), (300, 236), (330, 290), (206, 300), fill=MUD)
    for _foam in range(14):
        x, y = picture.random.randint(80, 200), picture.random.randint(250, 340)
        picture.oval(x, y, 8, 4, (206, 204, 186))


def drawn_dog(picture, after):
    picture.street()
    picture.box(0, KERB - 10, WIDTH, HEIGHT, (170, 190, 130))
    for x in (60, 130):
        picture.line((x, 236), (x + 30, 150), (x + 60, 236), fill=BLUE, width=5)
    if after:
        return
    for x in (270, 380):
        coat = picture.random.choice([(150, 104, 66), (88, 76, 68)])
        picture.oval(x, 284, 34, 15, coat)
        picture.oval(x + 36, 268, 14, 12, coat)
        picture.shape((x + 30, 260), (x + 33, 246), (x + 41, 258), fill=coat)
        for dx in (-24, -14, 16, 25):
            picture.line((x + dx, 288), (x + dx, 314), fill=coat, width=6)
        picture.line((x - 30, 278), (x - 50, 262), fill=coat, width=5)


def drawn_food(picture, after):
    drawn_pavement(picture, False)
    if after:
        picture.box(150, 246, 330, 300, (222, 232, 236), 3)
        picture.box(160, 256, 320, 262, (160, 186, 196))


def drawn_document(picture, after):
    picture.box(0, 0, WIDTH, HEIGHT, (158, 124, 92))
    for y in range(0, HEIGHT, 44):
        picture.line((0, y), (WIDTH, y + 6), fill=(144, 110, 80), width=1)
    picture.shape((136, 46), (330, 30), (352, 324), (158, 338), fill=(246, 244, 236))
    for index in range(12):
        y = 84 + index * 18
        end = 320 - picture.random.randint(0, 60)
        picture.line((166, y + 6), (end, y), fill=(150, 152, 158), width=4)
    if after:
        picture.oval(300, 286, 26, 26, RED)
        picture.oval(300, 286, 20, 20, (246, 244, 236))
        picture.oval(300, 286, 8, 8, RED)


def drawn_blur(picture, after):
    picture.street()
    picture.image = picture.image.filter(ImageFilter.GaussianBlur(22 * ZOOM))
    picture.pen = ImageDraw.Draw(picture.image)
