"""A page that shows every block, as an organisation might write it: for looks, and for tests of what is drawn."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

from tests.factories.pages import block

TEXT = (
    "<p>We are a small museum in an old mill. <strong>Everything here works</strong>, and most of it you may touch: "
    'the looms, the <a href="/looms">printing press</a>, the water wheel on a good day.</p><ul><li>Open all year</li>'
    "<li>Level access everywhere</li></ul>"
)
LINE = "Every Saturday we set the wheel going and grind flour that you can take home."


def looking(made: dict[str, Any], **look: Any) -> dict[str, Any]:
    """Return a block with a look."""
    return {**made, "look": look}


def every_block(
    pictures: Sequence[str] = ("",), *, film: str = "", file: str = "", until: str = "2027-05-01T10:00:00Z"
) -> list[dict[str, Any]]:
    """Return a page with every block of content. pictures, film, file: ids of the media library."""
    images = cycle(pictures)
    return [
        looking(
            block(
                "hero",
                kicker="Museum of the mill",
                title="Things that turn, hum and weave",
                text="Four floors of working machines by the river, and people who know how to run them.",
                image=next(images),
                label="Plan your visit",
                href="/visit",
                secondLabel="What is on",
                secondHref="/events",
            )
        ),
        block("logos", *(block("partner", name=name) for name in ("City of Mill", "The Loom Trust", "River & Co"))),
        block("heading", text="Come in and look around", kicker="About us"),
        block("text", text=f"<p>{LINE}</p>", size="lead"),
        block("columns", block("column", block("text", text=TEXT)), block("column", block("image", image=next(images),
              caption="The wheel in May", ratio="landscape", enlarges=True))),
        block("grid", *(block("card", image=next(images), title=title, text=LINE, kicker="Floor", label="Read on",
              href="/floors", style=style) for title, style in (("The wheel", "plain"), ("The looms", "raised"),
              ("The press", "outlined")))),
        block("features", *(block("feature", icon=icon, title=title, text=LINE, label="More", href="/more")
              for icon, title in (("clock", "Open all year"), ("users", "Good for groups"), ("leaf", "By the river"))),
              title="Good to know", text="What people ask us at the door."),
        looking(block("statistics", *(block("statistic", value=value, label=label, text="in 2026")
                for value, label in (("41,200", "visitors"), ("63", "machines that run"), ("1843", "its first year"))),
                title="A year in figures"), background="soft"),
        block("quote", text="I came for the wheel and stayed for the soup.", name="Bea Buyer", role="Visitor"),
        block("testimonials", *(block("testimonial", text=text, name=name, role="Visitor", stars=stars)
              for text, name, stars in ((LINE, "Ada Lindqvist", 5), ("My children asked to come back.", "Bo", 4),
              ("The best rainy day in town.", "Jean-Baptiste de la Fontaine", 0)))),
        block("team", *(block("member", name=name, role="Keeper of looms", image=image, text="Ask her anything.")
              for name, image in (("Mara Okonkwo", next(images)), ("Li Wei", ""), ("Olive Owner", next(images)),
              ("Sam", "")))),
        block("pricing", *(block("price", title=title, price=price, per="a person", points="Four floors\nThe wheel",
              label="Buy a ticket", href="/tickets", isFeatured=title == "Family", badge="Most chosen" if
              title == "Family" else "") for title, price in (("Adult", "£12"), ("Family", "£30"), ("Child", "£6")))),
        block("faq", *(block("question", question=question, answer=TEXT) for question in
              ("May I bring a dog?", "Is there a lift?", "Where do I park?")), layout="beside"),
        block("call-to-action", text="Tickets cost less here than at the door.", href="/tickets", secondLabel="Ask us",
              secondHref="mailto:hello@example.org"),
        looking(block("call-to-action", title="Become a friend of the mill", href="/friends", layout="line"),
                background="inverse"),
        block("gallery", *(block("gallery-picture", image=next(images), caption="A day at the mill")
              for _number in range(6)), title="From our album"),
        block("video", address="https://youtu.be/dQw4w9WgXcQ", title="The wheel at work", poster=next(images)),
        block("video", file=film, title="The loom"),
        block("download", file=file, title="Plan of the house", text="All four floors on one sheet."),
        block("tabs", block("tab", block("text", text=TEXT), title="Groups"), block("tab", block("text", text=
              "<p>Schools come free on Tuesdays.</p>"), title="Schools"), block("tab", title="Parties")),
        block("accordion", block("accordion-item", block("text", text=TEXT), title="Getting here by train"),
              block("accordion-item", block("text"), title="By car"), oneAtATime=True),
        block("table", caption="When we are open", hasHeaderColumn=True),
        block("code", code="def turn(wheel: Wheel) -> Flour:\n    return wheel.turn()", language="Python"),
        block("html", html="<p>Written <em>by hand</em>.</p>"),
        block("buttons", block("button", label="Main", href="/a", icon="ticket"), block("button", label="Second",
              href="/b", kind="secondary"), block("button", label="Quiet", href="/c", kind="quiet")),
        block("button", label="Alone", href="https://example.org"),
        block("divider", kind="dots"),
        block("spacer", size="small"),
        block("stack", block("heading", text="In a line", level="3"), block("button", label="Go", href="/go"),
              direction="across", justify="between"),
        looking(block("section", block("heading", text="Where and when"), block("columns",
                block("column", block("contact", address="The Old Mill\nRiver Street 1\nMilltown")),
                block("column", block("hours", note="Closed on public holidays.")))), background="subtle"),
        block("map", address="The Old Mill\nRiver Street 1\nMilltown", latitude="51.5074", longitude="-0.1278"),
        block("countdown", title="The wheel turns again in", until=until, label="Tell me", href="/news"),
        block("share"),
        block("social", title="Find us", instagram="https://instagram.com/mill", mastodon="https://mastodon.social/@mill"),
        block("search"),
    ]  # fmt: skip


def on_grounds(blocks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return these blocks on every ground, each ground a section."""
    return [
        looking(block("section", *blocks, label=ground), background=ground)
        for ground in ("plain", "subtle", "soft", "accent", "inverse")
    ]
