"""Messages to people: e-mails, their templates, the outbox."""
