"""The place Learn: correct the network, train one, meet its mistakes."""
