"""Example values for every message that the product sends, in the shape that its template expects."""

from typing import Any


def _euro(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "EUR"}


ORDER: dict[str, Any] = {
    "name": "Ada Lindqvist",
    "number": "1042",
    "placed_at": "2026-06-01T12:00:00+00:00",
    "status_url": "/orders/0192f5d2-7f6e-7cc3-9a51-3a4f7a6f2d10/q1mD3o0GmRk0b4bq0Kc2Xw",
    "items": [
        {"name": "Blue mug", "details": "350 ml", "quantity": 2, "total": _euro(6800)},
        {"name": "Serving plate with a wide rim, unglazed foot", "details": "", "quantity": 1, "total": _euro(5400)},
    ],
    "subtotal": _euro(12200),
    "shipping": _euro(590),
    "shipping_label": "Standard delivery",
    "tax": _euro(2042),
    "tax_label": "VAT 19 %",
    "is_tax_included": True,
    "total": _euro(12790),
    "is_paid": False,
    "shipping_address": ["Ada Lindqvist", "Söder Mälarstrand 29", "118 25 Stockholm", "Sweden"],
    "pickup_instructions": "",
    "payment_instructions": "Kiln & Loam Ltd\nIBAN GB33 BUKB 2020 1555 5555 55",
    "pay_until": "",
    "note": "",
    "refund": None,
    "reason": "",
}
BY_CARD = ORDER | {"payment_instructions": ""}
LINK = "/account/reset?token=w7mC3o0GmRk0b4bq0Kc2Xw"

EXAMPLES: dict[str, dict[str, Any]] = {
    "order_received": ORDER | {"note": "Please ring at number 31 if nobody answers."},
    "order_confirmed": ORDER | {"is_paid": True, "payment_instructions": ""},
    "order_shipped": ORDER | {"note": "Parcel 00340434292135100124"},
    "order_cancelled": ORDER
    | {"note": "The glaze did not come out as it should, and we do not want to send you that."},
    "payment_failed": BY_CARD | {"pay_until": "2026-06-01T12:10:00+00:00"},
    "payment_expired": BY_CARD,
    "payment_refunded": BY_CARD | {"refund": _euro(12790), "reason": "The order was cancelled."},
    "form_bill": ORDER,
    "form_receipt": ORDER | {"is_paid": True, "payment_instructions": ""},
    "password_reset": {"name": "Ada", "url": LINK, "minutes": 60},
    "welcome": {"name": "Ada Lindqvist", "url": "/account", "verify_url": "/account/verify?token=w7mC3o0GmRk0b4bq0"},
    "alert": {
        "title": "Little room on the disk",
        "text": "94 % measured, 90 % allowed.",
        "is_over": False,
        "is_critical": True,
        "raised_at": "2026-06-01T12:00:00+00:00",
        "url": "/admin/health",
    },
    "verify_email": {"name": "Ada", "url": "/account/verify?token=w7mC3o0GmRk0b4bq0"},
    "comment_received": {
        "author": "Grace",
        "title": "How we fire our mugs",
        "text": "Where does the clay come from?",
        "waits": True,
        "url": "/admin/comments",
        "unsubscribe_url": "/unsubscribe/comment.new/YQ/x",
    },
    "comment_reply": {
        "name": "Ada",
        "author": "Grace",
        "title": "How we fire our mugs",
        "text": "From a pit twenty kilometres north of here.",
        "url": "/articles/mugs#comment-1",
        "unsubscribe_url": "/unsubscribe/comment.replies/YQ/x",
    },
    "comment_confirm": {
        "name": "Ada",
        "title": "How we fire our mugs",
        "confirm_url": "/subscribe/comment.replies/YQ/x",
        "unsubscribe_url": "/unsubscribe/comment.replies/YQ/x",
    },
    "review_received": {
        "author": "Ada",
        "title": "Blue mug",
        "stars": 4,
        "text": "Keeps tea warm for an hour.",
        "waits": False,
        "url": "/admin/reviews",
        "unsubscribe_url": "/unsubscribe/review.new/YQ/x",
    },
    "review_invitation": {
        "name": "Ada",
        "things": [
            {"title": "Blue mug", "url": "/reviews/invited/1/x"},
            {"title": "Linen towel", "url": "/reviews/invited/2/x"},
        ],
        "unsubscribe_url": "/unsubscribe/review.invitations/YQ/x",
    },
    "test": {"name": "Mara Okonkwo", "provider": "smtp"},
    "form_notice": {
        "form": "Contact",
        "answers": [
            {"label": "Name", "text": "Ada Lindqvist"},
            {"label": "Message", "text": "Do you deliver?\nTo Ghent?"},
        ],
        "url": "/admin/form-entries/0192f5d2-7f6e-7cc3-9a51-3a4f7a6f2d10",
        "email": "ada@example.org",
    },
    "form_reply": {
        "form": "Contact",
        "answers": [{"label": "Name", "text": "Ada Lindqvist"}],
        "subject": "We have received your message",
        "text": "Thank you, Ada.\n\nWe answer within two days.",
    },
}
