"""`agora user create | promote | unlock | reset-password`: accounts, from the machine that Agora runs on."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from app.commands.opening import with_house
from app.options import Data
from engine.accounts import claims, hashing, identity, second_steps, users
from engine.accounts.models import User
from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.errors import Conflict
from engine.core.i18n import _
from engine.core.mailbox import normal_email
from engine.core.transaction import Tx

user = typer.Typer(name="user", help="Accounts: make, promote, unlock, set a password.", no_args_is_help=True)
Email = Annotated[str, typer.Option("--email", help="The account's e-mail address.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
COMMAND = Actor.system("agora user")


@user.command()
def create(
    email: Email,
    name: Annotated[str, typer.Option("--name", help="The person's name.")],
    role: Annotated[Role, typer.Option("--role", help="What they may do.")] = Role.CUSTOMER,
    site_name: Annotated[
        str | None, typer.Option("--site-name", help="What the organisation is called; for the first super_admin.")
    ] = None,
    *,
    password_stdin: FromStdin = False,
    data: Data = None,
) -> None:
    """Make an account. The first super_admin claims a new installation, whose defaults sell."""
    address = normal_email(email)
    if site_name is None and role is Role.SUPER_ADMIN and not password_stdin and with_house(data, _is_unclaimed):
        site_name = typer.prompt("What is the organisation called?")
    password = _password(address, from_stdin=password_stdin)

    async def run(ports: Ports) -> None:
        password_hash = await ports.front_desk.passwords.hash(password)
        async with ports.db.write() as tx:
            await users.create(tx, COMMAND, email=address, name=name, password_hash=password_hash, role=role)
            is_first = role is Role.SUPER_ADMIN and await claims.take(tx)
            if site_name is not None:
                if not is_first:
                    raise Conflict(_("--site-name is for the first super_admin; Settings → General changes the name."))
                await claims.name_site(tx, COMMAND, ports.settings, site_name)
        if role is Role.SUPER_ADMIN:
            ports.front_desk.claim_token.forget()

    with_house(data, run)
    typer.echo(f"{address} can sign in now, as {role.value}.")


async def _is_unclaimed(ports: Ports) -> bool:
    return not await ports.db.query(identity.has_owner)


@user.command()
def promote(
    email: Email,
    role: Annotated[Role, typer.Option("--role", help="The role they get.")],
    data: Data = None,
) -> None:
    """Give an account another role, higher or lower. It holds from its next request."""

    async def change(ports: Ports, tx: Tx, found: User) -> None:
        await users.update(tx, COMMAND, found.id, users.UserUpdate(role=role))
        if role is Role.SUPER_ADMIN:
            await claims.take(tx)
            ports.front_desk.claim_token.forget()

    _change(data, email, change)
    typer.echo(f"{email} is {role.value} now.")


@user.command()
def unlock(email: Email, data: Data = None) -> None:
    """Let an account sign in again after too many wrong passwords."""

    async def change(_ports: Ports, tx: Tx, found: User) -> None:
        await users.unlock(tx, COMMAND, found.id)

    _change(data, email, change)
    typer.echo(f"{email} can sign in again.")


@user.command("remove-second-step")
def remove_second_step(email: Email, data: Data = None) -> None:
    """Let somebody who lost their phone and their recovery codes sign in by the password alone."""

    async def change(_ports: Ports, tx: Tx, found: User) -> None:
        await second_steps.remove(tx, COMMAND, found.id)

    _change(data, email, change)
    typer.echo(f"The password alone signs {email} in now.")


@user.command("reset-password")
def reset_password(email: Email, *, password_stdin: FromStdin = False, data: Data = None) -> None:
    """Set an account's password, unlock it, and sign it out everywhere."""
    address = normal_email(email)
    password = _password(address, from_stdin=password_stdin)

    async def run(ports: Ports) -> None:
        password_hash = await ports.front_desk.passwords.hash(password)
        async with ports.db.write() as tx:
            found = await users.with_email(tx, address)
            await users.put_password(tx, COMMAND, found, password_hash)

    with_house(data, run)
    typer.echo(f"{address} has a new password, and is signed out everywhere.")


def _change(data: Path | None, email: str, change: Callable[[Ports, Tx, User], Awaitable[None]]) -> None:
    address = normal_email(email)

    async def run(ports: Ports) -> None:
        async with ports.db.write() as tx:
            await change(ports, tx, await users.with_email(tx, address))

    with_house(data, run)


def _password(email: str, *, from_stdin: bool) -> str:
    """Return the password, asked for twice or read as the first line of standard input. Raises Invalid."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    hashing.check_new(password, email=email)
    return password
