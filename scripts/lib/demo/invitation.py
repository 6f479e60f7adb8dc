"""What the demonstration says when all of it runs: where it is, and what to try."""

from scripts.lib.home_page import ADD
from scripts.lib.parts import ROOT

from .slack import CHANNEL_NAME
from .stage import DEVICES, Stage


def links(stage: Stage) -> str:
    """Return where a person finds what runs, a line for each."""
    found = {
        "Home Assistant": stage.home.url,
        "Slack": stage.slack,
        "The phone": f"{stage.gateway.url}/phone" if stage.gateway else None,
        "The docs": (ROOT / "docs/README.md").as_uri(),
    }
    return "\n".join(f"  {name:16}{link}" for name, link in found.items() if link)


def things_to_try(stage: Stage) -> str:
    """Return what a person may do now."""
    in_home, in_slack = DEVICES if stage.gateway else ("a device", "NAME")
    where = "on the phone's page" if stage.gateway else "with your phone"
    steps: list[tuple[str, ...]] = [
        (
            f"Pair in Home Assistant: {stage.home.url}{ADD}",
            _account(stage),
            f"Choose {in_home}, then the QR, and scan it {where}.",
        )
    ]
    if stage.slack:
        steps.append(
            (
                f"Pair in Slack: type  /wuts pair {in_slack}  in #{CHANNEL_NAME}. The QR comes as",
                f"a direct message of the app{_unseen(stage)}; scan it {where}.",
                "What has become of all devices tells  /wuts status",
            )
        )
    steps.append(
        (
            f"Unlink {in_home} {where}. In half a minute Home Assistant has a repair, with",
            "the QR in its dialog, and Slack an alert with a button.",
        )
    )
    if stage.gateway:
        steps.append(("Press Restart on the phone's page. Every session is lost, and comes back.",))
    return "\n".join(
        f"  {number}. " + "\n     ".join(lines) for number, lines in enumerate(steps, 1)
    )


def _unseen(stage: Stage) -> str:
    return " (this local Slack draws no pictures)" if stage.workspace else ""


def _account(stage: Stage) -> str:
    if stage.gateway is None:
        return "The token is the one in WUTS_TOKEN."
    return f"Token: {stage.token}   Advanced, gateway address: {stage.url}"
