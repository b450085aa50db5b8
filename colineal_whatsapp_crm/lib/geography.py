"""How far places on the earth are from each other."""

from math import asin, cos, radians, sin, sqrt

_EARTH_KM = 6371.0


def distance_km(one, other):
    """Kilometres as the crow flies between two (latitude, longitude) in degrees."""
    (latitude, longitude), (its_latitude, its_longitude) = ([radians(each) for each in place] for place in (one, other))
    half = sin((its_latitude - latitude) / 2) ** 2
    half += cos(latitude) * cos(its_latitude) * sin((its_longitude - longitude) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(half, 1.0)))


def find_nearest(position, places, most_km):
    """The name of the nearest of `places` and its distance in km, or None where none is within `most_km`.

    places
        (name, (latitude, longitude)) each.
    """
    known = [(distance_km(position, place), name) for name, place in places]
    distance, name = min(known, default=(most_km + 1, None), key=lambda each: each[0])
    return (name, distance) if name is not None and distance <= most_km else None
