"""From the drafts of sentences to the claims of an article."""
