"""Reading: from a drawing to what the network says of it, and the models that can read it."""
