"""What media offers to the house."""

from engine.core.domain import Domain
from engine.core.ports import BlobStore
from engine.core.settings import SettingsStore
from engine.media.demo import PART
from engine.media.following import follow
from engine.media.jobs import media_jobs
from engine.media.linking import LINK_TARGETS
from engine.media.moved import SITE_KINDS
from engine.media.resources import MEDIA


def domain(settings: SettingsStore, blobs: BlobStore) -> Domain:
    """Return the domain. settings: whose pictures are followed; blobs: where originals and variants are kept."""
    return Domain(
        "media",
        resources=(MEDIA,),
        reactions=(follow(settings),),
        jobs=media_jobs(blobs),
        demo=PART,
        link_targets=LINK_TARGETS,
        site_kinds=SITE_KINDS,
    )
