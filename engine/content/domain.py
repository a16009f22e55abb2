"""What content offers to the house."""

from engine.content.forms import letters
from engine.content.forms.jobs import jobs as form_jobs
from engine.content.forms.resources import FORM_ENTRIES, FORMS
from engine.content.resources import REDIRECTS
from engine.core.domain import Domain
from engine.core.ports import BlobStore


def domain(blobs: BlobStore) -> Domain:
    """Return the domain. blobs: where files that come with forms are kept."""
    return Domain(
        "content",
        resources=(REDIRECTS, FORMS, FORM_ENTRIES),
        jobs=form_jobs(blobs),
        email_templates=letters.EMAILS,
    )
