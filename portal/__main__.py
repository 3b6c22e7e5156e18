"""`python -m portal` is the `portal` command."""

from portal.commands import portal

portal(prog_name="portal")
