"""The lists of redirects and of addresses that visitors found empty, as they are declared."""

from engine.content.chains import GONE
from engine.content.models import MissingPage, Redirect
from engine.core.access import Permission
from engine.core.i18n import _
from engine.core.resource import Field, Resource, View, Widget

KINDS = ((301, _("Moved for good (301)")), (302, _("For now (302)")), (GONE, _("Gone (410)")))
TO_MEND = "/admin/missing-pages?isDismissed=false"
PLAIN_REDIRECTS = Resource(
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
        Field(Redirect.source_path, _("Old address"),
              _("A path where nothing stands now: /old-page, or /old/* for everything below it."),
              column=True, search=True, sort=True, pattern=r"^/\S*$"),
        Field(Redirect.target_url, _("Leads to"),
              _("A path of this site, or a whole address. /new/* keeps what stood in place of the old *."),
              widget=Widget.TEXT, column=True, search=True, sort=True, required=False),
        Field(Redirect.status_code, _("Kind"), _("For good tells search engines to forget the old address."),
              column=True, filter=True, choices=KINDS),
        Field(Redirect.hits, _("Visitors"), _("How many came by the old address."), column=True, sort=True,
              write=False),
        Field(Redirect.last_hit_at, _("Last visitor"), _("When somebody came by it last."), sort=True, write=False),
        Field(Redirect.created_at, _("Since"), _("When it was made."), sort=True, filter=True, write=False),
    ),
    views=(View(label=_("Most visited"), sort="-hits"),),
    empty=(_("No redirects yet"), _("When a page moves, Agora leaves a redirect here by itself. Add others by hand.")),
    links=((TO_MEND, _("Pages not found")),),
)  # fmt: skip
PLAIN_MISSING = Resource(
    path="missing-pages",
    noun="missing_page",
    model=MissingPage,
    singular=_("Page not found"),
    plural=_("Pages not found"),
    title=lambda row: row.path,
    text=_("Addresses at which visitors found nothing. Robots and pictures are not counted."),
    icon="file-question-mark",
    read=Permission.MANAGE_REDIRECTS,
    write=Permission.MANAGE_REDIRECTS,
    order=(MissingPage.hits.desc(), MissingPage.last_seen_at.desc()),
    makes=False,
    changes=False,
    is_found=False,
    fields=(
        Field(MissingPage.path, _("Address"), _("What was asked for."), column=True, search=True, sort=True,
              write=False),
        Field(MissingPage.hits, _("Times"), _("How often."), column=True, sort=True, write=False),
        Field(MissingPage.referrer, _("Came from"), _("The page that led there last."), column=True, search=True,
              write=False),
        Field(MissingPage.last_seen_at, _("Last seen"), _("When it was asked for last."), column=True, sort=True,
              filter=True, write=False),
        Field(MissingPage.is_dismissed, _("Dismissed"), _("Somebody said that nothing belongs there."),
              filter=True, write=False),
    ),
    views=(View(label=_("To mend"), filters={"isDismissed": "false"}),),
    empty=(_("Nothing was looked for in vain"), _("When visitors meet a page that is not there, it is listed here.")),
    links=(("/admin/redirects", _("Redirects")),),
)  # fmt: skip
