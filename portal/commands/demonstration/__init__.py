"""A portal full of invented people and cases, so that it can be tried at once."""
