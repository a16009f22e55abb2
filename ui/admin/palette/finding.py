"""Answering a question of the palette: records from the search index, screens and actions by their words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.core.i18n import Message, _, format_message
from engine.core.ports import SearchHit, SearchRequest, SearchResult
from engine.core.searching import kinds_for
from ui.admin.palette.entries import Entry, Text, actions, screens
from ui.admin.palette.ranking import WORD, fit, folded

MOST_RECORDS, MOST_OTHERS, MOST_OFFERED = 6, 6, 6
#: Kinds whose things are not records of a declared list: what one is called, its icon, and where staff see it.
KINDS: dict[str, tuple[Message, Message, str, str]] = {
    "product": (_("Product"), _("Products"), "package", "/admin/products/{id}"),
    "order": (_("Order"), _("Orders"), "receipt", "/admin/orders/{id}"),
}
NOTHING = SearchResult((), 0)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one sort, the best first."""

    label: Text
    entries: Sequence[Entry]


async def searched(
    house: Ports, actor: Actor, question: str, kind: str = "", offset: int = 0, limit: int = 20
) -> SearchResult:
    """Return the records that the actor may see. kind: of this kind alone, with the counts of all."""
    kinds = kinds_for(actor, house.keeper.searchables)
    wanted = (kind,) if kind in kinds else kinds
    if not question.strip() or not kinds:
        return NOTHING
    return await house.search.search(SearchRequest(question, wanted, offset, limit, include_staff=True))


async def found(house: Ports, actor: Actor, question: str) -> list[Group]:
    """Return groups of lines, the one that fits best first; without a question, what is done and visited most."""
    locale = house.site.general.language
    places, acts = list(screens(actor, house.resources)), list(actions(actor, house.resources, locale))
    if not folded(question):
        return [Group(_("Actions"), acts[:MOST_OFFERED]), Group(_("Screens"), places[:MOST_OFFERED])]
    asked = folded(question)
    records = [_record(house, hit) for hit in (await searched(house, actor, question, limit=MOST_RECORDS)).hits]
    titles = [fit(asked, folded(str(one.label))) for one in records]
    ranked = [
        (max(titles, default=0) or WORD, Group(_("Records"), records)),
        _best(asked, _("Screens"), places, locale),
        _best(asked, _("Actions"), acts, locale),
    ]
    ranked.sort(key=lambda one: -one[0])
    return [group for _score, group in ranked if group.entries]


def _best(asked: str, label: Message, entries: Iterable[Entry], locale: str) -> tuple[int, Group]:
    """Return how well the best one fits, and the group of those that fit."""
    scored = []
    for entry in entries:
        words = [folded(format_message(word, locale)) for word in (entry.note, *entry.words)]
        score = fit(asked, folded(format_message(entry.label, locale)), words)
        if score:
            scored.append((score, entry))
    scored.sort(key=lambda one: (-one[0], len(str(one[1].label))))  # of those that fit as well, the plainest
    best = scored[0][0] if scored else 0
    return best, Group(label, [entry for _score, entry in scored[:MOST_OTHERS]])


def kind_of(house: Ports, kind: str) -> tuple[Text, Text, str]:
    """Return what one thing of a kind is called, what many are, and their icon."""
    if kind in KINDS:
        one, many, icon, _address = KINDS[kind]
        return one, many, icon
    resource = house.resources.get(kind)
    return (resource.singular, resource.plural, resource.icon) if resource else (kind, kind, "list")


def address_of(hit: SearchHit) -> str:
    """Return where staff see what was found."""
    return KINDS[hit.type][3].format(id=hit.id) if hit.type in KINDS else hit.url


def _record(house: Ports, hit: SearchHit) -> Entry:
    singular, _plural, icon = kind_of(house, hit.type)
    return Entry(hit.title, address_of(hit), icon, singular)


def search_url(question: str, kind: str = "") -> str:
    """Return the address of the page that shows everything found."""
    kept = {"q": question, "kind": kind}
    return f"/admin/search?{urlencode({name: value for name, value in kept.items() if value})}"
