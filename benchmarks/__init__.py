"""Figures for the budgets of ARCHITECTURE.md: `make bench` runs all and writes BENCHMARKS.md.

Each figure is a ratio against a reference measured in the same run, or a time; never a number from memory.
"""
