"""Consent: what visitors allow, asked once and changed at any time; other code asks `allows(request, category)`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from engine.api.request import House, public, site_of
from engine.api.routing import APIRouter
from engine.core.consent import CONSENT_COOKIE, ConsentCategory, ConsentNeed, answers_in, written
from engine.core.i18n import Message, _
from ui.respond import came_from, own_address, page, redirect
from ui.storefront.held import private

router = APIRouter(prefix="/consent", include_in_schema=False, dependencies=[public])
KEPT_SECONDS = 180 * 24 * 3600


@dataclass(frozen=True)
class ConsentPage:
    """What can be allowed, with what was said so far."""

    categories: Sequence[tuple[ConsentCategory, Message, Sequence[ConsentNeed], bool]]
    text: str
    policy_url: str
    back: str


_NAMES: Mapping[ConsentCategory, Message] = {
    ConsentCategory.STATISTICS: _("Statistics"),
    ConsentCategory.MARKETING: _("Marketing"),
    ConsentCategory.EXTERNAL_MEDIA: _("Media from elsewhere"),
}


def answers(request: Request) -> Mapping[ConsentCategory, bool]:
    """Return what this visitor answered, by category. Never for a page that is cached: those are alike for all."""
    return answers_in(request.cookies.get(CONSENT_COOKIE, ""), site_of(request).consent.version)


def allows(request: Request, category: str) -> bool:
    """Return whether this visitor said yes to a category; not asked is no."""
    return answers(request).get(ConsentCategory(category), False)


@router.get("")
async def show(request: Request, house: House) -> Response:
    """Answer the page on which a visitor sees and changes what they allow."""
    used, said = await house.consents.used(), answers(request)
    settings = house.site.consent
    by_category = {need.category: [one for one in used if one.category is need.category] for need in used}
    context = ConsentPage(
        [(category, _NAMES[category], needs, said.get(category, False)) for category, needs in by_category.items()],
        text=settings.text,
        policy_url=settings.policy_url,
        back=own_address(request.query_params.get("next"), came_from(request)),
    )
    return private(await page(request, "storefront/consent.html", context, title=_("Cookie settings"), indexed=False))


@router.post("")
async def choose(request: Request, house: House) -> Response:
    """Keep what a visitor chose: `choice` is all, none or chosen, with `allow` for each category; go back."""
    form = await request.form()
    choice, chosen = str(form.get("choice", "chosen")), {str(one) for one in form.getlist("allow")}
    used = await house.consents.used()
    named = {need.category for need in used}
    if (only := str(form.get("only", ""))) in set(ConsentCategory):
        said = {**answers(request), ConsentCategory(only): True}
    else:
        said = {one: choice == "all" or (choice == "chosen" and one.value in chosen) for one in named}
    answer = redirect(
        own_address(str(form.get("next", "")), "/consent"), flash=_("Your choice is kept."), request=request
    )
    is_secure = request.url.scheme == "https"
    value = written(said, house.site.consent.version)
    # Scripts read it, to show the question only where it is open; nothing in it is secret.
    answer.set_cookie(CONSENT_COOKIE, value, max_age=KEPT_SECONDS, samesite="lax", secure=is_secure)
    for name in _left_behind(request, used, said):
        answer.delete_cookie(name)
    return answer


def _left_behind(request: Request, used: Sequence[ConsentNeed], said: Mapping[ConsentCategory, bool]) -> Sequence[str]:
    """Return the cookies of what is refused now."""
    refused = tuple(one for need in used if not said.get(need.category, False) for one in need.cookies)
    return [name for name in request.cookies if refused and name.startswith(refused)]
