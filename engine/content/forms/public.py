"""What other domains may ask of forms: to let an entry follow its order. What forms ask of them is in `ports.py`."""

from engine.content.forms.billing import stand
from engine.content.forms.models import EntryPayment
from engine.content.forms.ports import Bill, Cashier

__all__ = ["Bill", "Cashier", "EntryPayment", "stand"]
