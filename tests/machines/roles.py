"""Who may call which method, with polkit's policy as it is and with the example rules; lvsd(8) prints it as a table."""

# What the groups of the examples may call besides what everybody may; where only in part, with the part.
WEB = "web-*"
WEB_DEPLOY = {"Destination.Edit": WEB, "Destination.SetRuntimeWeight": WEB, "Destination.ClearRuntimeWeight": WEB,
              "Manager.Apply": WEB, "Manager.Rollback": WEB}
NO_SYSCTL = "no sysctl"
OPERATORS_IN_PART = dict.fromkeys(("Manager.SetSettings", "Manager.UnsetSettings", "Manager.Apply", "Manager.Rollback",
                                   "Manager.Clear"), NO_SYSCTL)

HEAD = ("METHOD", "ACTION", "web-deploy", "lvs-operators")


def row(method: str, action: str) -> tuple[str, ...]:
    """Of the table, below HEAD; no action: everybody may."""
    if not action:
        return method, "(everybody)", "yes", "yes"
    return method, action, WEB_DEPLOY.get(method, "-"), OPERATORS_IN_PART.get(method, "yes")
