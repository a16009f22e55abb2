"""E-mails: each message is one template, written out twice, as HTML and as plain text."""
