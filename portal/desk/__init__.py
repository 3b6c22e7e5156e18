"""How staff go about their work: saved views, answers kept ready, who is where, many cases at
once. None of it is seen by customers.
"""
