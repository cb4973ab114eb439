"""The member's page: what somebody sees and changes of their own account, on a phone, without script."""
