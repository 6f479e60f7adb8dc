"""How one call is made, and one answer is read."""
