"""Measurements, each beside its limit in the same run: only ratios within one run mean anything."""
