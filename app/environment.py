"""What the environment and `.env` say: which variables are set, which override site settings, which do nothing."""

import os
import sys
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from app.variables import ENVIRONMENT, GROUPS, Variable
from engine.core.errors import Invalid

LIVE_KEYS = ("sk_live_", "rk_live_", "pk_live_")
TRUE = frozenset({"true", "1", "yes", "on"})
FALSE = frozenset({"false", "0", "no", "off"})
PORTS = range(1, 65536)


def environment(dotenv: Path = Path(".env")) -> dict[str, str]:
    """Return what is set: the process environment over the lines of `.env`; an empty value counts as unset."""
    merged = {**dotenv_values(dotenv), **os.environ}
    return {name: value for name, value in merged.items() if value}


def ignored(environ: Mapping[str, str]) -> list[Variable]:
    """Return the variables that are set and do nothing, each with its reason, in the order of `.env.example`."""
    return [variable for variable in ENVIRONMENT if environ.get(variable.name) and not variable.used]


def overrides(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the site settings that the environment decides, by wire path: `{"email.credentials.host": "mail"}`.

    A mail server switches e-mail by SMTP on. Stripe's keys themselves say whether they are for tests.
    Raises Invalid for a port, a switch or a sender that cannot be read.
    """
    mode = _stripe_mode(environ)
    found: dict[str, Any] = {
        variable.overrides.format(mode=mode): _typed(variable.name, environ[variable.name])
        for variable in ENVIRONMENT
        if variable.overrides and environ.get(variable.name)
    }
    if environ.get("SMTP_HOST"):
        found |= {"email.provider": "smtp", "email.enabled": True}
    if environ.get("SMTP_FROM"):
        found |= _sender(environ["SMTP_FROM"])
    if environ.get("SALESFORCE_CLIENT_SECRET") or environ.get("SALESFORCE_PRIVATE_KEY"):
        found["system.salesforce.authMethod"] = "jwt" if environ.get("SALESFORCE_PRIVATE_KEY") else "oauth"
    if environ.get("STRIPE_SECRET_KEY") or environ.get("STRIPE_PUBLISHABLE_KEY"):
        found["payments.mode"] = mode
    return found


def env_example() -> str:
    """Return the text of `.env.example`: every variable with what it means, its value commented out."""
    lines = [
        "# Agora's environment variables. Copy this file to .env and take the # off the lines you want to set.",
        "# Nothing here is required: what is unset has a default or is asked for in the browser.",
        "# The process environment wins over .env, .env over agora.toml in the data folder.",
        "# `agora doctor` names the variables that are set and do nothing.",
    ]
    for group in GROUPS:
        lines += ["", f"# --- {group.title}"]
        reason = ""
        for variable in group.variables:
            if variable.reason_if_ignored != reason:
                reason = variable.reason_if_ignored
                lines.append(f"# Ignored from here on: {reason}." if reason else "# Used:")
            lines += [f"# {variable.meaning}", f"#{variable.name}={variable.example}"]
    return "\n".join(lines) + "\n"


def _stripe_mode(environ: Mapping[str, str]) -> str:
    keys = (environ.get("STRIPE_SECRET_KEY", ""), environ.get("STRIPE_PUBLISHABLE_KEY", ""))
    return "live" if any(key.startswith(LIVE_KEYS) for key in keys) else "test"


def _typed(name: str, value: str) -> str | bool:
    if name.endswith("_ENABLED"):
        return _switch(name, value)
    if name.endswith("_PORT"):
        return _port(name, value)
    return value


def _switch(name: str, value: str) -> bool:
    if value.lower() not in TRUE | FALSE:
        raise Invalid(f"{name} is “{value}”; set it to true or false, or remove it.")
    return value.lower() in TRUE


def _port(name: str, value: str) -> str:
    if not value.isdecimal() or int(value) not in PORTS:
        raise Invalid(f"{name} is “{value}”; set it to a port between 1 and 65535, or remove it.")
    return value


def _sender(value: str) -> dict[str, str]:
    name, address = parseaddr(value)
    if "@" not in address:
        raise Invalid(f"SMTP_FROM is “{value}”; set it to an address such as noreply@example.org, or remove it.")
    return {"email.fromEmail": address} | ({"email.fromName": name} if name else {})


if __name__ == "__main__":
    sys.stdout.write(env_example())
