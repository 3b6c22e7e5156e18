"""Property tests are short and repeatable by default; POLICY_EXAMPLES=2000 makes a night of it."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "policy",
    max_examples=int(os.environ.get("POLICY_EXAMPLES", "40")),
    derandomize="POLICY_EXAMPLES" not in os.environ,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.filter_too_much,
    ],
)
settings.load_profile("policy")
