"""Goes onto the board as main.py, which MicroPython runs after a reset: it starts no bytecode by itself."""

import asyncio

from boards.esp32_s3.main import main

asyncio.run(main())
