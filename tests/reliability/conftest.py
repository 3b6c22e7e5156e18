"""The portal of the web tests, for faults that are made from outside."""

from tests.web.conftest import app, make_app, settings, sign_in_as

__all__ = ["app", "make_app", "settings", "sign_in_as"]
