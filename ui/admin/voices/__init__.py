"""The queues of comments and reviews: what waits, why, and what can be done about it."""
