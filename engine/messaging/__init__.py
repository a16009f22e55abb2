"""Messages to people: a *message* is one e-mail to one address, written with the change that causes it.

A job renders it by its *template* and hands it to the *mailer* that the organisation chose. The *outbox* is the list of
all messages; it is also a mailer, which keeps what nobody sends yet.
"""
