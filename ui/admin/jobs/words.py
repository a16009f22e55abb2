"""Jobs in words: what each kind does, and its values as lines."""

from collections.abc import Mapping
from typing import Any

from engine.core.i18n import Message, _
from engine.core.jobqueries import JobView

TITLES: Mapping[str, Message] = {
    "messaging.send": _("Send an e-mail"),
    "messaging.erase_secrets": _("Erase old links from the outbox"),
    "media.variants": _("Make the sizes of a picture"),
    "media.avif": _("Make smaller sizes of a picture for newer browsers"),
    "media.sweep": _("Clear away what a replaced file left"),
    "media.remove": _("Clear away a deleted file"),
    "media.empty_bin": _("Empty the media bin of what is 30 days old"),
    "accounts.password_reset": _("Write a password link"),
    "accounts.tidy": _("Clear away old sessions and links"),
    "catalog.count_shelves": _("Count the products of each category"),
    "catalog.import": _("Import products"),
    "catalog.pictures": _("Fetch pictures of imported products"),
    "catalog.import_tidy": _("Clear away files of old imports"),
    "carts.forget": _("Forget old carts"),
    "search.index": _("Bring the search up to date"),
    "search.product": _("Note changed products for the search"),
    "search.order": _("Note changed orders for the search"),
    "search.records": _("Note changed records for the search"),
    "search.rebuild": _("Build the search index anew"),
    "privacy.retain": _("Forget personal data that was kept long enough"),
    "privacy.sweep": _("Look everywhere for somebody who was erased"),
    "upkeep.vacuum": _("Give back what is empty in the database, and look at its tables again"),
    "upkeep.reindex": _("Build the indexes of the database and the search anew"),
    "logs.forget": _("Remove old files of the log"),
    "alerts.webhook": _("Tell another system of an alert"),
    "devices.end-codes": _("End codes for devices that nobody used"),
    "figures.keep": _("Add up the sales of past days"),
    "payments.expire": _("Cancel orders that were not paid in time"),
    "payments.close": _("Close a payment at the provider"),
    "payments.test_webhook": _("Let the test gateway answer"),
    "media.follow": _("Bring a replaced picture into the settings"),
    "records.import": _("Import a table into a list"),
    "records.import_tidy": _("Clear away a file that was sent for an import"),
    "records.purge_bin": _("Empty the bin of what was deleted a month ago"),
    "content.import": _("Move a site in"),
    "site.export": _("Export the site"),
    "site.import": _("Bring a site file in"),
    "site.tidy": _("Clear away a site file"),
    "content.import_tidy": _("Clear away a site that was sent for an import"),
    "content.forget-missing": _("Forget old addresses that visitors did not find"),
    "pages.publish_due": _("Publish and take back pages at their time"),
    "search.page": _("Note changed pages for the search"),
    "search.article": _("Note changed articles for the search"),
    "forms.tidy": _("Erase entries of forms that were kept long enough"),
    "forms.remove_files": _("Clear away files of erased entries"),
    "files.remove": _("Clear away a deleted file that was not for everybody"),
    "comments.purge": _("Delete comments that were put away a month ago"),
    "reviews.purge": _("Delete reviews that were put away a month ago"),
    "reviews.plan_invitations": _("See which buyers can be asked for a review"),
    "reviews.invite": _("Ask a buyer for a review"),
    "spam.forget_traces": _("Forget who sent what, once spam needs it no more"),
    "update.look": _("Look for a new version"),
    "update.install": _("Make a backup, and fetch the new version"),
    "backup.make": _("Make a backup"),
    "backup.moment": _("Make a backup of a minute"),
    "backup.verify": _("Try a backup out"),
    "backup.drill": _("Practise a restore"),
    "backup.fetch": _("Bring a backup here from the second place"),
    "backup.mirror": _("Copy files to the second place of the backups"),
    "backups.look": _("Look at the second place of the backups"),
    "backup.tend": _("See whether a backup is due"),
    "ordering.attach_guest_orders": _("Give a person their earlier orders"),
}
MAX_SHOWN = 300


def title_of(job: JobView) -> Message | str:
    """Return what a job does; its kind where nobody found words for it."""
    return TITLES.get(job.name) or job.name


def shown(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return a job's values as lines of text; long ones are cut."""
    return [(name, _line(value)) for name, value in values.items()]


def _line(value: Any) -> str:
    text = ", ".join(str(one) for one in value[:20]) if isinstance(value, list) else str(value)
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"
