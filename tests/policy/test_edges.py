"""Every edge of a day, a week, a year and a clock change as a row of its own.

A row is read aloud: at this desk, so many minutes after that local time it is then.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.policy.calendar import Calendar
from portal.policy.loading import load_policy
from portal.policy.problems import PolicyRefusal

OFFICE = 'mon-fri = "08:00-17:00"\nholidays = "us"'
SETS = """
[holidays.us]
country = "US"
also_closed = [{ date = 2026-11-27, name = "Day after Thanksgiving" }]
also_open = [2026-10-12]
special_hours = [
  { date = 2026-12-24, hours = "08:00-12:00", name = "Christmas Eve" },
  { date = 2026-12-05, hours = "10:00-14:00", name = "Open Saturday" },
  { date = 2026-09-07, hours = "09:00-10:00", name = "Labor Day duty" },
]
"""
WEEK = 'every-day = "00:00-24:00"\nholidays = "none"'


def desk(zone: str, hours: str) -> Calendar:
    source = f"""
[policy]
id = "p"
name = "P"
version = 1
effective_from = 2009-01-01
time_zone = "{zone}"
default_priority = "1"
{SETS}
[hours.desk]
{hours}
[hours.always]
every-day = "00:00-24:00"
holidays = "none"
[[priority]]
id = "1"
name = "One"
means = ["x"]
hours = "always"
"""
    return load_policy(source).calendar("desk")


def at(zone: str, text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(zone))


PACIFIC = "America/Los_Angeles"
BERLIN, KATHMANDU = "Europe/Berlin", "Asia/Kathmandu"
TOUCHING = 'mon = "08:00-12:00, 12:00-17:00"'
OVERLAPPING = 'mon = "08:00-12:00, 11:00-17:00"'
ALMOST = 'every-day = "00:00-23:59"'
MINUTE = 'wed = "10:00-10:01"'
GAP = 'sun = "02:15-03:30"'
LUNCH = 'mon-fri = "09:00-12:00, 13:00-17:30"\nholidays = "none"'
NIGHT = 'mon-sun = "22:00-06:00"\nholidays = "us"'

ADD_ROWS = [
    ("at opening", PACIFIC, OFFICE, "2026-06-09 08:00:00", 60, "2026-06-09 09:00:00"),
    ("a second before opening", PACIFIC, OFFICE, "2026-06-09 07:59:59", 60, "2026-06-09 09:00:00"),
    ("a second after opening", PACIFIC, OFFICE, "2026-06-09 08:00:01", 60, "2026-06-09 09:00:01"),
    ("a second before closing", PACIFIC, OFFICE, "2026-06-09 16:59:59", 60, "2026-06-10 08:59:59"),
    ("at closing", PACIFIC, OFFICE, "2026-06-09 17:00:00", 60, "2026-06-10 09:00:00"),
    ("a second after closing", PACIFIC, OFFICE, "2026-06-09 17:00:01", 60, "2026-06-10 09:00:00"),
    ("ending at closing", PACIFIC, OFFICE, "2026-06-12 13:00:00", 240, "2026-06-12 17:00:00"),
    ("the whole day", PACIFIC, OFFICE, "2026-06-12 08:00:00", 540, "2026-06-12 17:00:00"),
    ("at 4 am", PACIFIC, OFFICE, "2026-06-08 04:00:00", 60, "2026-06-08 09:00:00"),
    ("at 00:01", PACIFIC, OFFICE, "2026-06-08 00:01:00", 60, "2026-06-08 09:00:00"),
    ("Sunday's last second", PACIFIC, OFFICE, "2026-06-07 23:59:59", 60, "2026-06-08 09:00:00"),
    ("a holiday's eve", PACIFIC, OFFICE, "2026-11-25 16:30:00", 60, "2026-11-30 08:30:00"),
    ("on the holiday", PACIFIC, OFFICE, "2026-11-26 12:00:00", 60, "2026-11-30 09:00:00"),
    ("closed by the desk", PACIFIC, OFFICE, "2026-11-27 12:00:00", 60, "2026-11-30 09:00:00"),
    ("the morrow", PACIFIC, OFFICE, "2026-11-30 08:00:00", 60, "2026-11-30 09:00:00"),
    ("an observed Friday", PACIFIC, OFFICE, "2026-07-02 16:30:00", 60, "2026-07-06 08:30:00"),
    ("an observed Monday", PACIFIC, OFFICE, "2027-07-02 16:30:00", 60, "2027-07-06 08:30:00"),
    ("31 Dec for New Year", PACIFIC, OFFICE, "2027-12-30 16:30:00", 60, "2028-01-03 08:30:00"),
    ("half of Christmas eve", PACIFIC, OFFICE, "2026-12-24 11:30:00", 60, "2026-12-28 08:30:00"),
    ("its closing at noon", PACIFIC, OFFICE, "2026-12-24 11:00:00", 60, "2026-12-24 12:00:00"),
    ("a year's end", PACIFIC, OFFICE, "2026-12-31 16:30:00", 60, "2027-01-04 08:30:00"),
    ("29 February 2024", PACIFIC, OFFICE, "2024-02-28 16:30:00", 60, "2024-02-29 08:30:00"),
    ("29 February 2028", PACIFIC, OFFICE, "2028-02-29 16:30:00", 60, "2028-03-01 08:30:00"),
    ("open on a holiday", PACIFIC, OFFICE, "2026-10-12 09:00:00", 60, "2026-10-12 10:00:00"),
    ("a holiday's duty", PACIFIC, OFFICE, "2026-09-07 08:00:00", 60, "2026-09-07 10:00:00"),
    ("an open Saturday", PACIFIC, OFFICE, "2026-12-05 08:00:00", 60, "2026-12-05 11:00:00"),
    ("a 23-hour day", PACIFIC, WEEK, "2026-03-08 00:00:00", 1_380, "2026-03-09 00:00:00"),
    ("a 25-hour day", PACIFIC, WEEK, "2026-11-01 00:00:00", 1_500, "2026-11-02 00:00:00"),
    ("lunch", "Europe/Berlin", LUNCH, "2026-06-09 11:30:00", 60, "2026-06-09 13:30:00"),
    ("at lunch", "Europe/Berlin", LUNCH, "2026-06-09 12:15:00", 60, "2026-06-09 14:00:00"),
    ("lunch closing", "Europe/Berlin", LUNCH, "2026-06-09 11:00:00", 60, "2026-06-09 12:00:00"),
    ("in the gap", PACIFIC, GAP, "2026-03-08 00:00:00", 30, "2026-03-08 03:30:00"),
    ("gap only", PACIFIC, 'sun = "02:15-02:45"', "2026-03-08 00:00:00", 30, "2026-03-15 02:45:00"),
    (
        "in the fold",
        PACIFIC,
        'sun = "01:15-01:45"',
        "2026-11-01 00:00:00",
        30,
        "2026-11-01T01:45:00-07:00",
    ),
    (
        "over the fold",
        PACIFIC,
        'sun = "01:30-02:30"',
        "2026-11-01 00:00:00",
        60,
        "2026-11-01T01:30:00-08:00",
    ),
    ("Havana's midnight", "America/Havana", WEEK, "2026-03-07 23:30", 60, "2026-03-08 01:30"),
    ("Santiago's midnight", "America/Santiago", WEEK, "2026-09-05 23:30", 60, "2026-09-06 01:30"),
    (
        "Havana's second midnight",
        "America/Havana",
        WEEK,
        "2026-10-31 23:30",
        60,
        "2026-11-01T00:30:00-04:00",
    ),
    (
        "half an hour in Lord Howe",
        "Australia/Lord_Howe",
        'sun = "01:00-03:00"',
        "2026-10-04 00:00",
        90,
        "2026-10-04 03:00",
    ),
    ("Dublin", "Europe/Dublin", 'sun = "00:30-02:30"', "2026-03-29 00:00", 60, "2026-03-29 02:30"),
    (
        "a date that never was",
        "Pacific/Apia",
        'thu = "08:00-17:00"\nfri = "08:00-17:00"\nsat = "08:00-17:00"',
        "2011-12-29 16:30",
        60,
        "2011-12-31 08:30",
    ),
    ("+05:45", KATHMANDU, 'mon = "09:15-10:15"', "2026-06-08 00:00", 60, "2026-06-08 10:15"),
    ("fixed offset", "Etc/GMT+8", TOUCHING, "2026-06-08 00:00", 60, "2026-06-08 09:00"),
    ("a night shift", PACIFIC, NIGHT, "2026-06-09 21:00", 540, "2026-06-10 23:00"),
    ("night into a holiday", PACIFIC, NIGHT, "2026-07-02 23:00", 480, "2026-07-05 23:00"),
    ("night over a change", PACIFIC, NIGHT, "2026-03-07 22:00", 480, "2026-03-08 23:00"),
    ("night over a repeat", PACIFIC, NIGHT, "2026-10-31 22:00", 540, "2026-11-01 06:00"),
    ("one day a week", PACIFIC, 'wed = "10:00-11:00"', "2026-06-10 10:30", 60, "2026-06-17 10:30"),
    ("one minute a week", PACIFIC, MINUTE, "2026-06-10 10:00", 2, "2026-06-17 10:01"),
    ("23:59 is 23:59", PACIFIC, ALMOST, "2026-06-10 23:58", 2, "2026-06-11 00:01"),
    ("24:00 is midnight", PACIFIC, WEEK, "2026-06-10 23:58", 3, "2026-06-11 00:01"),
    ("touching windows", PACIFIC, TOUCHING, "2026-06-08 11:30", 60, "2026-06-08 12:30"),
    ("overlapping windows", PACIFIC, OVERLAPPING, "2026-06-08 10:00", 180, "2026-06-08 13:00"),
    ("over a year", PACIFIC, OFFICE, "2026-01-05 08:00", 540 * 300, "2027-03-17 17:00"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "hours", "start", "minutes", "end"),
    [row[1:] for row in ADD_ROWS],
    ids=[row[0] for row in ADD_ROWS],
)
def test_the_time_is_used_up(zone: str, hours: str, start: str, minutes: int, end: str) -> None:
    calendar = desk(zone, hours)
    begins, ends = at(zone, start), at(zone, end)
    assert calendar.add(begins, minutes * 60) == ends
    assert calendar.between(begins, ends) == minutes * 60


def test_closing_time_itself_is_after_hours() -> None:
    calendar = desk(PACIFIC, OFFICE)
    assert not calendar.is_open(at(PACIFIC, "2026-06-09 17:00"))
    assert calendar.is_open(at(PACIFIC, "2026-06-09 16:59:59"))
    assert calendar.is_open(at(PACIFIC, "2026-06-09 08:00"))
    assert not calendar.is_open(at(PACIFIC, "2026-06-09 07:59:59"))


def test_the_same_instant_in_another_offset_gets_the_same_answer() -> None:
    calendar = desk(PACIFIC, OFFICE)
    here = at(PACIFIC, "2026-06-09 16:30")
    there = here.astimezone(ZoneInfo("Asia/Kolkata"))
    assert calendar.add(here, 3_600) == calendar.add(there, 3_600)


def test_day_and_night_two_ways_is_the_same() -> None:
    one, two = desk(PACIFIC, WEEK), desk(PACIFIC, 'mon-sun = "00:00-12:00, 12:00-24:00"')
    begins = at(PACIFIC, "2026-03-07 05:00")
    assert one.add(begins, 400_000) == two.add(begins, 400_000)


def test_holidays_are_looked_up_by_their_date() -> None:
    calendar = desk(PACIFIC, OFFICE)
    special = calendar.special_day(date(2027, 12, 31))
    assert special is not None
    assert special.name == "New Year's Day (observed)"


@pytest.mark.parametrize(
    ("hours", "seconds", "code"),
    [
        ('holidays = "none"', 60, "never_opens"),
        (OFFICE, 60 * 540 * 900, "too_far"),
        (OFFICE, -1, "negative_target"),
        ('wed = "10:00-10:01"', 60 * 200, "too_far"),
    ],
)
def test_what_has_no_answer_is_refused(hours: str, seconds: int, code: str) -> None:
    with pytest.raises(PolicyRefusal) as refusal:
        desk(PACIFIC, hours).add(datetime(2026, 6, 9, 12, tzinfo=UTC), seconds)
    assert refusal.value.code == code


def test_a_time_without_offset_is_refused() -> None:
    with pytest.raises(PolicyRefusal) as refusal:
        desk(PACIFIC, OFFICE).is_open(datetime(2026, 6, 9, 12))
    assert refusal.value.code == "naive_time"


def test_instants_of_distant_years_in_any_order() -> None:
    calendar = desk(PACIFIC, 'mon-fri = "08:00-17:00"\nholidays = "none"')
    for year in (2026, 1950, 2029, 2100, 2025, 2190):
        monday = next(d for d in range(1, 8) if date(year, 6, d).weekday() == 0)
        begins = at(PACIFIC, f"{year}-06-{monday:02} 08:00")
        ends = at(PACIFIC, f"{year}-06-{monday:02} 17:00")
        assert calendar.add(begins, 9 * 3_600) == ends
        assert calendar.between(begins, ends) == 9 * 3_600
