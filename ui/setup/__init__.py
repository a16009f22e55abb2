"""The claim wizard: a conversation of five questions."""
