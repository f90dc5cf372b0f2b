"""The session: what lasts from one start of the app to the next, and what is said about one to the outside."""
