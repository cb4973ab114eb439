"""What the emulated board and the processes around it say to each other.

A frame is length u16 (of kind and payload) | kind u8 | payload, big-endian. Handles are u16.
"""

from __future__ import annotations

# Firmware to radio; the radio answers CALL with RESULT, in turn
CALL = 1  # JSON: [name of a bluetooth.BLE method, its arguments ...]
NOTIFY = 2  # connection, attribute, value
WRITE_DONE = 3  # the handler of the oldest WRITE has run
READ_DONE = 4  # the handler of the oldest READ has run: ATT error u8 (0: none), value

# Radio to firmware
RESULT = 16  # JSON: {"result": ...} or {"error": text}
EVENT = 17  # JSON: [number of MicroPython's IRQ, its data ...]
WRITE = 18  # connection, attribute, value
READ = 19  # connection, attribute
CREDIT = 20  # one notification has left

# Firmware to card slot
POWER_ON = 32  # sequence u8, interface; answered by ANSWER with the ATR
COMMAND = 33  # sequence u8, C-APDU
FIELD_OFF = 34  # field and slot are off

# Card slot to firmware
ANSWER = 48  # sequence u8, ATR or R-APDU
CARD_IN = 49  # interface
CARD_OUT = 50  # all cards
CARD_BESIDE = 51  # one more than the one that is there

# Firmware to debug door
PICTURE = 64  # length u8 and id of the prompt, the display's buffer
BEEP = 65  # tone
LIGHTS = 66  # how many u8
HEAP = 67  # used, free, peak: three u32

# Debug door to firmware
KEY = 80  # name of the key
ASK_HEAP = 81  # watch u8: 1 says to measure at each picture and APDU from now on
