"""Who may do what: one table (the guide's section 7). What it does not name is for admins and above."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from engine.core.actor import Actor, Role
from engine.core.errors import NotAllowed, NotSignedIn, StepOwed
from engine.core.i18n import _


class Permission(StrEnum):
    """A capability. The value is the word that audit and facts use as a prefix."""

    BROWSE_STOREFRONT = "storefront.browse"
    PLACE_ORDER = "order.place"
    ENTER_ADMIN = "admin.enter"
    VIEW_PAGES = "page.view"
    VIEW_PRODUCTS = "product.view"
    EDIT_PAGES = "page.edit"
    UPLOAD_MEDIA = "media.upload"
    MANAGE_ARTICLES = "article.manage"
    MANAGE_REDIRECTS = "redirect.manage"
    MANAGE_NAVIGATION = "navigation.manage"
    MODERATE_COMMENTS = "comment.moderate"
    MODERATE_REVIEWS = "review.moderate"
    MANAGE_TEMPLATES = "template.manage"
    MANAGE_FORMS = "form.manage"
    MANAGE_FILES = "file.manage"
    MANAGE_PRODUCTS = "product.manage"
    MANAGE_ORDERS = "order.manage"
    MANAGE_COUPONS = "coupon.manage"
    MANAGE_CATEGORIES = "category.manage"
    MANAGE_TAGS = "tag.manage"
    VIEW_SETTINGS = "settings.view"
    UPDATE_SETTINGS = "settings.update"
    MANAGE_USERS = "user.manage"
    MANAGE_DEVICES = "device.manage"
    MANAGE_INTEGRATIONS = "integration.manage"
    CONFIGURE_SYSTEM = "system.configure"
    VIEW_OUTBOX = "outbox.view"
    VIEW_JOBS = "job.view"
    VIEW_AUDIT = "audit.view"
    MAKE_BACKUPS = "backup.create"
    VIEW_HEALTH = "health.view"
    VIEW_LOGS = "log.view"


#: None: everybody, strangers too.
LEAST_ROLE: Mapping[Permission, Role | None] = MappingProxyType(
    {
        Permission.BROWSE_STOREFRONT: None,
        Permission.PLACE_ORDER: None,
        Permission.ENTER_ADMIN: Role.VIEWER,
        Permission.VIEW_PAGES: Role.VIEWER,
        Permission.VIEW_PRODUCTS: Role.VIEWER,
        Permission.EDIT_PAGES: Role.EDITOR,
        Permission.UPLOAD_MEDIA: Role.EDITOR,
        Permission.MANAGE_ARTICLES: Role.EDITOR,
        Permission.MANAGE_REDIRECTS: Role.EDITOR,
        Permission.MANAGE_NAVIGATION: Role.EDITOR,
        Permission.MODERATE_COMMENTS: Role.EDITOR,
        Permission.MODERATE_REVIEWS: Role.EDITOR,
        Permission.MANAGE_TEMPLATES: Role.EDITOR,
        Permission.MANAGE_FORMS: Role.EDITOR,
        Permission.MANAGE_FILES: Role.EDITOR,
        Permission.MANAGE_PRODUCTS: Role.STORE_MANAGER,
        Permission.MANAGE_ORDERS: Role.STORE_MANAGER,
        Permission.MANAGE_COUPONS: Role.STORE_MANAGER,
        Permission.MANAGE_CATEGORIES: Role.STORE_MANAGER,
        Permission.MANAGE_TAGS: Role.STORE_MANAGER,
        Permission.VIEW_SETTINGS: Role.ADMIN,
        Permission.UPDATE_SETTINGS: Role.ADMIN,
        Permission.MANAGE_USERS: Role.ADMIN,
        Permission.MANAGE_DEVICES: Role.ADMIN,
        Permission.MANAGE_INTEGRATIONS: Role.ADMIN,
        Permission.CONFIGURE_SYSTEM: Role.SUPER_ADMIN,
        Permission.VIEW_OUTBOX: Role.ADMIN,
        Permission.VIEW_JOBS: Role.ADMIN,
        Permission.VIEW_AUDIT: Role.ADMIN,
        Permission.MAKE_BACKUPS: Role.ADMIN,
        Permission.VIEW_HEALTH: Role.ADMIN,
        Permission.VIEW_LOGS: Role.ADMIN,
    }
)


def allows(actor: Actor, permission: Permission) -> bool:
    """Return whether the actor has the permission; a permission without a row needs an admin."""
    least = LEAST_ROLE.get(permission, Role.ADMIN)
    return least is None or actor.reaches(least)


def require(actor: Actor, permission: Permission) -> None:
    """Raise NotSignedIn for a stranger, NotAllowed for somebody whose role is too low, StepOwed where that is why."""
    if allows(actor, permission):
        return
    if not actor.is_signed_in:
        raise NotSignedIn(_("Sign in first: this needs an account that may do it."))
    if actor.owes_step:
        raise StepOwed(_("Staff need a second step here: set one up under My account in the admin, then come back."))
    least = LEAST_ROLE.get(permission, Role.ADMIN)
    raise NotAllowed(
        _("Your role, {role}, may not do this: it needs {least} or above. Ask an administrator."),
        role=actor.role,
        least=least,
    )
