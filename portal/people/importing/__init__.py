"""Organisations, people, contracts and installations from tables, and into tables.

A file is read whole, every fault in it is named with its line, its column and what would be right,
and nothing is stored unless all of it is right.
"""
