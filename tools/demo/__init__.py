"""What `make demo` shows beside the product: the emulated reader and a wallet of simulated cards."""
