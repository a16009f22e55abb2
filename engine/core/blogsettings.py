"""What staff decide about what visitors write: comments, and reviews. The settings keys `blog` and `reviews`."""

from typing import Annotated, Literal

from pydantic import Field

from engine.core.setting import Email, Settings

MOST_NOTIFIED = 20


class Blog(Settings):
    """Comments. moderation: whether all wait, those of people who were never published, or none.

    close_after_days: a thing takes no comments so long after it was published; 0 is never. notify: who is told of new
    ones; each address can take itself off by the link in the letter.
    """

    key = "blog"
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
