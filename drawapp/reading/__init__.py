"""Reading: from a drawing to what the network says of it."""
