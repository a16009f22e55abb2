"""What operations offer to the house."""

from engine.core.domain import Domain
from engine.operations.backups.backups import Backups
from engine.operations.resources import AUDIT, JOBS
from engine.operations.sites import SiteFiles


def domain(sites: SiteFiles, backups: Backups) -> Domain:
    """Return the domain. sites: what exports and imports of whole sites work with."""
    return Domain("operations", resources=(AUDIT, JOBS), jobs=(*sites.jobs(), *backups.jobs()))
