"""flipproxy.py LISTEN TARGET BYTE: a TCP proxy on 127.0.0.1 that spoils what it forwards from the server.

In each piece of data that holds 64 times BYTE (a number) in a row one byte is changed: damage that no length and no TCP
checksum shows. Prints "ready".
"""
import asyncio
import sys

listen, target, byte = (int(word) for word in sys.argv[1:4])
run = bytes([byte]) * 64


async def forward(reader, writer, spoils):
    try:
        while data := await reader.read(65536):
            place = data.find(run) if spoils else -1
            if place >= 0:
                data = data[:place] + bytes([byte ^ 1]) + data[place + 1:]
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    writer.close()


async def serve(reader, writer):
    up, down = await asyncio.open_connection("127.0.0.1", target)
    await asyncio.gather(forward(reader, down, False), forward(up, writer, True))


async def main():
    await asyncio.start_server(serve, "127.0.0.1", listen)
    print("ready", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
