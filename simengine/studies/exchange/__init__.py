"""Questions that are put to many exchanges."""
