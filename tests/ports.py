"""A port of loopback that nobody listens on."""

import random
import socket

_NEVER_GIVEN_OUT = range(20_000, 32_000)
"""The system takes the near ends of connections from above these: what is free among them stays
free until whoever asked listens.
"""
_dice = random.SystemRandom()


def free_port() -> int:
    while True:
        port = _dice.choice(_NEVER_GIVEN_OUT)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
