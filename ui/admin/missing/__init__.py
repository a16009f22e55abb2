"""The page of one address at which visitors found nothing."""
