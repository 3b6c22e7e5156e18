"""A bare Flask view that answers with bytes read once: what any page costs at the least."""

import os
from pathlib import Path

from flask import Flask, Response

app = Flask(__name__, static_folder=None)
_body = Path(os.environ["BENCHMARK_BYTES"]).read_bytes()


@app.get("/")
def page() -> Response:
    return Response(_body, content_type="text/html; charset=utf-8")
