"""The `Idempotency-Key` of everything that moves money or stock."""

from typing import Annotated

from fastapi import Header

IdempotencyKey = Annotated[
    str,
    Header(alias="Idempotency-Key", description="Needed: a new one for each act. A repeat is answered as the first."),
]
