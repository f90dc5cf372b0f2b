"""How the bundled models are made: the pen data, the data sets made of its strokes, and a short program a model."""
