"""Finding the article that answers a question, and nothing that the reader may not read."""
