"""The drawing: where the pen went and the ink that it left."""
