"""What `agora doctor` says of the names under which a site is reached."""

from types import SimpleNamespace

import pytest

from app.doctor.addresses import address_findings
from app.doctor.finding import Level
from engine.core.site import General, Reach, Surfaces, System
from tests.conftest import unset_settings

SITE, ADMIN, API = "https://example.org", "https://admin.example.org", "https://api.example.org"
PROXY = {"trusted_proxies": ("127.0.0.1/32",)}


def said(*, site_url: str = "", reach: Reach = Reach.EVERYONE, **settings: object) -> dict[str, Level]:
    """Return each sentence with its level."""
    surfaces = Surfaces(admin=reach, api=reach)
    site = SimpleNamespace(general=General(site_url=site_url), system=System(surfaces=surfaces))
    found = address_findings(unset_settings().model_copy(update=settings), site, lambda host: "nowhere" not in host)
    return {one.sentence: one.level for one in found}


class TestAddresses:
    def test_a_site_without_names_is_told_nothing(self) -> None:
        assert said() == {}

    def test_names_that_fit_are_fine(self) -> None:
        found = said(frontend_url=SITE, admin_url=ADMIN, api_url=API, **PROXY)
        assert set(found.values()) == {Level.OK}
        assert f"admin at {ADMIN}" in next(iter(found))

    @pytest.mark.parametrize(
        ("settings", "words", "level"),
        [
            ({"admin_url": ADMIN}, "Set FRONTEND_URL", Level.WARN),
            ({"frontend_url": SITE, "site_url": "https://other.example.org"}, "Make them the same", Level.WARN),
            ({"frontend_url": SITE, "admin_url": SITE}, "both name example.org", Level.FAIL),
            ({"frontend_url": SITE, "admin_url": ADMIN, "api_url": ADMIN}, "API_URL and ADMIN_URL both", Level.FAIL),
            ({"frontend_url": SITE, "admin_url": "http://admin.example.org"}, "use https for both", Level.WARN),
            ({"frontend_url": SITE, "builder_url": "https://nowhere.example.org"}, "leads nowhere yet", Level.WARN),
            ({"frontend_url": SITE, "trusted_proxies": ()}, "AGORA_TRUSTED_PROXIES names nobody", Level.WARN),
            (
                {"frontend_url": SITE, "cookie_domain": "example.net", "admin_url": ADMIN},
                "do not count there",
                Level.WARN,
            ),
            (
                {"frontend_url": SITE, "admin_url": ADMIN, "reach": Reach.THIS_MACHINE},
                "agora surface admin",
                Level.WARN,
            ),
        ],
    )
    def test_what_does_not_fit_is_said_with_what_to_do(self, settings, words, level) -> None:
        found = {sentence: one for sentence, one in said(**{**PROXY, **settings}).items() if words in sentence}
        assert list(found.values()) == [level], said(**{**PROXY, **settings})
