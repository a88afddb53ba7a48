"""The first pages: the site's, and each congress's with what happens there now."""
