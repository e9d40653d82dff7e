"""The calendar and the minutes of the day do not depend on data: they are checked by formula."""

from tests.dbt.conftest import Warehouse

GOLD = "sonic_gold.gold"


def test_the_calendar_has_every_day_and_the_unknown_one(warehouse: Warehouse) -> None:
    figures = warehouse.query(
        f"""
        select count(*), min(calendar_date)::text, max(calendar_date)::text,
            count(*) filter (
                iso_week <> weekofyear(calendar_date) or iso_year <> isoyear(calendar_date)
                or iso_day_of_week <> isodow(calendar_date)
                or month_name <> monthname(calendar_date) or day_name <> dayname(calendar_date)
            )
        from {GOLD}.dim_date
        """
    )
    assert figures == [(11_689, "2005-12-31", "2037-12-31", 0)]


def test_every_minute_of_the_day_has_its_part(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        f"""
        select day_part, count(*), min(time_key), max(time_key), min(time_of_day), max(time_of_day)
        from {GOLD}.dim_time group by day_part order by min(time_key)
        """
    )
    assert rows == [
        ("Unknown", 1, -1, -1, "Unknown", "Unknown"),
        ("Night", 360, 0, 559, "00:00", "05:59"),
        ("Morning", 360, 600, 1159, "06:00", "11:59"),
        ("Afternoon", 360, 1200, 1759, "12:00", "17:59"),
        ("Evening", 360, 1800, 2359, "18:00", "23:59"),
    ]
