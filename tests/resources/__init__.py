"""Every registered resource, held to the same promises."""
