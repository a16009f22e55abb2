"""The catalogue over the wire."""

import pytest

from engine.core.actor import Role
from tests.factories.people import account, bearer


@pytest.fixture
async def manager(house) -> dict[str, str]:
    """A store manager's headers, in a house that is claimed, so that it answers strangers."""
    await account(house, Role.SUPER_ADMIN)
    return await bearer(house, await account(house, Role.STORE_MANAGER))


@pytest.fixture
def shop(client, manager):
    """Call the API as a store manager; expect a status."""

    async def call(method: str, path: str, status: int = 200, *, as_stranger: bool = False, **options):
        headers = {} if as_stranger else manager
        answer = await client.request(method, f"/api/v1{path}", headers=headers, **options)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    return call


MUG = {
    "name": "Mug",
    "status": "active",
    "price": {"amount": 1999, "currency": "USD"},
    "compareAtPrice": {"amount": 2500, "currency": "USD"},
    "stock": 7,
    "sku": "MUG",
    "description": "<p>Hi<script>x()</script></p>",
}
FIELDS = {
    "id", "type", "name", "slug", "url", "sku", "status", "description", "price", "compareAtPrice", "stock", "images",
    "options", "variants", "categories", "tags",
}  # fmt: skip


class TestProducts:
    async def test_a_product_is_created_read_changed_and_deleted(self, shop):
        made = await shop("POST", "/products", 201, json=MUG)
        assert set(made) >= FIELDS
        assert (made["slug"], made["url"], made["type"], made["stock"]) == ("mug", "/products/mug", "physical", 7)
        assert made["price"] == {"amount": 1999, "currency": "USD"}
        assert made["description"] == "<p>Hi</p>"
        assert len(made["variants"]) == 1
        for key in (made["id"], "mug"):
            assert await shop("GET", f"/products/{key}", as_stranger=True) == made
        changed = await shop(
            "PATCH", f"/products/{made['id']}", json={"stock": 3, "slug": "cup", "compareAtPrice": None}
        )
        assert (changed["stock"], changed["slug"], changed["compareAtPrice"]) == (3, "cup", None)
        assert (await shop("GET", "/products/mug", as_stranger=True))["id"] == made["id"]
        await shop("DELETE", f"/products/{made['id']}", 204)
        await shop("GET", f"/products/{made['id']}", 404)

    async def test_what_it_costs_and_when_it_runs_low_is_for_staff_alone(self, shop):
        sent = MUG | {"cost": {"amount": 840, "currency": "USD"}, "lowStock": 3, "lengthMm": 120, "seoTitle": "A mug"}
        made = await shop("POST", "/products", 201, json=sent)
        assert (made["variants"][0]["cost"]["amount"], made["lowStock"]) == (840, 3)
        for path in ("/products/mug", "/products"):
            seen = await shop("GET", path, as_stranger=True)
            seen = seen.get("items", [seen])[0]
            assert (seen["variants"][0]["cost"], seen["lowStock"]) == (None, None)
            assert (seen["variants"][0]["lengthMm"], seen["seoTitle"]) == (120, "A mug")
        wrong = await shop("PATCH", f"/products/{made['id']}", 422, json={"heightMm": -1})
        assert [error["field"] for error in wrong["errors"]] == ["variants.0.heightMm"]

    async def test_variants_bring_their_options(self, shop):
        variants = [
            {"options": {"Size": size}, "stock": stock, "sku": f"T-{size}"} for size, stock in (("S", 2), ("M", 0))
        ]
        price = {"amount": 500, "currency": "USD"}
        made = await shop("POST", "/products", 201, json={"name": "Tee", "price": price, "variants": variants})
        assert made["options"] == [{"name": "Size", "values": ["S", "M"]}]
        assert [(v["title"], v["stock"], v["price"]["amount"]) for v in made["variants"]] == [
            ("S", 2, 500),
            ("M", 0, 500),
        ]
        assert made["stock"] == 2

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"colour": "red"}, "colour"),
            ({"name": None}, "name"),
            ({"price": 5}, "price"),
            ({"price": {"amount": True, "currency": "USD"}}, "price.amount"),
            ({"price": {"amount": 5, "currency": "EUR"}}, "price.currency"),
            ({"price": {"amount": -5, "currency": "USD"}}, "variants.0.price"),
            ({"stock": -1}, "variants.0.stock"),
            ({"slug": "A b"}, "slug"),
            ({"id": "01a20508-44b0-765d-9ec0-338864e66d71"}, "id"),
        ],
    )
    async def test_what_is_wrong_is_named(self, shop, changes, field):
        made = await shop("POST", "/products", 201, json=MUG)
        for method, path in (("PATCH", f"/products/{made['id']}"), ("POST", "/products")):
            problem = await shop(method, path, 422, json=({**MUG, "sku": "X"} if method == "POST" else {}) | changes)
            assert field in [error["field"] for error in problem["errors"]]

    async def test_strangers_see_active_ones_only(self, shop, client):
        await shop("POST", "/products", 201, json=MUG)
        draft = await shop("POST", "/products", 201, json={"name": "Draft"})
        await shop("POST", "/products", 201, json={"name": "Hidden", "status": "active", "visibility": "hidden"})
        seen = await shop("GET", "/products", as_stranger=True)
        assert (seen["total"], [item["name"] for item in seen["items"]]) == (1, ["Mug"])
        assert (await shop("GET", "/products"))["total"] == 3
        assert (await shop("GET", "/products?status=draft"))["items"][0]["name"] == "Draft"
        await shop("GET", f"/products/{draft['id']}", 404, as_stranger=True)
        await shop("GET", "/products/hidden", as_stranger=True)
        await shop("GET", "/products?status=draft", 401, as_stranger=True)

    async def test_lists_are_filtered_sorted_and_paged(self, shop):
        kitchen = await shop("POST", "/categories", 201, json={"name": "Kitchen"})
        new = await shop("POST", "/product-tags", 201, json={"name": "New"})
        for number in range(3):
            extra = {"categories": [kitchen["id"]], "tags": [new["id"]]} if number else {}
            price = {"amount": 100 * number, "currency": "USD"}
            await shop(
                "POST", "/products", 201, json={"name": f"P{number}", "status": "active", "price": price, **extra}
            )
        found = await shop("GET", "/products?category=kitchen&tag=new&sort=-price&limit=1&page=2", as_stranger=True)
        assert ([item["name"] for item in found["items"]], found["total"], found["page"], found["limit"]) == (
            ["P1"],
            2,
            2,
            1,
        )
        assert found["items"][0]["categories"][0]["name"] == "Kitchen"
        assert (await shop("GET", "/products?minPrice=100&maxPrice=100"))["total"] == 1
        assert (await shop("GET", "/products?search=p2"))["total"] == 1
        for wrong in ("sort=colour", "limit=1000", "page=0", "minPrice=x", "status=gone"):
            await shop("GET", f"/products?{wrong}", 422)


class TestCategories:
    async def test_the_tree_is_kept_and_addresses_move(self, shop):
        top = await shop("POST", "/categories", 201, json={"name": "Home"})
        below = await shop("POST", "/categories", 201, json={"name": "Kitchen", "parentId": top["id"]})
        assert below["path"] == "home/kitchen"
        await shop("PATCH", f"/categories/{top['id']}", json={"slug": "house"})
        assert (await shop("GET", "/categories/house/kitchen", as_stranger=True))["id"] == below["id"]
        await shop("PATCH", f"/categories/{top['id']}", 409, json={"parentId": below["id"]})
        assert [c["path"] for c in (await shop("GET", "/categories"))["items"]] == ["house", "house/kitchen"]
        await shop("DELETE", f"/categories/{top['id']}", 204)
        assert [c["path"] for c in (await shop("GET", "/categories"))["items"]] == ["kitchen"]

    async def test_the_same_address_twice_in_one_place_is_refused(self, shop):
        await shop("POST", "/categories", 201, json={"name": "Home", "slug": "home"})
        await shop("POST", "/categories", 422, json={"name": "Other", "slug": "home"})
        assert (await shop("POST", "/categories", 201, json={"name": "Home"}))["slug"] == "home-2"


class TestTags:
    async def test_a_tag_is_made_renamed_and_deleted(self, shop):
        tag = await shop("POST", "/product-tags", 201, json={"name": "New"})
        await shop("POST", "/product-tags", 422, json={"name": "new"})
        assert (await shop("PATCH", f"/product-tags/{tag['id']}", json={"name": "Fresh"}))["name"] == "Fresh"
        await shop("DELETE", f"/product-tags/{tag['id']}", 204)
        assert (await shop("GET", "/product-tags"))["total"] == 0


class TestImport:
    async def test_a_file_goes_in_and_a_job_answers(self, shop, house):
        csv = b"Type,SKU,Name,Regular price,Stock\nsimple,a,A,5,3\ngrouped,b,B,,\n"
        begun = await shop(
            "POST", "/products/import", 202, files={"file": ("p.csv", csv, "text/csv")}, data={"format": "woocommerce"}
        )
        assert (await shop("GET", f"/jobs/{begun['jobId']}"))["status"] == "queued"
        await house.jobs.run_until_idle()
        job = await shop("GET", f"/jobs/{begun['jobId']}")
        assert (job["status"], job["progress"]) == ("succeeded", {"done": 2, "total": 2})
        assert {k: job["result"][k] for k in ("created", "updated", "unchanged", "skipped")} == {
            "created": 1,
            "updated": 0,
            "unchanged": 0,
            "skipped": 1,
        }
        (problem,) = job["result"]["errors"]
        assert (problem["row"], problem["column"], problem["value"]) == (3, "Type", "grouped")
        assert (await shop("GET", "/products/a", as_stranger=True))["stock"] == 3

    async def test_a_bad_file_format_or_mapping_is_refused_at_once(self, shop):
        file = {"file": ("p.csv", b"Name\nA\n", "text/csv")}
        await shop("POST", "/products/import", 422, files={"file": ("p.csv", b"", "text/csv")})
        await shop("POST", "/products/import", 422, files=file, data={"format": "odd"})
        await shop("POST", "/products/import", 422, files=file, data={"mapping": "[1]"})
        await shop("POST", "/products/import", 422, data={"format": "woocommerce"})
        await shop("POST", "/products/import", 401, as_stranger=True, files=file)
