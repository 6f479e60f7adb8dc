"""Measurements, each one command: ``python -m benchmarks.client`` and its like.

A figure is a ratio of things that were measured side by side in one run.
"""
