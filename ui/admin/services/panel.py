"""What the house runs on, as a table: on its page, and among the settings of the system."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.api.ports import Ports
from engine.core.i18n import Message, _
from engine.operations.services.kinds import SERVICES
from engine.operations.watch.checks import ServiceState

HOME = "/admin/services"


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service. state: how it was at the last look; None where it is not looked at. note: where it is.

    fixed_by: the environment variable that decides it; former: what served before, to go back to.
    """

    role: str
    title: Message
    engine: Message | str
    note: str
    state: ServiceState | None
    fixed_by: str
    former: Message | str

    @property
    def url(self) -> str:
        """Where it is changed."""
        return f"{HOME}/{self.role}"


async def lines_of(house: Ports) -> Sequence[ServiceLine]:
    """Return every service, as the watch saw it last."""
    sample = house.watch.latest() or await house.watch.look()
    states = {one.name: one for one in sample.services}
    found = []
    for role, service in SERVICES.items():
        standing = house.services.workshop.standing(role)
        former = house.services.room.former(role)
        found.append(
            ServiceLine(
                role,
                service.title,
                service.choice(standing.choice).title,
                standing.address,
                states.get(service.check),
                standing.fixed_by,
                service.choice(former.choice).title if former else "",
            )
        )
    return found


#: What changing a service does, in sentences; {rows} and the like are the plan's counts.
BRINGS = {
    "database": (
        _("Agora starts anew and copies {rows} rows of {tables} tables. Then it compares every row with its copy."),
        _("While it copies nobody can buy, sign in or read: visitors see that it takes a moment."),
        _("What serves now stays as it is, untouched. If anything goes wrong, Agora goes on with it."),
        _("Stop every other Agora that uses this database first: workers, and other machines."),
    ),
    "storage": (
        _("{missing} of {files} files are copied, and each is compared. The site goes on meanwhile."),
        _("Then Agora starts anew, which takes some seconds, and copies what came in since."),
        _("The files stay where they are, too. Delete them there yourself once you are sure."),
    ),
    "search": (
        _("Agora starts anew, which takes some seconds."),
        _("The index is built anew in the background. Until it is whole, searches may miss something."),
    ),
    "cache": (
        _("Agora starts anew, which takes some seconds."),
        _("The cache begins empty: the first pages take a little longer. Nothing else is kept in it."),
    ),
    "queue": (
        _("{facts} facts wait to be handed over. That is done first, while the site goes on."),
        _("Then Agora starts anew, which takes some seconds. Facts are kept in the database: none is lost."),
    ),
    "mode": (
        _("{facts} facts wait to be handed over. That is done first, while the site goes on."),
        _("Agora starts anew, which takes some seconds, and the search index is built in the background."),
    ),
}
