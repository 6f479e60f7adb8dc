"""Messages: to whom, with which file, and what became of them."""
