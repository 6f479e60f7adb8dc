"""The contract's calls, one module for each family; `endpoints.ENDPOINTS` lists them all."""
