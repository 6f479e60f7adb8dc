"""The bot scopes that Slack's methods need, from Slack's reference: not the app's own list."""

NEEDS = {
    "chat.delete": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.info": {"channels:read"},
    "conversations.members": {"channels:read"},
    "conversations.open": {"im:write"},
    "files.getUploadURLExternal": {"files:write"},
    "files.completeUploadExternal": {"files:write"},
    "files.delete": {"files:write"},
    "files.info": {"files:read"},
    "usergroups.users.list": {"usergroups:read"},
    "users.info": {"users:read"},
    "users.list": {"users:read"},
}
