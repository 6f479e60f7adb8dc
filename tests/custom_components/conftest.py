"""These tests need Home Assistant: scripts/test_home_assistant runs them where it is."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("homeassistant") else ["*"]
