"""`/admin/searches`: what was searched and not found, what was, and the words that mean the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core import searchquestions
from engine.core.access import Permission, allows
from engine.core.actor import Actor
from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.paging import Page
from engine.core.ports import IndexState
from engine.core.searching import ask_for_rebuild
from engine.core.searchquestions import AskedQuestion
from ui.admin.lists import address, asked, next_pages, page_asked
from ui.forms import typed as typed_in
from ui.respond import page, redirect

HOME = "/admin/searches"
FOUND = "found"
PROBLEMS = {
    "missing": _("The search index is not there yet. It is being built."),
    "damaged": _("The search index is damaged. It is being built anew; until then the shop finds less."),
    "outdated": _("The search index is of another version or language. It is being built anew."),
    "away": _(
        "The search server does not answer. Until it does nothing is found; nothing that changes meanwhile is lost."
    ),
}
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.MANAGE_PRODUCTS)])


@dataclass(frozen=True)
class Searches:
    """The list. typed: what a person wrote into the form of one question, where it was refused."""

    questions: Page[AskedQuestion]
    tabs: Sequence[tuple[Message, str]]
    here: str
    is_answered: bool
    pages_url: str
    synonyms: str
    errors: dict[str, Message | str]
    state: IndexState
    problem: Message | None
    may_rebuild: bool


@dataclass(frozen=True)
class Meaning:
    """The form that gives one question a meaning."""

    question: str
    meaning: str
    back: str
    errors: dict[str, Message | str]


@router.get("")
async def show_searches(request: Request, house: House, actor: Caller) -> Response:
    """Answer what was searched."""
    return await _list(request, house, actor)


async def _list(
    request: Request,
    house: House,
    actor: Actor,
    typed: str | None = None,
    errors: dict[str, Message | str] | None = None,
) -> Response:
    is_answered = asked(request, "view") == FOUND
    kept = {"view": FOUND if is_answered else ""}
    await house.keeper.book.flush()
    found = await house.db.query(searchquestions.questions, actor, page_asked(request), is_answered=is_answered)
    state = await house.keeper.state()
    context = Searches(
        questions=found,
        tabs=[(_("Nothing found"), HOME), (_("Found"), address(HOME, {"view": FOUND}))],
        here=address(HOME, kept),
        is_answered=is_answered,
        pages_url=next_pages(HOME, kept),
        synonyms="\n".join(house.site.search.synonyms) if typed is None else typed,
        errors=errors or {},
        state=state,
        problem=_("The search index is being built anew.") if state.is_building else PROBLEMS.get(state.problem),
        may_rebuild=allows(actor, Permission.UPDATE_SETTINGS),
    )
    status = 422 if errors else 200
    return await page(request, "admin/searches/list.html", context, title=_("Searches"), status=status)


@router.post("/synonyms")
async def save_synonyms(request: Request, house: House, actor: Caller) -> Response:
    """Save the words that mean the same."""
    typed = (await typed_in(request)).get("synonyms", "")
    try:
        async with house.db.write() as tx:
            await searchquestions.set_synonyms(tx, actor, house.settings, typed.splitlines())
    except Invalid as error:
        return await _list(request, house, actor, typed, {"synonyms": next(iter(error.fields.values()), error.message)})
    await house.settings.refresh()
    return redirect(HOME, flash=_("Saved. The shop searches with these words now."), request=request)


@router.get("/meaning")
async def show_meaning(request: Request) -> Response:
    """Answer the form that gives a question a meaning."""
    return await _meaning(request, asked(request, "question"), "")


@router.post("/meaning")
async def save_meaning(request: Request, house: House, actor: Caller) -> Response:
    """Have a question find what other words find."""
    form = await typed_in(request)
    question, meaning = (form.get(name, "").strip() for name in ("question", "meaning"))
    try:
        async with house.db.write() as tx:
            await searchquestions.add_synonym(tx, actor, house.settings, question, meaning)
    except Invalid as error:
        return await _meaning(request, question, meaning, {"meaning": next(iter(error.fields.values()), error.message)})
    await house.settings.refresh()
    done = _("“{question}” now finds “{meaning}”.").having(question=question, meaning=meaning)
    return redirect(HOME, flash=done, request=request)


async def _meaning(
    request: Request, question: str, meaning: str, errors: dict[str, Message | str] | None = None
) -> Response:
    context = Meaning(question, meaning, f"/search?{urlencode({'q': question})}", errors or {})
    title = _("What “{question}” means").having(question=question)
    return await page(request, "admin/searches/meaning.html", context, title=title, status=422 if errors else 200)


@router.post("/dismissals")
async def dismiss(request: Request, house: House, actor: Caller) -> Response:
    """Take a question off the list."""
    form = await typed_in(request)
    async with house.db.write() as tx:
        await searchquestions.dismiss(tx, actor, form.get("question", ""))
    return redirect(HOME, flash=_("It is off the list; if it is asked again, it comes back."), request=request)


@router.post("/rebuilds", dependencies=[allow(Permission.UPDATE_SETTINGS)])
async def rebuild(request: Request, house: House) -> Response:
    """Have the index built anew."""
    is_new = await ask_for_rebuild(house.db)
    done = _("The search index is being built anew.") if is_new else _("It is being built already.")
    return redirect(HOME, flash=done, request=request)
