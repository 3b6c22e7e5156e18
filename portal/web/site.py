"""What every page says of the organisation: its name and logo, and how else to reach support."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from portal.web.assets import logo_address
from portal.web.parts import parts


@dataclass(frozen=True)
class Site:
    """The organisation as the page's header and footer show it."""

    name: str
    desk_name: str
    phone: str
    email: str
    logo_url: str | None
    zone: ZoneInfo

    @property
    def phone_href(self) -> str:
        return "tel:" + "".join(c for c in self.phone if c in "+0123456789")


def site() -> Site:
    """The organisation of this installation."""
    settings = parts().settings
    return Site(
        name=settings.name,
        desk_name="",
        phone="",
        email="",
        logo_url=logo_address(settings),
        zone=ZoneInfo("UTC"),
    )
