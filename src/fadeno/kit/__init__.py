"""Pure things every room may use: ids, clock, text, addresses, language, errors. No I/O, no rooms."""
