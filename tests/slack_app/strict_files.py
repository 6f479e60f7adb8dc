"""The files of a strict Slack: no block may name one before ``files.info`` shows its type."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

type Sent = dict[str, Any]


class RefusedError(Exception):
    """What Slack answers with ``ok: false``."""


@dataclass
class StrictFiles:
    """All files that were uploaded and not deleted.

    Attributes:
        looks: How often ``files.info`` shows a fresh file without its type.
        names: Their ids, and how often each was looked at.
        contents: What was uploaded, also of deleted files.
    """

    looks: int = 0
    names: dict[str, int] = field(default_factory=dict, init=False)
    contents: dict[str, bytes] = field(default_factory=dict, init=False)
    _numbers: count[int] = field(default_factory=lambda: count(1), init=False)

    def is_ready(self, name: str) -> bool:
        """Tell whether a block may name a file."""
        return self.names.get(name, 0) > self.looks

    def do(self, method: str, sent: Sent, url: str) -> Sent:
        """Answer a call of a method of files.

        Raises:
            RefusedError: There is no such method or file.
        """
        match method:
            case "files.getUploadURLExternal":
                name = f"F{next(self._numbers)}"
                return {"upload_url": f"{url}/upload/{name}", "file_id": name}
            case "files.completeUploadExternal":
                (file,) = sent["files"]
                self.names[file["id"]] = 0
                return {"files": [file]}
            case "files.info":
                return {"file": self._look(sent["file"])}
            case "files.delete":
                if self.names.pop(sent["file"], None) is None:
                    raise RefusedError("file_not_found")
                return {}
        raise RefusedError("unknown_method")

    def _look(self, name: str) -> Sent:
        if name not in self.names:
            raise RefusedError("file_not_found")
        self.names[name] += 1
        return {"id": name} | ({"mimetype": "image/png"} if self.is_ready(name) else {})
