"""The list of gated files."""

from engine.content.files.files import MANAGE, NOUN, PATH, delete
from engine.content.files.models import FileDownload, FileRule, GatedFile
from engine.core.actor import Role
from engine.core.i18n import _
from engine.core.resource import Field, Resource, Widget

GATED_FILES = Resource(
    path=PATH,
    noun=NOUN,
    model=GatedFile,
    singular=_("File"),
    plural=_("Files"),
    title=lambda row: row.title,
    text=_("Files that are not for everybody: for members, buyers, or who sends a form."),
    icon="file-lock",
    read=MANAGE,
    write=MANAGE,
    order=(GatedFile.title,),
    key=GatedFile.slug,
    verbs={"delete": delete},
    keeps=(FileDownload.file_id,),
    address=lambda values: f"/files/{values['slug']}",
    fields=(
        Field(GatedFile.title, _("Title"), _("What people read over it."), column=True, search=True, sort=True),
        Field(GatedFile.slug, _("Address"), _("The last part of its address: /files/catalogue."), widget=Widget.SLUG,
              search=True, source="title"),
        Field(GatedFile.text, _("Description"), _("What it is, and for whom."), widget=Widget.RICHTEXT),
        Field(GatedFile.rule, _("Who may have it"), _("Everybody else reads what is needed."), column=True,
              filter=True,
              choices=((FileRule.EVERYBODY, _("Whoever comes by its page")),
                       (FileRule.SIGNED_IN, _("Who is signed in")),
                       (FileRule.ROLE, _("A role")), (FileRule.PURCHASE, _("Who bought a product")),
                       (FileRule.FORM, _("Who sends a form")))),
        Field(GatedFile.role, _("Role"), _("For a role: this one and those above it."),
              choices=tuple((role, role.value.replace("_", " ").capitalize()) for role in Role)),
        Field(GatedFile.product_id, _("Product"), _("For buyers: of this product, with an account."),
              widget=Widget.RELATION, to="products"),
        Field(GatedFile.form_id, _("Form"), _("For who sends a form: this one."), widget=Widget.RELATION, to="forms"),
        Field(GatedFile.is_hidden, _("Kept back"), _("Its page is not there now, and no link opens it."),
              widget=Widget.SWITCH,
              column=True, filter=True),
        Field(GatedFile.filename, _("File"), _("The name under which it is saved."), column=True, search=True,
              write=False),
        Field(GatedFile.size_bytes, _("Bytes"), _("How large it is."), write=False),
        Field(GatedFile.downloads, _("Downloads"), _("Links to it that were used."), column=True, sort=True,
              write=False),
    ),
    empty=(_("No files yet"), _("Put a file here that only members, buyers or who sends a form may have.")),
)  # fmt: skip
