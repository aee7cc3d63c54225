"""Finds products by words, cheapest first among the equally good."""

import hashlib
import random


def words(text: str) -> list[str]:
    return [word for word in text.lower().replace(",", " ").split() if word]


def score(product: dict, wanted: list[str]) -> int:
    named = words(product["name"])
    described = words(product.get("description", ""))
    return sum(3 * named.count(word) + described.count(word) for word in wanted)


def search(products: list[dict], text: str, limit: int = 20) -> list[dict]:
    wanted = words(text)
    if not wanted:
        return sorted(products, key=lambda product: product["price_cents"])[:limit]
    found = [(score(product, wanted), product) for product in products]
    found = [(points, product) for points, product in found if points > 0]
    found.sort(key=lambda pair: (-pair[0], pair[1]["price_cents"]))
    return [product for _, product in found[:limit]]


def cache_key(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def recommend(products: list[dict], seed: int) -> dict:
    return random.Random(seed).choice(products)
