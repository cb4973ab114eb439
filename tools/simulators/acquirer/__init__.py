"""The simulated acquirer: a process of its own that speaks caaa over HTTP and can be told to misbehave."""
