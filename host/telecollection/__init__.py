"""The nightly telecollection: sealed days of the readers go to the acquirer as one remittance a contract."""
