"""Forms that staff put together and visitors fill in, and the entries that come of it.

Words: a *form* has *fields* in an order; a *step* among them begins a new page, a *section* a new heading. Who fills
it in makes an *entry*. What stands in a field is *typed*; once it is checked it is an *answer*.
"""
