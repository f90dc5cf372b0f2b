"""Transfer: learning from what another network, or the same one before, has learned already."""
