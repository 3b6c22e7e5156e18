"""The catalogues of the portal's own words, and the tool that keeps them."""
