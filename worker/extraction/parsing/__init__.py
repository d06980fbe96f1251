"""Text in, a parse out: tags, dependencies and lemmas, as cheaply as they can be had."""
