"""Commands that print figures: speed and memory, never a verdict."""
