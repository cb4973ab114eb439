"""The merchant's loyalty programme: who joined it, what they have, what it is good for (services/L-1 to L-15)."""
