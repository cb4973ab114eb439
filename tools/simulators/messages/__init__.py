"""A stand-in for what carries messages: a gateway of SMS and a mail server, with an inbox that people can look into."""
