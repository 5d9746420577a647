"""What a page of Streamlit's may load: this server's own files, and what Streamlit makes in the browser."""

import base64
import hashlib
import re
from functools import cache

from pages.frontend.documents import inline_documents

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@cache
def content_policy() -> str:
    """A Content-Security-Policy. Scripts within the documents are named by their hashes, all others are files."""
    scripts = {script for document in inline_documents() for script in _INLINE.findall(document)}
    hashes = " ".join(sorted(f"'sha256-{_hash(script)}'" for script in scripts))
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' blob: {hashes}",
            "style-src 'self' 'unsafe-inline'",  # Emotion and Plotly write rules into the page
            "img-src 'self' data: blob:",
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
