"""Which of Slack's methods the app calls, and the bot scope that each needs (Slack reference)."""

METHODS: dict[str, frozenset[str]] = {
    "apps.connections.open": frozenset(),
    "auth.test": frozenset(),
    "chat.delete": frozenset({"chat:write"}),
    "chat.postMessage": frozenset({"chat:write"}),
    "chat.update": frozenset({"chat:write"}),
    "conversations.info": frozenset({"channels:read", "groups:read"}),
    "conversations.members": frozenset({"channels:read", "groups:read"}),
    "conversations.open": frozenset({"im:write"}),
    "files.completeUploadExternal": frozenset({"files:write"}),
    "files.delete": frozenset({"files:write"}),
    "files.getUploadURLExternal": frozenset({"files:write"}),
    "files.info": frozenset({"files:read"}),
    "usergroups.users.list": frozenset({"usergroups:read"}),
    "users.info": frozenset({"users:read"}),
    "users.list": frozenset({"users:read"}),
    "views.open": frozenset(),
    "views.publish": frozenset(),
    "views.update": frozenset(),
}
"""The app-level token alone opens a socket; views need a token only."""

COMMANDS_SCOPE = "commands"

SCOPES = frozenset({COMMANDS_SCOPE}).union(*METHODS.values())
"""All bot scopes that the app needs."""
