"""Files that come along with the form of a thing, where no script has sent them before: into the library first."""

from starlette.datastructures import FormData

from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.core.errors import AgoraError, Invalid
from engine.core.resource import Resource
from engine.media import public as media
from ui.admin.records.widgets import views_of
from ui.fields.parsing import uploads

FILE = ".file"


async def with_files_taken(house: Ports, actor: Actor, resource: Resource, form: FormData, *, is_new: bool) -> FormData:
    """Return the form as if its files had been chosen from the media library; they are in it now.

    Raises Invalid, naming the field, for a file that is not taken.
    """
    views = views_of(resource, house, is_new=is_new)
    images = {view.name for view in views if view.widget == "image"}
    found = list(form.multi_items())
    for name, file in uploads(views, form).items():
        field = name.removesuffix(FILE)
        try:
            taken = await media.take(
                house.db,
                house.blobs,
                actor,
                data=await file.read(),
                filename=file.filename or "",
                only_pictures=field in images,
            )
        except AgoraError as refused:
            raise Invalid(refused.message, {field: refused.message}) from refused
        urls = (await house.db.query(media.urls, [taken.id])).get(taken.id)
        found += [(field, str(taken.id)), (f"{field}.name.{taken.id}", file.filename or "")]
        found += [(f"{field}.url.{taken.id}", urls.thumbnail)] if urls else []
    return FormData(found)
