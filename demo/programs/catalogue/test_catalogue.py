import pytest

from catalogue.images import thumbnail_size
from catalogue.search import cache_key, recommend, score, search, words

ROPE = {"name": "Rope, 20 m", "description": "hemp", "price_cents": 1990}
LINE = {"name": "Rope, 10 m", "description": "hemp", "price_cents": 990}
LAMP = {"name": "Storm lamp", "description": "burns in any rope locker", "price_cents": 4500}


def test_words_are_lower_case_and_without_commas():
    assert words("Rope, 20 m") == ["rope", "20", "m"]


def test_a_name_counts_more_than_a_description():
    assert score(ROPE, ["rope"]) > score(LAMP, ["rope"])


def test_the_cheapest_of_the_equally_good_comes_first():
    assert search([ROPE, LAMP, LINE], "rope") == [LINE, ROPE, LAMP]


def test_without_words_everything_is_found_cheapest_first():
    assert search([LAMP, ROPE, LINE], " ") == [LINE, ROPE, LAMP]


def test_what_does_not_fit_is_not_found():
    assert search([ROPE, LAMP], "anchor") == []


def test_no_more_than_the_limit_is_found():
    assert search([ROPE, LINE], "rope", limit=1) == [LINE]


def test_the_same_text_has_the_same_key():
    assert cache_key("rope") == cache_key("rope") != cache_key("lamp")


def test_a_recommendation_is_one_of_the_products():
    assert recommend([ROPE, LAMP], seed=7) in (ROPE, LAMP)


@pytest.mark.parametrize("size, expected", [((480, 240), (240, 120)), ((100, 50), (100, 50)), ((10000, 1), (240, 1))])
def test_a_thumbnail_keeps_the_proportions(size, expected):
    assert thumbnail_size(*size) == expected


def test_an_image_without_area_is_refused():
    with pytest.raises(ValueError):
        thumbnail_size(0, 10)
