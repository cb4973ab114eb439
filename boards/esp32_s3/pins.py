"""Which pin of the ESP32-S3 goes where. The wiring is in README.md; another wiring changes this file alone."""

from __future__ import annotations

# ST7789 glass, 240 x 320, on SPI 2
DISPLAY_SCK = 12
DISPLAY_MOSI = 11
DISPLAY_DC = 9
DISPLAY_RESET = 8
DISPLAY_CHIP_SELECT = 10
DISPLAY_BACKLIGHT = 7

# 4 x 4 keypad: rows are driven, columns are read with pull-ups
KEYPAD_ROWS = (4, 5, 6, 15)
KEYPAD_COLUMNS = (16, 17, 18, 21)

BUZZER = 14
LIGHTS = (38, 39, 40, 41)  # the four above the contactless field, left to right

# Serial line to the host, through a USB bridge; the chip's own USB stays with the REPL
HOST_UART = 1
HOST_TX = 43
HOST_RX = 44

# PN532 on I2C 0
NFC_SCL = 2
NFC_SDA = 1
