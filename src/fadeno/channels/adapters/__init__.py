"""One folder a channel: `channel.toml`, `read` and `write`, samples, and a guide how to connect it."""
