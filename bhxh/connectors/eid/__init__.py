"""Electronic identification: the keys of its tokens, and the publication point of insurance books."""
