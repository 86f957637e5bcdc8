"""The reader's pages. They show what an anonymous visitor may see, to everybody alike."""

from posts.views.missing import not_found as not_found
