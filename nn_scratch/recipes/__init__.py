"""Pen data: characters that people drew on tablets, and the data sets made of their strokes."""
