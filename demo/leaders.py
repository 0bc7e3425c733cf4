"""What the leaders' screens of the demo show: borders of its wards, and kept counts."""

import json

# How far a ward of the demo reaches, in degrees.
REACH = 0.02


def show_to_leaders(env, wards):
    """Draw the wards of the demo and count what its screens show.

    :param wards: dict of code → (civic.ward, latitude, longitude)
    """
    places = {
        ward: (longitude, latitude) for ward, latitude, longitude in wards.values()
    }
    for ward, place in places.items():
        others = [other for other in places.values() if other != place]
        ward.border = json.dumps(
            {"type": "Polygon", "coordinates": [_area(place, others)]}
        )
    env["civic.now"]._count_now(env["civic.door"]._now())
    figures = env["civic.period.figures"]
    for company in env["civic.now"]._counted_companies():
        for period in figures._due_periods(company):
            figures._keep_period(company, period)


def _area(place, others):
    """What lies nearer to a place than to any other one: a square, cut at the middle of
    the way to each."""
    x, y = place
    ring = [
        (x - REACH, y - REACH),
        (x + REACH, y - REACH),
        (x + REACH, y + REACH),
        (x - REACH, y + REACH),
    ]
    for other in others:
        ring = _cut(ring, place, other)
    return [list(point) for point in [*ring, ring[0]]]


def _cut(ring, place, other):
    """The part of an area on this side of the middle between two places."""
    middle = ((place[0] + other[0]) / 2, (place[1] + other[1]) / 2)
    way = (other[0] - place[0], other[1] - place[1])

    def beyond(point):
        return (point[0] - middle[0]) * way[0] + (point[1] - middle[1]) * way[1]

    kept = []
    for one, following in zip(ring, [*ring[1:], ring[0]], strict=True):
        here, there = beyond(one), beyond(following)
        if here <= 0:
            kept.append(one)
        if (here < 0 < there) or (there < 0 < here):
            share = here / (here - there)
            kept.append(
                (
                    one[0] + share * (following[0] - one[0]),
                    one[1] + share * (following[1] - one[1]),
                )
            )
    return kept
