"""Thumbnails of product images."""

import subprocess


def thumbnail_size(width: int, height: int, longest: int = 240) -> tuple[int, int]:
    if width <= 0 or height <= 0:
        raise ValueError("an image has a width and a height")
    scale = min(1.0, longest / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def optimise(path: str) -> None:
    subprocess.run(["optipng", "-quiet", path], check=True)
