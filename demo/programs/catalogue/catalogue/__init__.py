"""The catalogue: products, search, thumbnails."""
