"""Images: ink, image files, and random variations of images."""
