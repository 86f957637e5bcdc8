"""Who is asking: the address of the client, as far as it can be trusted."""

from collections.abc import Mapping
from typing import Any


def client_address(meta: Mapping[str, Any], trusted_proxies: int) -> str:
    """The address that the outermost trusted proxy saw.

    Each proxy appends the address it was called from to X-Forwarded-For, so the one to
    believe stands `trusted_proxies` from the right; what is left of it the client made up.
    """
    direct = meta.get("REMOTE_ADDR") or ""
    if trusted_proxies < 1:
        return direct
    parts = meta.get("HTTP_X_FORWARDED_FOR", "").split(",")
    chain = [part.strip() for part in parts if part.strip()]
    return chain[-trusted_proxies] if len(chain) >= trusted_proxies else direct
