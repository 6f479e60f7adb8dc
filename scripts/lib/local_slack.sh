# shellcheck shell=bash
# Provides the local Slack server that the Slack app's end-to-end tests run against.
# Its version and hash are in tests/slack_app/local_slack.

LOCAL_SLACK_PINS=$ROOT/tests/slack_app/local_slack
LOCAL_SLACK_HOME=$CACHE/local-slack

find_local_slack() { # the path is in $WUTS_LOCAL_SLACK, for the tests
    local program=$LOCAL_SLACK_HOME/node_modules/local-slack-linux-x64/bin/local-slack
    [[ -x $program ]] && is_installed_by_npm "$LOCAL_SLACK_PINS" "$LOCAL_SLACK_HOME" || return 1
    export WUTS_LOCAL_SLACK=$program
}

install_local_slack() {
    have npm && [[ $(uname -sm) == "Linux x86_64" ]] || return 1
    say "Installing a local Slack server"
    install_by_npm "$LOCAL_SLACK_PINS" "$LOCAL_SLACK_HOME"
}

provide_local_slack() {
    if find_local_slack; then return; fi
    install_local_slack && find_local_slack
}

tell_local_slack_is_missing() {
    say "SKIPPED: the end-to-end tests of the Slack app, as there is no local Slack server." \
        "It comes by npm, on Linux x86_64: install Node.js and npm, and run this again."
}
