"""The only code that sees a PAN or a PIN in clear. Nothing in here prints, logs or keeps either."""
