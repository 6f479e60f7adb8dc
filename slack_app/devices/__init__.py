"""The accounts' devices, and what people do with them."""
