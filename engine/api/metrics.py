"""`/metrics` for Prometheus: for this machine, for who bears its token, and for staff who may see how the house is."""

import hmac

from fastapi import Request, Response

from engine.api.request import House, actor_of, public
from engine.api.routing import APIRouter
from engine.core import access
from engine.core.access import Permission
from engine.core.distance import Distance
from engine.core.errors import NotSignedIn
from engine.core.i18n import _
from engine.core.secrets import Secrets
from engine.operations.watch.exposition import CONTENT_TYPE

router = APIRouter(tags=["health"], dependencies=[public])


def metrics_token(secrets: Secrets) -> str:
    """Return what a monitoring system shows as `Authorization: Bearer`; new secrets make another."""
    return secrets.signature("metrics", "read")


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {}}},
        401: {"description": "Neither this machine nor its token."},
        403: {"description": "An account that may not see how the site does."},
    },
)
async def metrics(request: Request, house: House) -> Response:
    """Answer what this process counts, in Prometheus' text format. Never public: see the `metrics` surface."""
    await _require(request, house.secrets)
    return Response(await house.watch.exposition(), media_type=CONTENT_TYPE)


async def _require(request: Request, secrets: Secrets) -> None:
    """Raise NotSignedIn or NotAllowed unless the request may read."""
    sent = request.headers.get("authorization", "")
    if hmac.compare_digest(sent.encode(), f"Bearer {metrics_token(secrets)}".encode()):
        return
    if not sent and request.state.distance is Distance.THIS_MACHINE:
        return
    actor = await actor_of(request)
    if not actor.is_signed_in:
        raise NotSignedIn(_("Send the token of the metrics: Authorization: Bearer, as Health in the admin shows it."))
    access.require(actor, Permission.VIEW_HEALTH)
