"""`make bench`: measures what is promised about speed, weight, start and memory.

Everything is measured in one run on one machine and told as a ratio where it can be, because
the machine is never the same. The cost of an answer is the processor time the server spent on
it, which other work on the machine disturbs least. Ends with an error if a budget is missed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench import kept_page, markdown, media, pages, start, upload
from bench.blog import sample_blog
from bench.budget import Budget


def main() -> None:
    if sys.platform != "linux":
        sys.exit("What a process takes is read from /proc, which only Linux has.")
    with tempfile.TemporaryDirectory(prefix="blogsite-bench-") as folder:
        blog = sample_blog(Path(folder))
        results: list[Budget] = []
        for measure in (
            markdown.measure,
            start.measure,
            media.measure,
            media.measure_pictures,
            upload.measure,
            pages.measure_weight,
            kept_page.measure,
            pages.measure_cold,
        ):
            for result in measure(blog):
                print(result, flush=True)
                results.append(result)
    sys.exit(not all(result.is_kept for result in results))


if __name__ == "__main__":
    main()
