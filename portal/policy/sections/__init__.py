"""Reading the sections of a policy file, one module for each group of them."""
