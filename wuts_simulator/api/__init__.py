"""The contract's calls, a module a family; `gate` knows who answers which."""
