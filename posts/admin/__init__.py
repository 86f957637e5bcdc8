from posts.admin import addresses, dead_addresses, organise, post  # noqa: F401  (register themselves)
