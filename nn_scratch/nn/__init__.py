"""Networks: layers, what they start from, how wrong they are, and how they are moved and saved."""
