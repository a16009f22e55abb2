"""A file on disk from rows or from bytes, already read."""

from collections.abc import Callable

import pytest

from tests.engine.commerce.catalog.importing.files import Reading, as_csv, read


@pytest.fixture
def reading(tmp_path) -> Callable[..., Reading]:
    """Read rows given as dicts of column -> value, or whole content as text or bytes."""

    def of(*rows, content=None, encoding="utf-8", currency="USD", format_="woocommerce", **options) -> Reading:
        path = tmp_path / "products.csv"
        text = as_csv(rows) if content is None else content
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return read(path, format_, currency, **options)

    return of
