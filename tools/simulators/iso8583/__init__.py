"""The other end of an acquirer's ISO 8583 line, written apart from the till's; its books are those of the simulator."""
