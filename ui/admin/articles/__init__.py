"""Articles for those who write them: a sheet of paper, and what is said of an article beside its text."""
