"""The promise clock: what a customer may expect, by when, by which rule, and why that date.

Pure: a policy file goes in, promises come out; the present moment is always an argument.
"""
