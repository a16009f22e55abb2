"""What media offers to the house."""

from engine.core.domain import Domain
from engine.core.ports import BlobStore
from engine.media.demo import PART
from engine.media.jobs import media_jobs
from engine.media.resources import MEDIA


def domain(blobs: BlobStore) -> Domain:
    """Return the domain. blobs: where originals and variants are kept."""
    return Domain("media", resources=(MEDIA,), jobs=media_jobs(blobs), demo=PART)
