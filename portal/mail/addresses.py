"""The addresses that mails point to: always under the configured base URL.

They stand here because a mail is written below the web; a test holds them against its routes.
"""

from urllib.parse import quote

from portal.settings import Settings


def case_page(settings: Settings, reference: str) -> str:
    """A case, for people who sign in."""
    return f"{settings.base_url}/cases/{quote(reference, safe='')}"


def desk_case(settings: Settings, reference: str) -> str:
    """A case, for those who work on it."""
    return f"{settings.base_url}/desk/cases/{quote(reference, safe='')}"


def followed_case(settings: Settings, token: str) -> str:
    """A case, for whoever holds its secret link."""
    return f"{settings.base_url}/follow/{quote(token, safe='')}"


def sign_in_page(settings: Settings, token: str) -> str:
    return f"{settings.base_url}/sign-in/link/{quote(token, safe='')}"


def expectations_page(settings: Settings) -> str:
    """How support is reached, and when."""
    return f"{settings.base_url}/expectations"


def desk(settings: Settings) -> str:
    """The queue, for staff."""
    return f"{settings.base_url}/desk"


def desk_policies(settings: Settings) -> str:
    """All versions of the policy, for those who may change it."""
    return f"{settings.base_url}/desk/policies"


def known_issue(settings: Settings, issue_id: int) -> str:
    """A known issue, for everybody."""
    return f"{settings.base_url}/known-issues/{issue_id:d}"


def issue_subscription(settings: Settings, token: str) -> str:
    """Where whoever reads an address says whether they want news of an issue."""
    return f"{settings.base_url}/known-issues/subscriptions/{quote(token, safe='')}"


def comments_on(settings: Settings, article_id: int) -> str:
    """All comments on an article, for writers."""
    return f"{settings.base_url}/writing/articles/{article_id:d}/comments"


def article(settings: Settings, slug: str) -> str:
    """An article, for whoever may read it."""
    return f"{settings.base_url}/articles/{quote(slug, safe='')}"


def news(settings: Settings, token: str) -> str:
    """Where whoever got news of a release turns them off."""
    return f"{settings.base_url}/news/{quote(token, safe='')}"


def publishing(settings: Settings, article_id: int) -> str:
    """What publishing an article would do, with its review; for writers."""
    return f"{settings.base_url}/writing/articles/{article_id:d}/publication"


def article_of_writers(settings: Settings, article_id: int) -> str:
    """An article, for those who write it."""
    return f"{settings.base_url}/writing/articles/{article_id:d}"


def work_list(settings: Settings) -> str:
    """What writers have to do."""
    return f"{settings.base_url}/writing/work"
