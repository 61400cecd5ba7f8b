"""Checks of what was written: rules, curated data, and built graphs."""
