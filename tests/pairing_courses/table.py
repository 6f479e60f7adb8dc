"""All courses, to be played in every frontend."""

from tests.pairing_courses import expiry, gateway, links, outside, phones
from tests.pairing_courses.course import COURSES

__all__ = ["COURSES", "expiry", "gateway", "links", "outside", "phones"]
