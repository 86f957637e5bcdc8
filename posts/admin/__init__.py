from posts.admin import organise, post  # noqa: F401  (register themselves)
