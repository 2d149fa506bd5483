"""What a division code says by itself."""

import pytest

from registry.areas.codes import ancestors, is_stand_in, parent_of, prefix_of


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("320000000000", "32"),
        ("320400000000", "3204"),
        ("320402000000", "320402"),
        ("320402008000", "320402008"),
        ("320402008901", "320402008901"),
        ("442000001000", "442000001"),
        ("442000000000", "4420"),
    ],
)
def test_a_prefix_ends_with_the_last_group_that_says_something(code, prefix):
    assert prefix_of(code) == prefix


def test_a_town_of_a_city_without_counties_lies_directly_below_the_city():
    assert ancestors("442000001901") == ("440000000000", "442000000000", "442000001000", "442000001901")
    assert parent_of("442000001000") == "442000000000"


def test_a_province_has_no_parent():
    assert parent_of("320000000000") is None


def test_rows_that_only_stand_in_are_known_from_their_code():
    assert is_stand_in("120100000000", 2)
    assert is_stand_in("419000000000", 2)
    assert is_stand_in("620201000000", 3)
    assert not is_stand_in("320400000000", 2)
    assert not is_stand_in("110101000000", 3)
    assert not is_stand_in("659001000000", 3)
