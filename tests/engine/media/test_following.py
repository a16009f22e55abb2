"""A picture of the settings that is replaced: its new address stands there without anybody's doing."""

from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.media import public as media
from tests.factories.pictures import photo


async def addresses(house: Ports, media_id: object) -> media.MediaUrls:
    found = await house.db.query(media.urls, [media_id])
    return found[media_id]


class TestFollow:
    async def test_logo_and_front_page_go_along_and_nothing_else_changes(self, house: Ports, owner: Actor) -> None:
        taken = await media.take(house.db, house.blobs, owner, data=photo(), filename="logo.jpg")
        await house.jobs.run_until_idle()
        before = await addresses(house, taken.id)
        async with house.db.write() as tx:
            await house.settings.update(tx, owner, "general", {"logo": before.medium, "siteName": "Kiln"})
            await house.settings.update(tx, owner, "theme", {"heroImage": before.large})
            await house.settings.update(tx, owner, "seo", {"socialImage": "https://example.org/own.png"})
        await house.settings.refresh()
        other = photo(colour="#225588")
        await media.replace(house.db, house.blobs, owner, taken.id, data=other, filename="new.jpg")
        await house.jobs.run_until_idle()
        site, now = await house.settings.refresh(), await addresses(house, taken.id)
        assert now.medium != before.medium
        assert (site.general.logo, site.general.site_name) == (now.medium, "Kiln")
        assert site.theme.hero_image == now.large
        assert site.seo.social_image == "https://example.org/own.png"
