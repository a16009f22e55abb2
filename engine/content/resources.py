"""What content keeps lists of."""

from engine.content.models import Redirect
from engine.core.access import Permission
from engine.core.i18n import _
from engine.core.resource import Field, Resource, View, Widget

REDIRECTS = Resource(
    path="redirects",
    noun="redirect",
    model=Redirect,
    singular=_("Redirect"),
    plural=_("Redirects"),
    title=lambda row: row.source_path,
    text=_("Old addresses that lead to new ones. Moving a page or a product makes its own."),
    icon="corner-down-right",
    read=Permission.MANAGE_REDIRECTS,
    write=Permission.MANAGE_REDIRECTS,
    order=(Redirect.source_path,),
    fields=(
        Field(Redirect.source_path, _("Old address"), _("Begins with a slash: /old-page"), column=True, search=True,
              sort=True, pattern=r"^/\S*$"),
        Field(Redirect.target_url, _("Leads to"), _("A path of this site, such as /new-page, or a whole address."),
              widget=Widget.URL, column=True, search=True, sort=True, required=True),
        Field(Redirect.status_code, _("Kind"), _("For good tells search engines to forget the old address."),
              column=True, filter=True,
              choices=((301, _("Moved for good (301)")), (302, _("For now (302)")))),
        Field(Redirect.hits, _("Visitors"), _("How many came by the old address."), column=True, sort=True,
              write=False),
        Field(Redirect.created_at, _("Since"), _("When it was made."), sort=True, filter=True, write=False),
    ),
    views=(View(label=_("Most visited"), sort="-hits"),),
    empty=(_("No redirects yet"), _("When a page moves, Agora leaves a redirect here by itself. Add others by hand.")),
)  # fmt: skip
