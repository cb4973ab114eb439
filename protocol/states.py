"""Who may say what, and when. Tables only; session.py keeps to them. What answers what: schema/CONVERSATIONS.md.

A session is short and a payment is not. A session begins with hello on a fresh line and ends with the line, with a
refusal that ends it, or with the first deviation from the framing: nobody tries to mend a session, because a new one
costs two frames. A payment goes through as many sessions as the radio makes of it, so its state is not here: the
reader's journal has it, and the host finds it again by request id or transaction id (status_query). That is why, once
the session is open, each message may come at any time: what it meets is answered, by a result or by a named refusal,
and messages that cross in the air (a cancel and a result, a late online_answer) are no error.

         hello            welcome
    new -------> greeted ---------> open
                    |                 |
                    | error           | error of an ending code, broken frame, link gone
                    v                 v
                  closed <----------'

Both ends run the same table: a message moves the one who says it when it is said, the other when it is heard.
"""

from __future__ import annotations

HOST = "host"
READER = "reader"

SAYS = {
    HOST: ["hello", "take_payment", "cancel", "online_answer", "status_query", "trace_query", "sign_with_card"]
    + ["confirmation", "kept", "void", "complete", "close_day", "seal_query", "acknowledge", "parameters"]
    + ["enrolled"],
    READER: ["welcome", "progress", "online_request", "result", "status", "trace", "error", "card_signature"]
    + ["confirmation_request", "seal", "seal_lines", "acknowledged", "parameters_applied"]
    + ["enrolment", "loyalty_refused"],
}

# state: what may be said in it, by whomever SAYS lets, and the state after
MOVES = {
    "new": {"hello": "greeted", "error": "new"},  # an error: the reader refuses what is not hello
    "greeted": {"welcome": "open", "error": "closed"},
    "open": {
        "take_payment": "open",
        "cancel": "open",
        "online_answer": "open",
        "status_query": "open",
        "trace_query": "open",
        "sign_with_card": "open",
        "confirmation": "open",
        "kept": "open",
        "void": "open",
        "complete": "open",
        "close_day": "open",
        "seal_query": "open",
        "acknowledge": "open",
        "parameters": "open",
        "enrolled": "open",
        "progress": "open",
        "online_request": "open",
        "result": "open",
        "status": "open",
        "trace": "open",
        "card_signature": "open",
        "confirmation_request": "open",
        "seal": "open",
        "seal_lines": "open",
        "acknowledged": "open",
        "parameters_applied": "open",
        "enrolment": "open",
        "loyalty_refused": "open",
        "error": "open",  # or closed, by ENDING
    },
    "closed": {},
}

# error codes after which the session is over, whatever its state
ENDING = ["bad_message", "message_too_large", "wrong_version"]
