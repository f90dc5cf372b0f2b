"""The zoo: layers, losses and whole networks that other people have published, by name."""
