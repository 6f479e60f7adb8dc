"""The board: one page that shows all devices, worst first, and who has their alerts; read-only."""

from .board import Board

__all__ = ["Board"]
