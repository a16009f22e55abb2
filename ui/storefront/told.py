"""What a page that people built says to search engines."""

from collections.abc import Sequence

from fastapi import Request
from markupsafe import Markup

from engine.api.request import ports_of
from engine.content.pages import queries
from engine.content.pages.content import PageFields
from engine.content.pages.queries import Shown
from engine.core.blocks.tree import Node
from ui.respond import absolute
from ui.storefront.structured import json_ld, page_data, questions_data, questions_in, trail_data


async def told(request: Request, fields: PageFields, shown: Shown, nodes: Sequence[Node]) -> Markup | None:
    """Return what search engines are told of a page: what it is, the way to it, and the questions it answers."""
    house = ports_of(request)
    if not house.site.seo.structured_data_enabled:
        return None
    address = absolute(request, shown.path or "/")
    questions = questions_in(nodes)
    found = [page_data(fields, shown, address)] if fields.structured not in ("none", "FAQPage") else []
    found += [questions_data(questions, address)] if questions else []
    above = await house.db.query(queries.trail, shown.id) if shown.parent_id else []
    if above:
        home = (house.site.general.site_name, "/")
        found.append(trail_data([home, *above, (shown.title, shown.path or "/")], lambda path: absolute(request, path)))
    return json_ld(*found) if found else None
