"""What the firmware asks of a board. Interfaces only; boards/ implements them."""
