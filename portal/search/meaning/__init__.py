"""Search by meaning, an optional extra: a small sentence model on this machine, no cloud.

Nothing here is needed: without the extra, or when anything of it fails, lexical search answers.
"""

import os

# A short question is quickest on one thread: more of them wait for each other, burning every core.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
