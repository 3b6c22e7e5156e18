"""Mail that comes in: kept first, then read, then filed as a case, added to one, or set aside."""
