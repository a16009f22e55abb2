"""What staff decide about the blog and what visitors write. The settings keys `blog` and `reviews`."""

from typing import Annotated, Literal

from pydantic import Field

from engine.core.setting import Email, Line, Meaning, Settings

MOST_NOTIFIED = 20


class Blog(Settings):
    """The blog, and comments. title, description: of its first page. related_count: 0 shows none.

    feed_length: whether feeds hold whole articles. comments_moderation: whether all wait, those of people never
    published before, or none. comments_close_after_days: an article takes no comments so long after it was published;
    0 is never. comments_notify: who is told of new ones; each can take themselves off by the link in the letter.
    """

    key = "blog"
    title: Line = ""
    description: Annotated[str, Meaning("paragraph"), Field(max_length=500)] = ""
    posts_per_page: Annotated[int, Field(ge=1, le=60)] = 12
    layout: Literal["list", "grid", "magazine"] = "magazine"
    show_author: bool = True
    show_date: bool = True
    show_reading_time: bool = True
    related_count: Annotated[int, Field(ge=0, le=12)] = 3
    feed_length: Literal["full", "excerpt"] = "full"
    comments_enabled: bool = True
    comments_moderation: Literal["all", "first", "nothing"] = "first"
    comments_members_only: bool = False
    comments_close_after_days: Annotated[int, Field(ge=0, le=3_650)] = 0
    comments_notify: list[Email] = Field(default=[], max_length=MOST_NOTIFIED)


class Reviews(Settings):
    """Reviews. who: everybody, people with an account, or those who bought the thing.

    invite_after_days: how long after delivery buyers are asked for one; 0 is never.
    """

    key = "reviews"
    enabled: bool = True
    who: Literal["everyone", "members", "buyers"] = "everyone"
    moderation: Literal["all", "first", "nothing"] = "first"
    photos_enabled: bool = True
    invite_after_days: Annotated[int, Field(ge=0, le=365)] = 0
    notify: list[Email] = Field(default=[], max_length=MOST_NOTIFIED)
