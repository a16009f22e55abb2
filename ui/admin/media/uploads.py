"""`/admin/media/uploads`: the API's uploads in parts on the admin's surface, which may be open where the API is not."""

from fastapi.routing import APIRoute

from engine.api import media_uploads
from engine.api.routing import APIRouter
from ui.admin.media.asking import HOME

router = APIRouter(prefix=HOME, include_in_schema=False)
for route in media_uploads.router.routes:
    if isinstance(route, APIRoute):
        router.add_api_route(
            route.path.removeprefix("/media"),
            route.endpoint,
            methods=sorted(route.methods or ()),
            status_code=route.status_code,
            dependencies=route.dependencies,
            name=f"admin_{route.name}",
        )
