"""Messages to people, by SMS and e-mail: a domain that others hand their messages to."""
