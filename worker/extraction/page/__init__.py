"""From a page or a messy text to the sentences of its story."""
