"""Which names a file mentions, and where each of them is bound."""
