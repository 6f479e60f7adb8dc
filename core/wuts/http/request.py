"""One call about to be made: the endpoint and what goes into its path, query, headers and body."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from .endpoints import Endpoint


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Request:
    """What to send; it has no repr of its own, since a body may hold a phone number.

    Attributes:
        endpoint: The call.
        device_id: The device it is about, put into the path or the query, or None.
        params: More of the query.
        headers: More headers.
        body: Sent as JSON, or None for no body.
    """

    endpoint: Endpoint
    device_id: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | None = None

    @property
    def target(self) -> str:
        """The path and query, with the device's id where it belongs.

        One string, because the HTTP library parses a URL anew for each part that is added to it.
        """
        query = urlencode(self._query, quote_via=quote)
        return f"{self._path}?{query}" if query else self._path

    @property
    def _path(self) -> str:
        if "{id}" not in self.endpoint.path:
            return self.endpoint.path
        return self.endpoint.path.format(id=quote(self.device_id or "", safe=""))

    @property
    def _query(self) -> Mapping[str, str]:
        in_body = self.body is not None and "device_id" in self.body
        if self.device_id is None or in_body or "{id}" in self.endpoint.path:
            return self.params
        return {"device_id": self.device_id, **self.params}
