"""What a page says to search engines: schema.org as JSON-LD."""

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup

from engine.commerce.catalog.shop import Detail
from engine.content.blocks.folding import QuestionSettings
from engine.content.pages.content import PageFields
from engine.content.pages.queries import Shown
from engine.content.reviews.public import RatingView, ReviewView
from engine.core.blocks.tree import Node
from engine.core.html import json_for_script, text_of
from engine.core.money import Money

CONTEXT = "https://schema.org"
MAX_TEXT = 5_000


def json_ld(*things: dict[str, Any]) -> Markup:
    """Return a data block for the head of a page: no script, and nothing in it can end it."""
    body = json_for_script(things[0] if len(things) == 1 else list(things))
    return Markup(f'<script type="application/ld+json">{body}</script>')  # noqa: S704 - json_for_script made it safe


def product_data(product: Detail, currency: str, absolute: Callable[[str], str]) -> dict[str, Any]:
    """Return a product with what it is offered for."""
    prices = [variant.price_minor for variant in product.variants]
    is_available = any(variant.is_available for variant in product.variants)
    offer: dict[str, Any] = {
        "priceCurrency": currency,
        "availability": f"{CONTEXT}/{'InStock' if is_available else 'OutOfStock'}",
        "url": absolute(product.url),
    }
    if len(set(prices)) > 1:
        offer |= {"@type": "AggregateOffer", "lowPrice": _price(min(prices), currency)}
        offer |= {"highPrice": _price(max(prices), currency), "offerCount": len(prices)}
    else:
        offer |= {"@type": "Offer", "price": _price(prices[0] if prices else 0, currency)}
    found: dict[str, Any] = {"@context": CONTEXT, "@type": "Product", "name": product.name, "url": offer["url"]}
    text = text_of(product.short_description or product.description, MAX_TEXT)
    found |= {"description": text} if text else {}
    found |= {"sku": product.sku} if product.sku else {}
    found |= {"image": [absolute(image.urls.large) for image in product.images]} if product.images else {}
    return {**found, "offers": offer, **rating_data(product.rating)}


def rating_data(rating: RatingView) -> dict[str, Any]:
    """Return what people said of a thing, and nothing where nobody said anything."""
    if not rating.count:
        return {}
    mean = {"@type": "AggregateRating", "ratingValue": str(rating.average), "reviewCount": rating.count}
    return {
        "aggregateRating": {**mean, "bestRating": 5, "worstRating": 1},
        "review": [_review_data(one) for one in rating.latest],
    }


def _review_data(review: ReviewView) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "Review",
        "author": {"@type": "Person", "name": review.name},
        "datePublished": review.created_at.date().isoformat(),
        "reviewRating": {"@type": "Rating", "ratingValue": review.stars, "bestRating": 5, "worstRating": 1},
    }
    found |= {"name": review.title} if review.title else {}
    return found | ({"reviewBody": review.text} if review.text else {})


def trail_data(crumbs: Sequence[tuple[Any, str]], absolute: Callable[[str], str]) -> dict[str, Any]:
    """Return the way from the front to a page; crumbs: (label, address)."""
    items = [
        {"@type": "ListItem", "position": place, "name": str(label), "item": absolute(href)}
        for place, (label, href) in enumerate(crumbs, start=1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}


def page_data(fields: PageFields, shown: Shown, address: str) -> dict[str, Any]:
    """Return a page that people built, as the type that they chose for it."""
    found: dict[str, Any] = {"@context": CONTEXT, "@type": fields.structured, "name": fields.title, "url": address}
    about = fields.seo_description or fields.excerpt
    found |= {"description": about} if about else {}
    found |= {"datePublished": shown.first_published_at.isoformat()} if shown.first_published_at else {}
    found |= {"dateModified": shown.published_at.isoformat()} if shown.published_at else {}
    return found


def questions_in(nodes: Sequence[Node]) -> list[tuple[str, str]]:
    """Return the questions that blocks ask, each with its answer in words."""
    asked = [node.settings for node in nodes if node.type == "question" and not node.is_hidden]
    pairs = [(one.question, text_of(one.answer, MAX_TEXT)) for one in asked if isinstance(one, QuestionSettings)]
    return [(question, answer) for question, answer in pairs if question and answer]


def questions_data(questions: Sequence[tuple[str, str]], address: str) -> dict[str, Any]:
    """Return questions with their answers."""
    entries = [
        {"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": answer}}
        for question, answer in questions
    ]
    return {"@context": CONTEXT, "@type": "FAQPage", "url": address, "mainEntity": entries}


def organisation_data(name: str, logo: str, absolute: Callable[[str], str]) -> dict[str, Any]:
    """Return who stands behind the site."""
    found = {"@context": CONTEXT, "@type": "Organization", "name": name, "url": absolute("/")}
    return {**found, "logo": absolute(logo)} if logo else found


def _price(minor: int, currency: str) -> str:
    return str(Money(minor, currency).decimal)
