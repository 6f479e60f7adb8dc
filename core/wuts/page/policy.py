"""What a browser lets a page do, and the headers that say so: for pages of one HTML document."""

import base64
import hashlib
import re


def policy_of(page: str) -> str:
    """Return the security policy of a page that needs nothing from elsewhere.

    Args:
        page: The HTML; only its ``<style>`` and its ``<script>`` are let in, one of each at most.
    """
    return (
        f"default-src 'none'; style-src {_source(page, 'style')}; "
        f"script-src {_source(page, 'script')}; img-src data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def headers_for(policy: str) -> dict[str, str]:
    """Return the headers of a page that nobody may keep, frame or pass on.

    Args:
        policy: Its security policy.
    """
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
    }


def _source(page: str, tag: str) -> str:
    """Return the source of the page's only style or script, as a security policy names it."""
    found = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
    if not found:
        return "'none'"
    (content,) = found
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
