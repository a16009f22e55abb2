"""Pictures of products that could not be fetched: another try."""

from uuid import UUID

from sqlalchemy import update

from engine.commerce.catalog.importing.running import PICTURES_JOB
from engine.commerce.catalog.models import ImageState, ProductImage
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.transaction import Tx


async def fetch_again(tx: Tx, actor: Actor, product_id: UUID) -> bool:
    """Queue another try for a product's pictures that failed and have a web address; return whether there are any.

    Raises NotAllowed below store manager.
    """
    access.require(actor, Permission.MANAGE_PRODUCTS)
    failed = (
        update(ProductImage)
        .where(
            ProductImage.product_id == product_id,
            ProductImage.state == ImageState.FAILED,
            ProductImage.source.contains("://"),
        )
        .values(state=ImageState.WAITING, problem="")
        .returning(ProductImage.id)
    )
    if not (await tx.execute(failed)).all():
        return False
    tx.enqueue(PICTURES_JOB, {"ids": [str(product_id)]}, key=f"{PICTURES_JOB}:{product_id}", actor=actor)
    tx.record(actor, "product.fetch_images", resource_type="product", product_id=product_id)
    return True
