"""The API's ways to write on a page, on the admin's surface, which may be open where the API is not."""

from fastapi.routing import APIRoute

from engine.api import page_company, pages
from engine.api.routing import APIRouter

router = APIRouter(prefix="/admin/articles", include_in_schema=False)
WANTED = ("draft", "publish", "unpublish", "schedule", "merge")
for route in (*pages.router.routes, *page_company.router.routes):
    if isinstance(route, APIRoute) and route.path.rpartition("/")[2] in WANTED:
        router.add_api_route(
            route.path.removeprefix("/pages"),
            route.endpoint,
            methods=sorted(route.methods or ()),
            status_code=route.status_code,
            dependencies=route.dependencies,
            name=f"admin_article_{route.name}",
        )
